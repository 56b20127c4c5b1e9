"""What a resolver is given: the verified caller, the session it claims, the store, the catalogue, the instant."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from graph.catalogue import Catalogue, Channel, Recipient
from graph.decision.request import Claims, Request
from graph.decision.situation import SIGNAL_OPERATIONS
from graph.decision.snapshot import SIGNED_IN, Snapshot
from graph.errors import RevisionConflict
from graph.records import Device, GivenOn, Record, Scope, Subject
from graph.store import Change, Command, Parties, RegisteredDocument, Store
from graph.terms import AgeBand, Audience, DeviceKind, GivenBy, PartyKind, RecordKind, Signal, Standing
from resolvers.caller import Caller
from resolvers.cursors import Cursors
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


async def own_snapshot(context: Context) -> Snapshot:
    """Read the caller's own subject: she comes to be, and her device is linked, at the first signed-in call (4.6).

    One read, unless something about her is new.
    """
    caller, store = context.caller, context.store
    snapshot = attested(await store.snapshot(caller.subject, context.parties), context)
    if _is_new(snapshot, context):
        await store.open_subject(_claimed(context), _first_device(context), context.at)
        snapshot = attested(await store.snapshot(caller.subject, context.parties), context)
    if _signal_is_new(snapshot, context):
        snapshot = await _signal_recorded(snapshot, context)
    return snapshot


def attested(snapshot: Snapshot, context: Context) -> Snapshot:
    """Return the snapshot with what the token says of the device: attestation is never the store's to say."""
    if snapshot.device is None or not context.caller.attested:
        return snapshot
    return replace(snapshot, device=replace(snapshot.device, attested=True))


def _is_new(snapshot: Snapshot, context: Context) -> bool:
    subject, caller, device = snapshot.subject, context.caller, snapshot.device
    if subject.standing is Standing.UNKNOWN:
        return True
    if subject.standing is Standing.ERASED:
        return False
    if device is not None and not device.known and context.assurance >= SIGNED_IN:
        return True
    claims = caller.residence is not None and subject.jurisdictions != (caller.residence,)
    return claims or caller.age_band not in (AgeBand.UNKNOWN, subject.age_band)


def _claimed(context: Context) -> Subject:
    caller = context.caller
    residence = (caller.residence,) if caller.residence else ()
    return Subject(caller.subject, age_band=caller.age_band, jurisdictions=residence)


def _first_device(context: Context) -> Device | None:
    device = context.caller.device
    if device is None or context.assurance < SIGNED_IN:
        return None
    channel = context.channel
    shared = channel is not None and channel.shared_by_default == "yes"
    name = (channel.name or channel.id) if channel else device
    return Device(device, name, kind_of(context.caller.channel), shared, context.at)


def kind_of(channel: str) -> DeviceKind:
    """Return the kind a device is listed under until somebody names it: from its channel's word."""
    words = {"headset": DeviceKind.HEADSET, "glasses": DeviceKind.HEADSET, "xr": DeviceKind.HEADSET}
    words |= {"tv": DeviceKind.TV, "kiosk": DeviceKind.KIOSK, "voice": DeviceKind.SPEAKER}
    words |= {"mobile": DeviceKind.PHONE, "tablet": DeviceKind.PHONE}
    return next((kind for word, kind in words.items() if word in channel), DeviceKind.BROWSER)


def _signal_is_new(snapshot: Snapshot, context: Context) -> bool:
    """Tell whether this request carries a signal that is not on record for this device (2.4 rule 8)."""
    if Signal.GPC not in context.signals or snapshot.subject.standing is Standing.ERASED:
        return False
    return not any(
        record.kind is RecordKind.SIGNAL and record.given_on.device == context.caller.device
        for party in snapshot.parties
        for record in party.records
    )


async def _signal_recorded(snapshot: Snapshot, context: Context) -> Snapshot:
    """Record the signal once for subject and device: in her tree, in the device's if nobody is signed in."""
    signed_in = context.assurance >= SIGNED_IN or context.caller.device is None
    kind = PartyKind.SUBJECT if signed_in else PartyKind.DEVICE
    party = next((one for one in snapshot.parties if one.kind is kind), snapshot.own)
    at = max(context.at, party.latest or context.at)
    record = Record(
        id=context.fresh_id(),
        kind=RecordKind.SIGNAL,
        recorded_at=at,
        scope=Scope(operations=SIGNAL_OPERATIONS),
        catalogue_version=context.catalogue.version,
        assurance=context.assurance,
        given_by=GivenBy.DEVICE,
        given_on=context.given_on,
        sequence=party.revision + 1,
    )
    command = Command(key=f"signal:{context.caller.device or ''}", fingerprint="gpc")
    with suppress(RevisionConflict):  # somebody changed her state meanwhile: the next request records it
        await context.store.append(
            Change(subject=party.id, kind=kind, base=party.revision, at=at, command=command, begins=(record,))
        )
    return attested(await context.store.snapshot(context.caller.subject, context.parties), context)
