"""One record of a case as the consent record it stands for, with whose it is."""

from dataclasses import dataclass
from datetime import datetime

from gateway.cases.fields import ASSURANCE, Row, anything_or, flag, instant, many, member, word
from gateway.cases.reading import Item
from gateway.cases.world import World
from graph.decision.request import Request
from graph.decision.snapshot import SIGNED_IN
from graph.records import ALL_OPERATIONS, YES_KINDS, GivenOn, NoticeRef, Record, Scope
from graph.terms import Fidelity, GivenBy, Operation, PartyKind, RecordKind

_PARTIES = {"subject": PartyKind.SUBJECT, "device": PartyKind.DEVICE, "household": PartyKind.HOUSEHOLD}
_KEYS = "from until scope cap notice explicit names assurance given_by given_on answers_signal party"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record and whose tree it stands in."""

    record: Record
    party: PartyKind


def recorded(item: Item, number: int, world: World, *, request: Request) -> Recorded:
    """Read one record; its id is its number in the file; raises `CaseFault`."""
    row = Row.of(item, "a record", required="kind at", optional=_KEYS)
    kind, at = member(RecordKind)(row.need("kind")), instant(row.need("at"))
    scope = row.read("scope", lambda one: _scope(one, world), Scope())
    notice = row.read("notice", lambda one: world.version(one, at), world.in_force(world.notice, at))
    party = row.read("party", _party, PartyKind.SUBJECT)
    assurance = row.read("assurance", ASSURANCE, SIGNED_IN)
    record = Record(
        id=str(number),
        kind=kind,
        recorded_at=at,
        scope=scope,
        cap=row.read("cap", member(Fidelity), Fidelity.PRECISE),
        valid_from=row.read("from", instant, at),
        valid_until=_until(row, kind),
        notice=notice,
        catalogue_version=_catalogue_version(notice, world),
        explicit=row.read("explicit", flag, default=True),
        names=frozenset(row.read("names", many(world.names.category), _own_category(scope))),
        assurance=assurance,
        given_by=row.read("given_by", member(GivenBy), GivenBy.SUBJECT),
        given_on=_given_on(row, world, party=party, request=request),
        answers_signal=row.read("answers_signal", flag, default=False),
        sequence=number,
    )
    return Recorded(_bound(record, row, party), party)


def _scope(item: Item, world: World) -> Scope:
    places = "purpose category recipient group channel device session operations"
    row = Row.of(item, "a scope", optional=places)
    recipient = row.read("recipient", anything_or(world.names.recipient), None)
    group = row.read("group", anything_or(world.names.group), None)
    if recipient is not None and group is not None:
        raise row.need("group").fault("a scope names a recipient or a group, not both; remove one of them")
    operations = row.read("operations", anything_or(_operations), None)
    return Scope(
        purpose=row.read("purpose", anything_or(world.names.purpose), None),
        category=row.read("category", anything_or(world.names.category), None),
        recipient=recipient,
        group=group,
        channel=row.read("channel", anything_or(world.names.channel), None),
        device=row.read("device", anything_or(word), None),
        session=row.read("session", anything_or(word), None),
        operations=operations or ALL_OPERATIONS,
    )


def _operations(item: Item) -> frozenset[Operation]:
    found = frozenset(many(member(Operation))(item))
    if not found:
        raise item.fault("a scope without operations says nothing; name one or leave the key out")
    return found


def _own_category(scope: Scope) -> tuple[str, ...]:
    return () if scope.category is None else (scope.category,)


def _catalogue_version(notice: NoticeRef, world: World) -> int:
    return next(one.catalogue_version for one in world.catalogue.notices[notice.id] if one.ref == notice)


def _until(row: Row, kind: RecordKind) -> datetime | None:
    """Return when a record ends: a yes only, for validity never ends a no (2.4 rule 5)."""
    found = row.read("until", instant, None)
    return found if kind in YES_KINDS else None


def _party(item: Item) -> PartyKind:
    if not isinstance(item.value, str) or item.value not in _PARTIES:
        raise item.fault("a party is one of `subject`, `device`, `household`; correct it")
    return _PARTIES[item.value]


def _given_on(row: Row, world: World, *, party: PartyKind, request: Request) -> GivenOn:
    """Return where a record was made; what stands in a device's tree was made on it, the request's if none is named."""
    found = row.get("given_on")
    stated = Row(row.item, "", {}) if found is None else Row.of(found, "`given_on`", optional="channel device session")
    return GivenOn(
        channel=stated.read("channel", world.names.channel, None),
        device=stated.read("device", word, request.device if party is PartyKind.DEVICE else None),
        session=stated.read("session", word, None),
    )


def _bound(record: Record, row: Row, party: PartyKind) -> Record:
    """Refuse a record that counts for its device only and names none."""
    if record.given_on.device is None and (record.assurance < SIGNED_IN or party is PartyKind.DEVICE):
        where = "below assurance 2" if record.assurance < SIGNED_IN else "in a device's tree"
        raise row.item.fault(f"a record {where} counts for its device only; name it in `given_on`")
    return record
