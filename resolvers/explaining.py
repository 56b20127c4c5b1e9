"""What a recipient would get of a subject, and why: the decision alone, read by an officer or at the command line."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import Catalogue
from graph.decision.explain import would_change_if
from graph.decision.request import Decision, GateAnswer, Request
from graph.decision.situation import Situation
from graph.decision.snapshot import SIGNED_IN, DeviceState, PartyState, Snapshot
from graph.records import Subject
from graph.store import AsOf, Page, Parties, Store
from graph.terms import Audience, Fidelity, Gate, Operation, RecordKind, Standing
from resolvers.context import Context, current, instant
from resolvers.pacing import WORK_OF_A_KEY, decided, each
from resolvers.problems import BadUserInput

SERVER = "none"  # how the channel table writes that nobody's identity is on a channel: a partner's server
ASSUMED = DeviceState("", linked=True)  # the device of a question that names none: linked, hers alone, not attested
NOTHING_IN_THE_WAY = "PERMITTED"  # what a gate at the top is said to answer: the contract's reason is never null
AT_ONCE = 500  # records read in one piece while the past is put together


class UnknownWord(BadUserInput):
    """A word of a question that the catalogue does not have; `field` is the contract's name for where it stands."""

    def __init__(self, field: str, called: str | None = None) -> None:
        """Say so; `called` is what the one who asks calls that field, if not as the contract does."""
        super().__init__(
            f"`{called or field}` names nothing to decide on; take a word of the catalogue, a purpose's leaf"
        )
        self.field = field


@dataclass(frozen=True, slots=True)
class ExplainAsked:
    """What an officer asks: this subject, recipient, purpose, channel; a signed-in caller, private and visible."""

    subject: str
    recipient: str
    purpose: str
    channel: str
    keys: tuple[str, ...]
    operation: Operation | None = None
    device: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GateShown:
    """One gate's answer, with the records it looked at and whether it is at the minimum."""

    gate: Gate
    ceiling: Fidelity
    reason: str
    records: tuple[str, ...]
    rule: str | None
    decisive: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """One attribute's ceiling, all eight gates in order, and the gates that alone hold it down."""

    key: str
    ceiling: Fidelity
    gates: tuple[GateShown, ...]
    would_change_if: tuple[str, ...]


async def explain(context: Context, asked: ExplainAsked) -> tuple[Explanation, ...]:
    """Decide as for that recipient and say why; reads no value, discloses nothing; raises `UnknownWord`.

    A caller is assumed who is signed in, private and visible: what the channel or the device's registration says of
    others present counts all the same. A device that is named counts as it is registered; none named stands for a
    linked one of hers, not attested; a partner's server has none. In the past, records, notices, restrictions and
    links count as they stood at that instant; levels, age band and residence as they are now.
    """
    parties = _parties(asked, context.catalogue)
    async with context.readings.turn(context.pace):
        snapshot = await context.store.snapshot(asked.subject, parties)
    context = await current(context, snapshot)
    _known(asked, context.catalogue)
    now = instant(context, snapshot)
    at = now if asked.at is None else asked.at
    if at < now:
        snapshot = await _then(context.store, asked, at, parties=parties)
    elif asked.device is None:
        snapshot = replace(snapshot, device=ASSUMED)
    situation = Situation(_request(context, asked, at), snapshot, context.catalogue)
    decisions = await decided(context.pace, situation, tuple(dict.fromkeys(asked.keys)))
    return tuple([_explained(decision) async for decision in each(context.pace, decisions, WORK_OF_A_KEY)])


def _parties(asked: ExplainAsked, catalogue: Catalogue) -> Parties:
    """Return whose states a request on that channel and device would read."""
    channel = catalogue.channels.get(asked.channel)
    if asked.device is None or channel is None or channel.identity == SERVER:
        return Parties()
    return Parties(device=asked.device, household=asked.device if channel.identity == "household" else None)


def _known(asked: ExplainAsked, catalogue: Catalogue) -> None:
    """Raise `UnknownWord` for the first word that the catalogue does not have."""
    found = (
        ("recipientId", asked.recipient in catalogue.recipients),
        ("purpose", catalogue.trees.purposes.is_leaf(asked.purpose)),
        ("channel", asked.channel in catalogue.channels),
        ("keys", bool(asked.keys) and all(key in catalogue.attributes for key in asked.keys)),
    )
    unknown = next((field for field, known in found if not known), None)
    if unknown is not None:
        raise UnknownWord(unknown)


def _request(context: Context, asked: ExplainAsked, at: datetime) -> Request:
    server = context.catalogue.channels[asked.channel].identity == SERVER
    return Request(
        recipient=asked.recipient,
        purpose=asked.purpose,
        channel=asked.channel,
        at=at,
        audience=Audience.PARTNER if server else Audience.CLIENT,
        device=None if server else asked.device,
        assurance=SIGNED_IN,
        operations=None if asked.operation is None else (asked.operation,),
        controller_region=context.rules.controller_region,
        unknown_age=context.rules.unknown_age,
    )


async def _then(store: Store, asked: ExplainAsked, at: datetime, *, parties: Parties) -> Snapshot:
    """Return what a decision at an instant in the past would have read."""
    known = await store.history(asked.subject, parties)
    device = ASSUMED if known.device is None else await _device_then(store, asked.subject, known.device, at=at)
    restricted = frozenset([record async for record in _restrictions(store, asked.subject, at)])
    records = tuple(
        record for record in known.own.records if record.kind is not RecordKind.RESTRICTED or record.id in restricted
    )
    own: PartyState = replace(known.own, records=records)
    return replace(known, subject=_unmarked(known.subject), parties=(own, *known.parties[1:]), device=device)


def _unmarked(subject: Subject) -> Subject:
    """Return a subject without the mark of today's restriction: the records say when one counted."""
    return replace(subject, standing=Standing.ACTIVE) if subject.standing is Standing.RESTRICTED else subject


async def _device_then(store: Store, subject: str, device: DeviceState, *, at: datetime) -> DeviceState:
    row = next((one for one in await store.devices(subject) if one.id == device.id), None)
    linked = row is not None and row.linked_at <= at and (row.unlinked_at is None or at < row.unlinked_at)
    return replace(device, linked=linked)


async def _restrictions(store: Store, subject: str, at: datetime) -> AsyncIterator[str]:
    """Yield the restrictions that counted at an instant: one that was lifted before it did not."""
    page = Page(AT_ONCE)
    while rows := await store.records(subject, page, AsOf(valid_at=at)):
        for row in rows:
            if row.record.kind is RecordKind.RESTRICTED:
                yield row.record.id
        page = Page(AT_ONCE, rows[-1].position)


def _explained(decision: Decision) -> Explanation:
    return Explanation(
        key=decision.key,
        ceiling=decision.ceiling,
        gates=tuple(_gate(answer, decision) for answer in decision.gates),
        would_change_if=tuple(gate.value for gate in would_change_if(decision)),
    )


def _gate(answer: GateAnswer, decision: Decision) -> GateShown:
    """Show one gate; the records that prove a release stand with consent, beside those that limit it."""
    proof: Iterable[str] = decision.evidence if answer.gate is Gate.CONSENT else ()
    return GateShown(
        gate=answer.gate,
        ceiling=answer.ceiling,
        reason=", ".join(reason.value for reason in answer.reasons) or NOTHING_IN_THE_WAY,
        records=tuple(dict.fromkeys((*answer.evidence, *proof))),
        rule=answer.rule or None,
        decisive=answer in decision.decisive,
    )
