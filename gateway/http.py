"""POST /graphql: who asks, in which media type, how much; then one operation, within its time; faults masked."""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any, Protocol

from graphql import GraphQLError, OperationDefinitionNode
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gateway.admission import Admission
from gateway.answers import Refusal, answer, is_fault, is_unavailable, refused, told
from gateway.asked import Asked, BadRequest, NotJson, read
from gateway.authn import in_address
from gateway.negotiation import RESPONSE, answer_type, is_json
from gateway.prepared import Documents, Prepared, code_of
from gateway.telemetry import Noted, Telemetry
from gateway.tracing import trace_of
from gateway.variables import Named, Variables, faults_of
from graph.errors import StoreUnavailable
from graph.store import RegisteredDocument
from graph.terms import Audience, Signal
from resolvers.caller import Caller
from resolvers.context import Context
from resolvers.pacing import UNPACED, Pace
from resolvers.problems import SubjectsSpent

LOG = logging.getLogger("gateway")
MOST_BYTES = 65_536  # 64 KiB: the costliest honest request is under 8 KiB (page 8)
MOST_HEADER_BYTES = 16_384  # a token is at most 8 KiB; nothing else needs as much
WRITTEN_DOWN = "a token in an address is written down on its way: get a new one and send it as `Authorization`"
PARTIAL = 294  # data and errors both: GraphQL over HTTP's own status, for its own media type alone
MOST_ADDRESS_BYTES = 8_000  # what RFC 9110 4.1 asks everyone to take; a POST to one path needs eight
MOST_SECONDS = 4.5  # an answer, or 503, within 5 s whatever stands in the way (4.4)


@dataclass(frozen=True, slots=True)
class Run:
    """One operation, checked and ready to be executed."""

    prepared: Prepared
    asked: Asked
    variables: Variables
    context: Context

    @property
    def operation(self) -> OperationDefinitionNode:
        """Return the operation that is run."""
        return self.variables.operation


class Rooms(Protocol):
    """What the endpoint needs of the rest of the gateway; `wiring` puts it together."""

    def knows(self, request: Request) -> bool:
        """Tell whether this token was verified before, so that nothing has to be done to see who asks."""
        ...

    async def caller(self, request: Request) -> Caller:
        """Return who asks; raises `Refusal` with UNAUTHENTICATED."""
        ...

    def documents(self, audience: Audience) -> Documents:
        """Return the documents of one audience's schema."""
        ...

    async def registered(self, document_id: str, caller: Caller) -> RegisteredDocument | None:
        """Return a registered document, or `None` if this caller may not run one of that id."""
        ...

    def free_text(self, caller: Caller) -> bool:
        """Tell whether this caller may send text of its own."""
        ...

    def context(self, caller: Caller, asked: Asked, said: "Said") -> Context:
        """Return the surroundings of one operation; raises `Refusal` for a consistency token that is none."""
        ...

    async def execute(self, run: Run) -> Any:
        """Execute an operation; returns an `ExecutionResult`."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside token and body: signals, the trace this belongs to, the registered document if one is run."""

    signals: frozenset[Signal]
    trace: str
    document: RegisteredDocument | None = None
    pace: Pace = UNPACED


