"""One request beside one snapshot: everything the gates look at, worked out once for all attributes."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import Catalogue, Category, Channel, RegisterRow
from graph.decision.law import UNKNOWN_PLACE, Facts, Rule, age_band, basis_regime, chain, rule_for, strictest_row
from graph.decision.request import Request
from graph.decision.snapshot import (
    MOST_RECORDS,
    SIGNED_IN,
    UNCOUNTED,
    DeviceState,
    Entry,
    PartyState,
    Snapshot,
    effective_scope,
    entries,
    in_force,
)
from graph.records import Cell, GivenOn, NoticeRef, Record, Scope, covers, reaches
from graph.terms import (
    CategoryClass,
    Occupancy,
    Operation,
    PartyKind,
    RecordKind,
    Regime,
    Sensitivity,
    Signal,
    Standing,
)

SIGNAL_OPERATIONS = frozenset({Operation.SELL, Operation.TARGET})  # what GPC objects to (2.4)
US_OPERATIONS = {"sale": Operation.SELL, "share": Operation.TARGET, "targeted": Operation.TARGET}
STEPPED_UP = 3  # assurance of a caller who proved herself again within five minutes
LAST = 1 << 62  # the place of a signal that this very request carries: after everything recorded


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is heard about one cell: its law, the records that touch it, and whether its notice was served."""

    cell: Cell
    rule: Rule
    special: bool
    touching: tuple[Entry, ...]
    coming: tuple[Entry, ...]
    served: bool
    effect: bool = False

    @property
    def regime(self) -> Regime:
        """Return the regime of this cell."""
        return self.rule.regime


class Situation:
    """Holds the request, the snapshot and what both imply; remembers each cell once heard."""

    def __init__(self, request: Request, snapshot: Snapshot, catalogue: Catalogue) -> None:
        """Work out what every attribute shares."""
        self.request, self.snapshot, self.catalogue = request, snapshot, catalogue
        self.channel: Channel | None = catalogue.channels.get(request.channel)
        self.assurance = min(request.assurance, self.channel.max_assurance if self.channel else 0)
        self.operations = request.operations or computed_operations(request, catalogue)
        self.standing = _standing(snapshot, request.at)
        self.occupancy = occupancy(self.channel, snapshot.device, request.claims.occupancy)
        self.too_many = False
        heard = self._entries()
        near = Cell(
            request.purpose, "", request.recipient, request.channel, Operation.USE, request.device, request.session
        )
        trees = catalogue.trees
        self._near = tuple(entry for entry in heard if _counts(entry) and reaches(entry.scope, near, trees))
        self._coming = tuple(entry for entry in self._later() if reaches(entry.scope, near, trees))
        self._served = tuple(
            record
            for record in snapshot.own.records
            if record.kind is RecordKind.NOTICE_SERVED and record.recorded_at <= request.at
        )
        self._jurisdictions = _jurisdictions(request, snapshot, catalogue)
        recipient = catalogue.recipients.get(request.recipient)
        self._region = chain(recipient.region, catalogue)[:-1] if recipient and recipient.region else ()
        self._registered: dict[tuple[str, Operation], RegisterRow | None] = {}
        self._rules: dict[tuple[CategoryClass, Operation], Rule] = {}
        self._hearings: dict[tuple[str, Operation, bool], Hearing] = {}

    def hearing(self, category: str, operation: Operation, *, effect: bool = False) -> Hearing:
        """Hear one cell; `effect` for the effect of a safety attribute under USE: ordinary, on a contract (2.3)."""
        key = (category, operation, effect)
        if key not in self._hearings:
            self._hearings[key] = self._heard(category, operation, effect=effect)
        return self._hearings[key]

    def _heard(self, category: str, operation: Operation, *, effect: bool) -> Hearing:
        request = self.request
        cell = Cell(
            request.purpose, category, request.recipient, request.channel, operation, request.device, request.session
        )
        row = self.catalogue.categories.get(category)
        law_class = row.law_class if row and not effect else CategoryClass.ORDINARY
        rule = self._rule(cell, law_class)
        basis = Regime.NOTICE_ONLY if effect else basis_regime(self.registered(cell))
        if basis > rule.regime:
            rule = replace(rule, regime=basis)
        return Hearing(
            cell=cell,
            rule=rule,
            special=law_class is CategoryClass.SPECIAL,
            touching=self._touching(self._near, cell),
            coming=self._touching(self._coming, cell),
            served=any(self._informs(record, cell) for record in self._served),
            effect=effect,
        )

    def registered(self, cell: Cell) -> RegisterRow | None:
        """Return the register row whose basis counts for a cell of this request, looked up once for its category."""
        key = (cell.category, cell.operation)
        if key not in self._registered:
            self._registered[key] = strictest_row(cell, self.catalogue)
        return self._registered[key]

    def _rule(self, cell: Cell, law_class: CategoryClass) -> Rule:
        key = (law_class, cell.operation)
        if key not in self._rules:
            band = age_band(self.snapshot.subject.age_band, cell.operation, self.request.unknown_age)
            facts = Facts(cell, law_class, band, self._region, self.request.at)
            self._rules[key] = rule_for(facts, self._jurisdictions, self.catalogue)
        return self._rules[key]

    def _informs(self, served: Record, cell: Cell) -> bool:
        """Tell whether a served notice speaks to this cell: below assurance 2 only where it was served (rule 5)."""
        here = served.assurance >= SIGNED_IN or served.given_on.device == cell.device
        return here and covers(served.scope, cell, self.catalogue.trees) and not self.changed_since(served.notice, cell)

    def changed_since(self, ref: NoticeRef | None, cell: Cell) -> bool:
        """Tell whether a version in force since changed this cell materially; an unknown notice always did."""
        versions = self.catalogue.notices.get(ref.id, ()) if ref else ()
        if ref is None or all(version.ref != ref for version in versions):
            return True
        return any(
            version.ref.version > ref.version
            and version.effective_from <= self.request.at
            and self.catalogue.changes(version, cell)
            for version in versions
        )

    def category(self, key: str) -> Category:
        """Return a category; an unknown one is ordinary and of the highest sensitivity."""
        return self.catalogue.categories.get(key) or Category(key, "", Sensitivity.S5)

    def _entries(self) -> tuple[Entry, ...]:
        found: list[Entry] = []
        for party in self.snapshot.parties:
            rows = in_force(entries(party, self.request.at), self.request.at, self.catalogue.trees)
            self.too_many |= sum(row.record.kind not in UNCOUNTED for row in rows) > MOST_RECORDS
            found += rows
        return (*found, *self._signal())

    def _signal(self) -> tuple[Entry, ...]:
        """Return the signal this request carries, unless one is on record for its device (2.4 rule 8)."""
        request = self.request
        if Signal.GPC not in request.signals or any(self._is_on_record(party) for party in self.snapshot.parties):
            return ()
        record = Record(
            id="",
            kind=RecordKind.SIGNAL,
            recorded_at=request.at,
            scope=Scope(operations=SIGNAL_OPERATIONS),
            given_on=GivenOn(request.channel, request.device, request.session),
        )
        return (Entry(record, record.scope, own=True, party=PartyKind.SUBJECT, place=LAST),)

    def _is_on_record(self, party: PartyState) -> bool:
        return any(
            record.kind is RecordKind.SIGNAL
            and record.recorded_at <= self.request.at
            and record.given_on.device == self.request.device
            for record in party.records
        )

    def _later(self) -> tuple[Entry, ...]:
        """Return the records that are not there yet, for the instants at which they will be."""
        return tuple(
            Entry(record, scope, own=party.kind is PartyKind.SUBJECT, party=party.kind, place=place)
            for party in self.snapshot.parties
            for place, record in enumerate(party.records)
            if record.recorded_at > self.request.at and (scope := _reach_later(record, party.kind))
        )

    def _touching(self, near: tuple[Entry, ...], cell: Cell) -> tuple[Entry, ...]:
        """Return the entries near a request that touch one of its cells."""
        related = self.catalogue.trees.categories.related
        return tuple(
            entry
            for entry in near
            if cell.operation in entry.scope.operations
            and related(cell.category, entry.scope.category)
            and (entry.record.kind is not RecordKind.SIGNAL or self._objects(cell))
        )

    def _objects(self, cell: Cell) -> bool:
        """Tell whether a signal speaks against a cell: it does where the purpose's own row says so (2.4)."""
        purpose = self.catalogue.purposes.get(cell.purpose)
        return not (purpose is None or not purpose.gpc_objects or cell.operation not in SIGNAL_OPERATIONS)


