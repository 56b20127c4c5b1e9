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
from gateway.arriving import acceptable, body_of, came_late, header, read_from, readable, signals_of
from gateway.asked import Asked
from gateway.negotiation import RESPONSE, answer_type
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
PARTIAL = 294  # data and errors both: GraphQL over HTTP's own status, for its own media type alone
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
        trace, media = trace_of(request.headers.get("traceparent")), answer_type(header(request, "accept"))
        with self._telemetry.operation(trace) as noted:
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    answered = await self._answered(request, media, (trace.id, noted))
            except Exception as fault:
                answered = await self._refused(fault, request, media, (trace.id, noted))
            answered.headers.update(getattr(request.state, "allowed", {}))
            return answered

    async def _refused(
        self, fault: Exception, request: Request, media: str | None, traced: tuple[str, Noted]
    ) -> Response:
        trace, noted = traced
        refusal = came_late(fault, request) or _refusal(fault, trace)
        _let_go(fault)
        noted.code = refusal.code
        await self._admission.paced(request, refusal)
        return refused(refusal, media, trace)

    async def _answered(self, request: Request, media: str | None, traced: tuple[str, Noted]) -> Response:
        trace, noted = traced
        acceptable(request)
        caller = await self._recognised(request)
        noted.audience = caller.audience.value
        self._admission.admit(request, caller)
        noted.note("consent_gateway.recipient", caller.recipient)
        noted.note("consent_gateway.channel", caller.channel)
        if media is None:
            raise Refusal("BAD_REQUEST", "accept `application/graphql-response+json` or `application/json`", 406)
        readable(request)
        body = await body_of(request)
        request.state.waiting = True
        async with self._admission.turn(caller) as share:
            request.state.waiting = False
            run = await self._run(caller, read_from(body), Said(signals_of(request), trace, pace=share))
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
            if not self._rooms.knows(request):
                await self._admission.knock(request)
            return await self._rooms.caller(request)
        except Refusal as refusal:
            if refusal.code == "UNAUTHENTICATED":
                self._admission.turned_away(request)
            raise

    async def _run(self, caller: Caller, asked: Asked, said: Said) -> Run:
        document = await self._registered(caller, asked)
        text = document.body if document else self._free(caller, asked)
        documents = self._rooms.documents(caller.audience)
        prepared = await documents.ready_beside(text, said.pace, registered=document is not None)
        if prepared.errors:
            raise _invalid(prepared.errors, "GRAPHQL_VALIDATION_FAILED" if prepared.parsed else "GRAPHQL_PARSE_FAILED")
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


def _let_go(fault: BaseException | None) -> None:
    """Let a fault forget where it was raised: it may be held by what waited for it there, and so would the request."""
    while fault is not None:
        fault = fault.with_traceback(None).__context__


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
