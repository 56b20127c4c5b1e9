"""A whole gateway in this process: its ASGI application over a real store in a folder, asked without a socket."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from starlette.types import ASGIApp

from gateway.app import application
from gateway.documents import document_id
from gateway.rooms import Gateway
from gateway.settings import read
from gateway.wiring import gateway
from graph.store import Additions, Command, RegisteredDocument
from graph.terms import Operation
from tests.support import pack_folder
from tests.support.gateway_running import surroundings
from tests.support.graphql_client import MODERN
from tests.support.operator import Operator

URL = "http://gateway.example"
PERSON = {"sub": "ada", "client_id": "front", "cg_channel": "goggles", "cg_residence": "XX", "cg_age_band": "ADULT"}
PARTNER = {"sub": "shop", "client_id": "shop", "cg_audience": "partner", "cg_channel": "backend"}
OFFICER = {"sub": "officer", "client_id": "front", "cg_audience": "governance"}


@dataclass(frozen=True, slots=True)
class GatewayHere:
    """A gateway with its operator, and who asks it."""

    operator: Operator
    gateway: Gateway
    app: ASGIApp
    http: httpx.AsyncClient

    def token(self, who: Mapping[str, Any] = PERSON) -> str:
        """Return a token of somebody."""
        return self.operator.issuer.token(who)

    async def registers(self, recipient: str, body: str, purpose: str = "play.match") -> str:
        """Register a document as another gateway on the same store would: this one has to look again."""
        document = RegisteredDocument(document_id(body), recipient, "One", body, purpose, Operation.DISCLOSE)
        parts = self.gateway.parts
        await parts.store.add(
            Additions(documents=(document,)), Command(f"{recipient} {document.id}", "print"), parts.clock()
        )
        return document.id

    async def post(
        self, body: object, *, who: Mapping[str, Any] = PERSON, headers: Mapping[str, str | bytes] | None = None
    ) -> httpx.Response:
        """Send a body as somebody."""
        shown = {"Authorization": f"Bearer {self.token(who)}", "Accept": MODERN, **(headers or {})}
        if isinstance(body, bytes):
            return await self.http.post("/graphql", content=body, headers={"Content-Type": "application/json"} | shown)
        return await self.http.post("/graphql", json=body, headers=shown)


@asynccontextmanager
async def gateway_here(
    operator: Operator, *, broken: Mapping[str, Any] | None = None, **settings: str | None
) -> AsyncIterator[GatewayHere]:
    """Open a gateway of the small pack, in development unless said otherwise; `broken` parts take the place of its."""
    pack = pack_folder.written(operator.folder / "pack")
    wanted = operator.settings(**{"CATALOGUE": str(pack), "DEVELOPMENT": "1", **settings})
    opening = gateway(read(surroundings(**wanted)))
    opened: list[Gateway] = []

    @asynccontextmanager
    async def remembered() -> AsyncIterator[Gateway]:
        async with opening as one:
            opened.append(Gateway(replace(one.parts, **(broken or {}))))
            yield opened[0]

    async with application(remembered()) as app:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            yield GatewayHere(operator, opened[0], app, client)
