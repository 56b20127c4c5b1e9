"""One case as the request, the snapshot and the expectations it stands for; blocks of a catalogue live elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.cases.expecting import Expectation, expectations
from gateway.cases.fields import ASSURANCE, Row, flag, instant, many, member, word
from gateway.cases.reading import Item
from gateway.cases.recording import Recorded, recorded
from gateway.cases.world import World
from graph.decision.request import EVERYTHING, Claims, Request, TokenEntry
from graph.decision.snapshot import SIGNED_IN, DeviceState, PartyState, Snapshot
from graph.records import Record, Subject
from graph.terms import (
    AgeBand,
    Audience,
    Level,
    Occupancy,
    Operation,
    PartyKind,
    RecordKind,
    Signal,
    Standing,
    Visibility,
)

LONG_BEFORE = datetime.min.replace(tzinfo=UTC)  # when `notices_served` were served: before any record
_EVERY_CHANNEL = "*"
_SUBJECT = "jurisdictions age_band standing levels notices_served"
_ASKED = (
    "audience device session assurance occupancy visibility place place_jurisdiction controller_region "
    "signals token operations"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what is asked, what is known, what is expected."""

    name: str
    file: str
    line: int
    request: Request
    snapshot: Snapshot
    expected: tuple[Expectation, ...]


def case(item: Item, world: World) -> Case:
    """Read one case; raises `CaseFault`."""
    row = Row.of(item, "a case", required="name request expect", optional="subject devices records")
    request = _request(row.need("request"), world)
    rows = row.items("records")
    records = [recorded(one, number, world, request=request) for number, one in enumerate(rows, start=1)]
    subject = Row.of(row.get("subject") or Item({}, item.file, item.line), "a subject", optional=_SUBJECT)
    snapshot = Snapshot(
        subject=_subject(subject, world),
        parties=_parties(records, _served(subject, world, request.at), request),
        device=_device(row, request.device),
    )
    expected = expectations(row.need("expect"), world.names, records=len(records))
    return Case(word(row.need("name")), item.file, item.line, request, snapshot, expected)


def _subject(row: Row, world: World) -> Subject:
    return Subject(
        id="subject",
        standing=row.read("standing", member(Standing), Standing.ACTIVE),
        age_band=row.read("age_band", member(AgeBand), AgeBand.UNKNOWN),
        jurisdictions=row.each("jurisdictions", word),
        levels=row.read("levels", lambda one: _levels(one, world), ()),
    )


def _levels(item: Item, world: World) -> tuple[tuple[str, Level], ...]:
    if not isinstance(item.value, Mapping):
        raise item.fault('levels are not a mapping; write them like `{"*": DECLARED}`')
    for channel, line in item.lines.items():
        if channel != _EVERY_CHANNEL:
            world.names.channel(Item(channel, item.file, line))
    return tuple((channel, member(Level)(one)) for channel, one in item.value.items())


def _served(row: Row, world: World, at: datetime) -> tuple[Record, ...]:
    versions = row.each("notices_served", lambda one: world.version(one, at))
    return tuple(
        Record(id=f"served {version}", kind=RecordKind.NOTICE_SERVED, recorded_at=LONG_BEFORE, notice=version)
        for version in versions
    )


def _parties(records: list[Recorded], served: tuple[Record, ...], request: Request) -> tuple[PartyState, ...]:
    """Return the parties that said something, each with its own records in the file's order; the subject's always."""
    by_kind = {kind: tuple(one.record for one in records if one.party is kind) for kind in PartyKind}
    by_kind[PartyKind.SUBJECT] = served + by_kind[PartyKind.SUBJECT]
    ids = {PartyKind.SUBJECT: "subject", PartyKind.DEVICE: request.device or "device", PartyKind.HOUSEHOLD: "household"}
    return tuple(
        PartyState(kind, ids[kind], revision=len(rows), records=rows)
        for kind, rows in by_kind.items()
        if rows or kind is PartyKind.SUBJECT
    )


def _device(row: Row, asked: str | None) -> DeviceState | None:
    """Return what is known of the device a request names; one that is not listed is unlinked."""
    found: dict[str, DeviceState] = {}
    for item in row.items("devices"):
        state = _device_state(Row.of(item, "a device", required="id", optional="linked attested shared"))
        if state.id in found:
            raise item.fault(f"device `{state.id}` stands twice; keep one of them")
        found[state.id] = state
    return None if asked is None else found.get(asked, DeviceState(asked, known=False))


def _device_state(row: Row) -> DeviceState:
    return DeviceState(
        id=word(row.need("id")),
        linked=row.read("linked", flag, default=False),
        attested=row.read("attested", flag, default=False),
        shared=row.read("shared", flag, default=False),
    )


def _request(item: Item, world: World) -> Request:
    row = Row.of(item, "a request", required="recipient purpose channel at", optional=_ASKED)
    names = world.names
    return Request(
        recipient=names.recipient(row.need("recipient")),
        purpose=names.purpose(row.need("purpose")),
        channel=names.channel(row.need("channel")),
        at=instant(row.need("at")),
        audience=row.read("audience", member(Audience), Audience.CLIENT),
        device=row.read("device", word, None),
        session=row.read("session", word, None),
        assurance=row.read("assurance", ASSURANCE, SIGNED_IN),
        claims=Claims(
            occupancy=row.read("occupancy", member(Occupancy), None),
            visibility=row.read("visibility", member(Visibility), None),
            place=row.read("place", _place, None),
        ),
        signals=frozenset(row.each("signals", member(Signal))),
        token=row.read("token", lambda one: (_token(one, world),), EVERYTHING),
        operations=row.read("operations", _operations, None),
        place_jurisdiction=row.read("place_jurisdiction", word, None),
        controller_region=row.read("controller_region", word, None),
    )


def _place(item: Item) -> str:
    found = word(item)
    if found != found.upper():
        raise item.fault(f"`{found}` is not in capitals; write it like `HOME`")
    return found


def _token(item: Item, world: World) -> TokenEntry:
    row = Row.of(item, "a token", optional="purposes categories channels operations")
    names = world.names
    return TokenEntry(
        purposes=row.read("purposes", lambda one: frozenset(many(names.purpose)(one)), None),
        categories=row.read("categories", lambda one: frozenset(many(names.category)(one)), None),
        channels=row.read("channels", lambda one: frozenset(many(names.channel)(one)), None),
        operations=row.read("operations", lambda one: frozenset(many(member(Operation))(one)), None),
    )


def _operations(item: Item) -> tuple[Operation, ...]:
    found = tuple(dict.fromkeys(many(member(Operation))(item)))
    if not found:
        raise item.fault("no operation is asked for; name one or leave the key out")
    return found