def computed_operations(request: Request, catalogue: Catalogue) -> tuple[Operation, ...]:
    """Return the operations a request amounts to: never the caller's choice (2.2)."""
    recipient = catalogue.recipients.get(request.recipient)
    found = [Operation.DISCLOSE if recipient is None or recipient.third_party else Operation.USE]
    purpose = catalogue.purposes.get(request.purpose)
    marks = {US_OPERATIONS[mark] for mark in purpose.us_operations if mark in US_OPERATIONS} if purpose else set()
    found += [operation for operation in (Operation.SELL, Operation.TARGET) if operation in marks]
    return (*found, Operation.TRAIN) if request.trains else tuple(found)


def occupancy(channel: Channel | None, device: DeviceState | None, said: Occupancy | None) -> Occupancy:
    """Return who else is there: the base of the channel and the device, lowered by what the client says (2.2)."""
    if device is not None and device.shared:
        base = Occupancy.SHARED
    elif channel is not None and channel.shared_by_default == "no":
        base = Occupancy.PRIVATE
    elif channel is None or channel.shared_by_default == "yes":
        base = Occupancy.SHARED
    else:
        base = Occupancy.PRIVATE if device is not None and device.linked else Occupancy.UNKNOWN
    return base if said is None else min(base, said)


def _reach_later(record: Record, party: PartyKind) -> Scope | None:
    """Return what a record that is not there yet will speak about: a restriction, everything."""
    if party is PartyKind.SUBJECT and record.kind is RecordKind.RESTRICTED:
        return Scope()
    if party is PartyKind.SUBJECT and record.kind is RecordKind.NOTICE_SERVED and record.given_on.device is None:
        return record.scope
    return effective_scope(record, party)


def _counts(entry: Entry) -> bool:
    return entry.record.is_yes or entry.record.is_no


def _standing(snapshot: Snapshot, at: datetime) -> Standing:
    restricted = any(
        record.kind is RecordKind.RESTRICTED and record.recorded_at <= at for record in snapshot.own.records
    )
    return (
        Standing.RESTRICTED
        if restricted and snapshot.subject.standing is Standing.ACTIVE
        else snapshot.subject.standing
    )


def _jurisdictions(request: Request, snapshot: Snapshot, catalogue: Catalogue) -> tuple[str, ...]:
    recipient = catalogue.recipients.get(request.recipient)
    stated = (
        *(snapshot.subject.jurisdictions or (UNKNOWN_PLACE,)),
        request.place_jurisdiction,
        recipient.region if recipient else None,
        request.controller_region,
    )
    return tuple(dict.fromkeys(code for code in stated if code))