class Endpoint:
    """Answers one POST; everything it may refuse is a `Refusal`, everything else is masked."""

    def __init__(self, rooms: Rooms, telemetry: Telemetry, admission: Admission) -> None:
        """Hold what the endpoint needs."""
        self._rooms, self._telemetry, self._admission = rooms, telemetry, admission

    async def __call__(self, request: Request) -> Response:
        """Answer a request, under its span."""
        trace, media = trace_of(request.headers.get("traceparent")), answer_type(_header(request, "accept"))
        with self._telemetry.operation(trace) as noted:
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    answered = await self._answered(request, media, (trace.id, noted))
            except Exception as fault:
                refusal = _late(fault, request) or _refusal(fault, trace.id)
                noted.code = refusal.code
                answered = refused(refusal, media, trace.id)
                await self._admission.paced(request, refusal)
            answered.headers.update(getattr(request.state, "allowed", {}))
            return answered

    async def _answered(self, request: Request, media: str | None, traced: tuple[str, Noted]) -> Response:
        trace, noted = traced
        _acceptable(request)
        caller = await self._recognised(request)
        noted.audience = caller.audience.value
        self._admission.admit(request, caller)
        noted.note("consent_gateway.recipient", caller.recipient)
        noted.note("consent_gateway.channel", caller.channel)
        if media is None:
            raise Refusal("BAD_REQUEST", "accept `application/graphql-response+json` or `application/json`", 406)
        _readable(request)
        body = await _body(request)
        async with self._admission.turn(caller) as share:
            run = await self._run(caller, _read(body), Said(_signals(request), trace, pace=share))
            noted.note("graphql.operation.type", run.operation.operation.value)
            result = await self._rooms.execute(run)
            return _told(result, media, trace)

    def done(self, request: Request) -> None:
        """Let go of what one request held, once its answer was sent or could not be."""
        self._admission.leave(request)

    async def _recognised(self, request: Request) -> Caller:
        """Return who asks; raises `Refusal`, and counts against the address that no good token came from there.

        Only then: behind one proxy all have one address, and strangers must not shut out whom a token names.
        """
        try:
            if self._rooms.knows(request):
                return await self._rooms.caller(request)
            async with self._admission.knocking(request):
                return await self._rooms.caller(request)
        except Refusal as refusal:
            if refusal.code == "UNAUTHENTICATED":
                self._admission.turned_away(request)
            raise

    async def _run(self, caller: Caller, asked: Asked, said: Said) -> Run:
        document = await self._registered(caller, asked)
        text, documents = (
            document.body if document else self._free(caller, asked),
            self._rooms.documents(caller.audience),
        )
        prepared = await _ready(documents, text)
        if prepared.errors:
            raise _invalid(prepared.errors, "GRAPHQL_VALIDATION_FAILED")
        operation = prepared.operation(asked.operation_name)
        if operation is None:
            raise Refusal("BAD_USER_INPUT", "name one operation of the document in `operationName`")
        context = self._rooms.context(caller, asked, replace(said, document=document))
        variables = Variables(documents.schema, prepared.document, operation, asked.variables)
        found = faults_of(variables, Named(context.catalogue, caller.audience))
        if found:
            raise _invalid(found, "BAD_USER_INPUT")
        return Run(prepared, asked, variables, context)

    async def _registered(self, caller: Caller, asked: Asked) -> RegisteredDocument | None:
        if asked.document_id is None:
            return None
        found = await self._rooms.registered(asked.document_id, caller)
        if found is None:
            raise Refusal("PERSISTED_DOCUMENT_NOT_FOUND", "no such document is registered for you; register it first")
        return found

    def _free(self, caller: Caller, asked: Asked) -> str:
        if asked.text is None or not self._rooms.free_text(caller):
            raise Refusal("PERSISTED_DOCUMENT_REQUIRED", "send the `documentId` of a registered document")
        return asked.text


def _late(fault: Exception, request: Request) -> Refusal | None:
    """Return the refusal of a body that did not come in time, or `None` if that is not what took so long."""
    if isinstance(fault, TimeoutError) and getattr(request.state, "reading", False):
        return Refusal("TIMEOUT", "the body did not come in time; send it at once", 408, {"Connection": "close"})
    return None


