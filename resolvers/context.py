"""What a resolver is given: the verified caller, the session it claims, the store, the catalogue, the instant."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from graph.catalogue import Catalogue, Channel, Recipient
from graph.decision.request import Claims, Request
from graph.decision.snapshot import Snapshot
from graph.records import GivenOn
from graph.store import Parties, RegisteredDocument, Store
from graph.terms import AgeBand, Audience, Signal
from resolvers.caller import Caller
from resolvers.consistency import ConsistencyTokens
from resolvers.cursors import Cursors
from resolvers.pacing import UNPACED, Pace, Readings
from resolvers.pseudonyms import Pseudonyms
from resolvers.signer import Signer
from resolvers.turns import Turns


@dataclass(frozen=True, slots=True)
class Session:
    """What the client says of its session; its words can only lower what is released."""

    id: str | None = None
    claims: Claims = Claims()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator set for decisions: where the controller is, what an unknown age counts as, where to step up."""

    controller_region: str | None = None
    unknown_age: AgeBand | None = None
    step_up_url: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings; `at` is its one instant, `fresh_id` the only source of randomness."""

    caller: Caller
    store: Store
    catalogue: Catalogue
    at: datetime
    signer: Signer
    pseudonyms: Pseudonyms
    cursors: Cursors
    consistency: ConsistencyTokens
    fresh_id: Callable[[], str]
    refreshed: Callable[[int], Awaitable[Catalogue]]
    rules: Rules = Rules()
    session: Session = Session()
    signals: frozenset[Signal] = frozenset()
    document: RegisteredDocument | None = None
    documents: tuple[RegisteredDocument, ...] = ()
    trains: bool = False
    trace: str | None = None
    turns: Turns = field(default_factory=Turns)
    pace: Pace = UNPACED
    readings: Readings = field(default_factory=Readings)
    asked_about: Callable[[Iterable[str]], None] = lambda _: None

    @property
    def recipient(self) -> Recipient:
        """Return the recipient the caller acts for."""
        return self.catalogue.recipients[self.caller.recipient]

    @property
    def channel(self) -> Channel | None:
        """Return the row of the caller's channel."""
        return self.catalogue.channels.get(self.caller.channel)

    @property
    def third_party(self) -> bool:
        """Tell whether the caller is somebody else than the controller."""
        return self.recipient.third_party

    @property
    def assurance(self) -> int:
        """Return the caller's assurance, cut to what the channel can prove."""
        return min(self.caller.assurance, self.channel.max_assurance if self.channel else 0)

    @property
    def parties(self) -> Parties:
        """Return whose states are read beside the subject's."""
        device = self.caller.device
        if device is None or self.caller.audience is not Audience.CLIENT:
            return Parties()
        household = self.channel is not None and self.channel.identity == "household"
        return Parties(device=device, household=device if household else None)

    @property
    def given_on(self) -> GivenOn:
        """Return where a record made by this request was made."""
        return GivenOn(self.caller.channel or None, self.caller.device, self.session.id)

    def question(self, purpose: str, snapshot: Snapshot) -> Request:
        """Return what this caller asks the decision, for one purpose, at the instant that snapshot allows."""
        partner = self.caller.audience is Audience.PARTNER
        return Request(
            recipient=self.caller.recipient,
            purpose=purpose,
            channel=self.caller.channel,
            at=instant(self, snapshot),
            audience=self.caller.audience,
            device=None if partner else self.caller.device,
            session=None if partner else self.session.id,
            assurance=self.caller.assurance,
            claims=Claims() if partner else self.session.claims,
            signals=self.signals,
            token=self.caller.token,
            trains=self.trains,
            controller_region=self.rules.controller_region,
            unknown_age=self.rules.unknown_age,
            step_up_until=self.caller.step_up_until,
        )


def instant(context: Context, snapshot: Snapshot) -> datetime:
    """Return the request's instant, never before what is on record: another gateway's clock may be ahead.

    Without it a withdrawal acknowledged by that gateway would not be there yet here (2.4 rule 5).
    """
    return max([context.at, *(party.latest for party in snapshot.parties if party.latest)])


async def current(context: Context, snapshot: Snapshot) -> Context:
    """Return the context with the catalogue this snapshot was written under: governance may have added to it."""
    catalogue = await context.refreshed(snapshot.catalogue_revision)
    return context if catalogue is context.catalogue else replace(context, catalogue=catalogue)
