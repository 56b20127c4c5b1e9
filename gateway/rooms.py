"""One gateway, open: says who asks, which documents there are, and runs an operation in its surroundings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from graphql import OperationType
from starlette.requests import Request

from gateway.admission import Admission
from gateway.answers import Refusal, is_unavailable
from gateway.asked import Asked
from gateway.authn import Authenticator
from gateway.budget import Budget
from gateway.dpop import Call
from gateway.http import Run, Said
from gateway.key_ring import KeysUnavailable
from gateway.living import LivingCatalogue
from gateway.metrics import TOKENS_REFUSED
from gateway.named_subjects import subjects_named
from gateway.prepared import Documents
from gateway.proof import Proof
from gateway.settings import Settings
from gateway.telemetry import Telemetry
from gateway.tokens import TokenFault
from graph.store import RegisteredDocument, Store
from graph.terms import Audience
from graph.terms import Operation as Act
from resolvers.caller import Caller
from resolvers.consistency import ConsistencyTokens
from resolvers.context import Context, Rules
from resolvers.cursors import Cursors
from resolvers.problems import BadUserInput
from resolvers.pseudonyms import Pseudonyms
from resolvers.signer import Signer
from resolvers.turns import Turns
from schema.operation import Operation

NO_TOKEN = "send an access token as `Authorization: Bearer`"  # noqa: S105 what to do, not a secret
BAD_TOKEN = "the access token was not accepted; get a new one"  # noqa: S105 what to do, not a secret


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is made of."""

    settings: Settings
    rules: Rules
    store: Store
    living: LivingCatalogue
    signer: Signer
    pseudonyms: Pseudonyms
    cursors: Cursors
    consistency: ConsistencyTokens
    authenticator: Authenticator
    documents: Mapping[Audience, Documents]
    telemetry: Telemetry
    admission: Admission
    budget: Budget
    proof: Proof
    clock: Callable[[], datetime]
    fresh_id: Callable[[], str]


class Gateway:
    """Answers what the endpoint asks of the rest of the house."""

    def __init__(self, parts: Parts) -> None:
        """Hold the parts."""
        self.parts = parts
        self._turns = Turns()

    def knows(self, request: Request) -> bool:
        """Tell whether this token was verified before."""
        return self.parts.authenticator.knows(_authorization(request))

    async def caller(self, request: Request) -> Caller:
        """Return who asks; raises `Refusal` with UNAUTHENTICATED, or UNAVAILABLE while nobody can be told apart."""
        header, tokens = _authorization(request), self.parts.authenticator
        # the path as it was routed: the framework makes its URL of the Host too, which is whatever its sender writes
        call = tokens.call(request.method, request.scope["path"], request.headers.getlist("dpop"))
        try:
            found = await self._known(header, call)
        except KeysUnavailable:
            raise Refusal("UNAVAILABLE", "the issuer's keys cannot be read; try again") from None
        if isinstance(found, TokenFault):
            self.parts.telemetry.metrics.count(TOKENS_REFUSED, (("fault", found.value),))
            message = NO_TOKEN if found is TokenFault.MISSING else BAD_TOKEN
            raise Refusal("UNAUTHENTICATED", message, headers={"WWW-Authenticate": tokens.challenge(found, header)})
        return found

    async def _known(self, header: str | None, call: Call) -> Caller | TokenFault:
        """Return who asks; a client that is not known here may have been registered at another gateway."""
        found = await self.parts.authenticator.caller(header, self.parts.clock(), call)
        if found is not TokenFault.UNKNOWN_CLIENT:
            return found
        await self.parts.living.renewed()
        return await self.parts.authenticator.caller(header, self.parts.clock(), call)

    def documents(self, audience: Audience) -> Documents:
        """Return the documents of one audience's schema."""
        return self.parts.documents[audience]

    async def registered(self, document_id: str, caller: Caller) -> RegisteredDocument | None:
        """Return a document this caller may run; one that is not known here may have been registered elsewhere."""
        found = self.parts.living.documents.find(caller.recipient, document_id)
        if found is None:
            await self.parts.living.renewed()
            found = self.parts.living.documents.find(caller.recipient, document_id)
        return found

    def free_text(self, caller: Caller) -> bool:
        """Tell whether this caller may send text of its own: never a partner; a client in development only."""
        if caller.audience is Audience.PARTNER:
            return False
        return caller.audience is Audience.GOVERNANCE or self.parts.settings.development

    def context(self, caller: Caller, asked: Asked, said: Said) -> Context:
        """Return the surroundings of one operation; raises `Refusal` for a consistency token that is none."""
        parts, document = self.parts, said.document
        return Context(
            caller=caller,
            store=self._seen(asked),
            catalogue=parts.living.catalogue,
            at=parts.clock(),
            signer=parts.signer,
            pseudonyms=parts.pseudonyms,
            cursors=parts.cursors,
            consistency=parts.consistency,
            fresh_id=parts.fresh_id,
            refreshed=parts.living.refreshed,
            rules=parts.rules,
            session=asked.session,
            signals=said.signals,
            document=document,
            documents=parts.living.documents.of(caller.recipient),
            trains=document is not None and document.operation is Act.TRAIN,
            trace=said.trace,
            turns=self._turns,
            pace=said.pace,
            asked_about=partial(parts.budget.spend, caller.subject),
        )

    def _seen(self, asked: Asked) -> Store:
        """Return the store as whoever asks has seen it; what is no token is refused before anybody is looked up."""
        if asked.consistency_token is None:
            return self.parts.store
        try:
            return self.parts.store.after(self.parts.consistency.read(asked.consistency_token))
        except BadUserInput as fault:
            raise Refusal("BAD_USER_INPUT", str(fault)) from None

    async def execute(self, run: Run) -> Any:
        """Execute an operation, the document being the one that was checked; raises `StoreUnavailable`.

        Reads are answered only while they could be recorded: those that release something write for themselves.
        """
        if run.context.caller.audience is Audience.GOVERNANCE:
            run.context.asked_about(subjects_named(run.variables))
        if run.operation.operation is OperationType.QUERY:
            await self.parts.proof.hold()
        operation = Operation(run.context, run.prepared.document, self.parts.documents)
        found = await self.documents(run.context.caller.audience).contract.schema.execute(
            run.prepared.text,
            variable_values=run.asked.variables,
            context_value=operation,
            operation_name=run.asked.operation_name,
        )
        if is_unavailable(found.errors or ()):
            self.parts.proof.doubt()
        return found


def _authorization(request: Request) -> str | None:
    """Return the header that shows a token, `None` without one; two of them show none that could be taken."""
    lines = request.headers.getlist("authorization")
    return lines[0] if len(lines) == 1 else ("" if lines else None)