def _refusal(fault: Exception, trace: str) -> Refusal:
    """Return what the caller is told of whatever stopped an answer; a fault of ours is logged, masked."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, TimeoutError):
        return Refusal("TIMEOUT", "the answer took too long; ask for less, or again")
    if isinstance(fault, SubjectsSpent):
        return Refusal("RATE_LIMITED", str(fault), headers={"Retry-After": str(fault.wait)})
    if isinstance(fault, StoreUnavailable):
        return Refusal("UNAVAILABLE", "the store does not answer; try again")
    if isinstance(fault, ClientDisconnect):
        return Refusal("BAD_REQUEST", "the body ended early; send it whole", softens=False)
    LOG.error("fault", exc_info=fault, extra={"trace_id": trace})
    return Refusal("INTERNAL", f"something failed here; report trace `{trace}`")


def _acceptable(request: Request) -> None:
    if request.method != "POST":
        raise Refusal("BAD_REQUEST", "send a POST", 405, {"Allow": "POST"})
    if len(request.scope["path"]) + len(request.scope["query_string"]) > MOST_ADDRESS_BYTES:
        raise Refusal("BAD_REQUEST", f"the address is over {MOST_ADDRESS_BYTES} bytes; ask in the body", 414)
    if sum(len(name) + len(value) for name, value in request.headers.raw) > MOST_HEADER_BYTES:
        raise Refusal("BAD_REQUEST", f"headers are over {MOST_HEADER_BYTES} bytes; send fewer", 431)
    if in_address(request.scope.get("query_string", b"")):  # RFC 6750, 5.3
        raise Refusal("BAD_REQUEST", WRITTEN_DOWN, softens=False)


def _readable(request: Request) -> None:
    """Refuse a body whose type or coding nobody reads here (RFC 9110 15.5.16)."""
    if not is_json(_header(request, "content-type")):
        raise Refusal("BAD_REQUEST", "send a body of type `application/json` in UTF-8", 415)
    if (_header(request, "content-encoding") or "identity").strip().lower() != "identity":
        raise Refusal("BAD_REQUEST", "send the body as it is, not compressed", 415, {"Accept-Encoding": "identity"})


def _header(request: Request, name: str) -> str | None:
    found = request.headers.getlist(name)
    return ", ".join(found) if found else None


def _signals(request: Request) -> frozenset[Signal]:
    """Return the signals carried: one exact `1` is enough, alone or among the members of a folded line (gpc)."""
    said = [part.strip() for line in request.headers.getlist("sec-gpc") for part in line.split(",")]
    return frozenset({Signal.GPC}) if "1" in said else frozenset()


async def _body(request: Request) -> bytes:
    too_large = Refusal("PAYLOAD_TOO_LARGE", f"the body is over {MOST_BYTES} bytes; send a smaller one")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise too_large
    chunks, size = [], 0
    request.state.reading = True
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise too_large
        chunks.append(chunk)
    request.state.reading = False
    return b"".join(chunks)


def _read(body: bytes) -> Asked:
    try:
        return read(body)
    except BadRequest as fault:
        status = 400 if isinstance(fault, NotJson) else 422
        raise Refusal("BAD_REQUEST", str(fault), status, softens=False) from None


async def _ready(documents: Documents, text: str) -> Prepared:
    try:
        return await documents.ready_beside(text)
    except GraphQLError as error:
        raise _invalid((error,), "GRAPHQL_PARSE_FAILED") from None


def _invalid(errors: tuple[GraphQLError, ...] | list[GraphQLError], otherwise: str) -> Refusal:
    rows = [_row(error, otherwise) for error in errors]
    first, *others = rows
    return Refusal(
        first["extensions"]["code"],
        first["message"],
        locations=tuple(first.get("locations", ())),
        others=tuple(others),
    )


def _row(error: GraphQLError, otherwise: str) -> dict[str, Any]:
    row: dict[str, Any] = {"message": error.message, "extensions": {"code": code_of(error, otherwise)}}
    if error.locations:
        row["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    return row


def _told(result: Any, media: str, trace: str) -> Response:
    errors = tuple(result.errors or ())
    if is_unavailable(errors):
        raise StoreUnavailable
    for spent in (error.original_error for error in errors):
        if isinstance(spent, SubjectsSpent):
            raise spent
    for error in errors:
        if is_fault(error):
            LOG.error("fault", exc_info=error.original_error, extra={"trace_id": trace})
    body: dict[str, Any] = {"data": result.data}
    if errors:
        body = {"errors": [told(error, trace) for error in errors], **body}
    return answer(body, PARTIAL if errors and media == RESPONSE else 200, media, trace)
