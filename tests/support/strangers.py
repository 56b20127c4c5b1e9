"""A partner at the real endpoint in this process: what it is answered, and which calls reached the store for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request
from starlette.types import Message

from gateway.admission import Admission
from gateway.asked import Asked
from gateway.crowd import Crowd
from gateway.fairness import Fairness
from gateway.http import Endpoint, Run, Said
from gateway.metrics import Metrics
from gateway.prepared import Documents
from gateway.rates import Rates
from gateway.setting_forms import Rate
from gateway.telemetry import started
from graph.store import RegisteredDocument, Store
from graph.terms import Audience, Operation, Sensitivity
from resolvers.caller import Caller
from resolvers.context import Context
from schema.operation import Operation as Operated
from tests.support.documents import SHARED
from tests.support.executing import TYPED_TABLES, doors
from tests.support.worlds_resolvers import (
    EVERYWHERE,
    GUESS,
    HEIGHT,
    HOBBY,
    NOTE,
    PLAY,
    STUDIO,
    TURNING,
    World,
    row,
)

KEYS = (HOBBY, HEIGHT, TURNING, GUESS, NOTE)
SHEET = f"""query Shared($id: ID!, $keys: [AttributeKey!]!) {{
  subject(id: $id, purpose: "{PLAY}") {{ sheet(keys: $keys) {{ validUntil notAvailable entries {{ {SHARED} }} }} }}
}}"""
SHEETS = f"""query Several($ids: [ID!]!, $keys: [AttributeKey!]!) {{
  subjects(ids: $ids, purpose: "{PLAY}") {{ sheet(keys: $keys) {{ validUntil notAvailable entries {{ {SHARED} }} }} }}
}}"""
ACCESS = "query Access { access { recipientName purposes keys documents { id name purpose operation } } }"
DOCUMENTS = {
    digit * 64: RegisteredDocument(digit * 64, STUDIO, "shared", text, PLAY, Operation.DISCLOSE, KEYS)
    for digit, text in zip("abc", (SHEET, SHEETS, ACCESS), strict=True)
}
ONE, SEVERAL, OPEN = DOCUMENTS
OF_THE_TRACE = frozenset({"x-trace-id", "traceparent", "ratelimit"})  # what counts calls or names one of them
BROAD = replace(
    TYPED_TABLES,
    attributes=tuple(
        replace(one, channels=EVERYWHERE | {"partner_server"}, sensitivity=min(one.sensitivity, Sensitivity.S3))
        for one in TYPED_TABLES.attributes
    ),
    register=(
        *TYPED_TABLES.register,
        *(row(STUDIO, PLAY, name, Operation.DISCLOSE) for name in ("body", "comfort", "guess", "health")),
    ),
)
"""The small world, a studio's server registered for all of it."""


@dataclass
class Listening:
    """A store that passes every call on and keeps what was called, but for whom it was about."""

    store: Store
    calls: list[tuple[str, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        called = getattr(self.store, name)

        def passed_on(*asked: Any, **more: Any) -> Any:
            told = "" if name == "disclose" else repr((asked[1:], more))  # an entry says whom it is about, sealed
            self.calls.append((name, told))
            return called(*asked, **more)

        return passed_on


@dataclass(frozen=True, slots=True)
class Answered:
    """Everything a stranger can see of an answer, and everything the store saw of the question."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    calls: tuple[tuple[str, str], ...]


class Server:
    """A studio's server, verified; it stands where tokens and registered documents come from."""

    def __init__(self, world: World) -> None:
        self.world, self.store = world, Listening(world.store)
        self._doors = doors(world.catalogue)
        admission = Admission(Rates(Rate(10**6, 1), lambda: 0.0), Crowd(10**6), Fairness(lambda: 0.0))
        self._endpoint = Endpoint(self, started(None, 0.0, metrics=Metrics()), admission)

    async def asks(self, person: str, *keys: str) -> Answered:
        """Ask about somebody by an id, whoever that is."""
        return await self.sends(ONE, {"id": person, "keys": list(keys)})

    async def sends(self, document: str, variables: Mapping[str, Any]) -> Answered:
        """Run a document."""
        self.store.calls.clear()
        asked = {"documentId": document, "variables": variables}
        response = await self._endpoint(_request(json.dumps(asked).encode()))
        headers = ((name, value) for name, value in response.headers.items() if name not in OF_THE_TRACE)
        return Answered(response.status_code, tuple(sorted(headers)), bytes(response.body), tuple(self.store.calls))

    def knows(self, request: Request) -> bool:
        return True

    async def caller(self, request: Request) -> Caller:
        return self.world.caller(
            recipient=STUDIO,
            client_id="studio-client",
            audience=Audience.PARTNER,
            channel="partner_server",
            subject="studio-server",
            assurance=0,
            device=None,
            attested=False,
            residence=None,
        )

    def documents(self, audience: Audience) -> Documents:
        return self._doors[audience]

    async def registered(self, document_id: str, caller: Caller) -> RegisteredDocument | None:
        return DOCUMENTS.get(document_id)

    def free_text(self, caller: Caller) -> bool:
        return False

    def context(self, caller: Caller, asked: Asked, said: Said) -> Context:
        surroundings = self.world.context(caller, session=asked.session, document=said.document, trace=said.trace)
        return replace(surroundings, store=self.store)  # type: ignore[arg-type]  # it passes the whole port on

    async def execute(self, run: Run) -> Any:
        return await self._doors[Audience.PARTNER].contract.schema.execute(
            run.prepared.text,
            variable_values=run.asked.variables,
            context_value=Operated(run.context, run.prepared.document, self._doors),
            operation_name=run.asked.operation_name,
        )


def _request(body: bytes) -> Request:
    left = [body]

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop() if left else b"", "more_body": False}

    headers = [(b"content-type", b"application/json"), (b"accept", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    return Request(scope, receive)
