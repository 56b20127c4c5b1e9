"""The consent state a decision reads: up to three parties' records in force, and what leaves them (2.4 rule 7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from graph.records import Record, Scope, Subject, at_least_as_narrow
from graph.taxonomy import Trees
from graph.terms import Fidelity, PartyKind, RecordKind

MOST_RECORDS = 512  # more in one party's tree and nothing is released (2.4 rule 9)
SIGNED_IN = 2  # assurance from which a person speaks; below it a record reaches no further than its device (rule 5)
UNCOUNTED = frozenset({RecordKind.NOTICE_SERVED, RecordKind.RESTRICTED})  # neither a yes nor a no


@dataclass(frozen=True, slots=True)
class PartyState:
    """One party's records in the store's order; `revision` grows by one with each change."""

    kind: PartyKind
    id: str
    revision: int = 0
    records: tuple[Record, ...] = ()
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is known of the device a request comes from; `known` once it was linked, even if it no longer is."""

    id: str
    linked: bool = False
    attested: bool = False
    shared: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one decision knows of people: the subject's own party first, then the device's, the household's."""

    subject: Subject
    parties: tuple[PartyState, ...]
    device: DeviceState | None = None
    catalogue_revision: int = 0

    @property
    def revision(self) -> str:
        """Return one opaque string over all parties; it changes when any of them does."""
        return spelt((party.kind, party.revision) for party in self.parties)

    def party(self, kind: PartyKind) -> PartyState | None:
        """Return the party of a kind, or `None` if it was not read."""
        return next((party for party in self.parties if party.kind is kind), None)

    @property
    def own(self) -> PartyState:
        """Return the subject's own party."""
        return self.parties[0]


def spelt(revisions: Iterable[tuple[PartyKind, int]]) -> str:
    """Return the revisions of several parties as the one string callers see."""
    return ".".join(f"{kind[0].lower()}{revision}" for kind, revision in revisions)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it counts: its effective scope, whose it is, and its place in that party's order."""

    record: Record
    scope: Scope
    own: bool
    party: PartyKind
    place: int

    def later_than(self, other: "Entry") -> bool:
        """Tell whether this came later: the store's order, between parties the instant; ties do not (2.4 rule 3)."""
        if self.party is other.party:
            return self.place > other.place
        return self.record.recorded_at > other.record.recorded_at


def effective_scope(record: Record, party: PartyKind) -> Scope | None:
    """Return the scope that counts: bound to its device below assurance 2 and in a device's tree (2.4 rule 5).

    `None` when nothing is left: the scope names another device, or no device is known.
    """
    if record.assurance >= SIGNED_IN and party is not PartyKind.DEVICE:
        return record.scope
    device = record.given_on.device
    if device is None or record.scope.device not in (None, device):
        return None
    return replace(record.scope, device=device)


def entries(party: PartyState, at: datetime) -> tuple[Entry, ...]:
    """Return the records of a party that are there at an instant and reach anything, in the store's order."""
    found = []
    for place, record in enumerate(party.records):
        if record.recorded_at > at:
            continue
        scope = effective_scope(record, party.kind)
        if scope is not None:
            found.append(Entry(record, scope, party.kind is PartyKind.SUBJECT, party.kind, place))
    return tuple(found)


def in_force(all_entries: Iterable[Entry], at: datetime, trees: Trees) -> tuple[Entry, ...]:
    """Return the entries that did not leave the snapshot by an instant (2.4 rule 7)."""
    rows = tuple(all_entries)
    successors = _Successors(rows)
    return tuple(row for row in rows if not any(_ends(newer, row, at) for newer in successors.of(row, trees)))


def ended(all_entries: Iterable[Entry], at: datetime, trees: Trees) -> tuple[Entry, ...]:
    """Return the entries a store may move out of the snapshot for good.

    A narrower set than what `in_force` leaves out: a limit that only an implied yes replaced still ends an older
    explicit yes later on, so it must stay readable.
    """
    rows = tuple(all_entries)
    successors = _Successors(rows)
    return tuple(
        row for row in rows if any(_ends(newer, row, at, for_good=True) for newer in successors.of(row, trees))
    )


class _Successors:
    """Finds the newer entries that could end one: those of the same scope, and the nos that contain a precise yes."""

    def __init__(self, rows: tuple[Entry, ...]) -> None:
        self._same: dict[Scope, list[Entry]] = {}
        for row in rows:
            self._same.setdefault(row.scope, []).append(row)
        self._nos = [row for row in rows if row.record.is_no and row.record.kind is not RecordKind.SIGNAL]

    def of(self, row: Entry, trees: Trees) -> Iterable[Entry]:
        for newer in self._same[row.scope]:
            if newer.place > row.place:
                yield newer
        if row.record.is_yes and row.record.cap is Fidelity.PRECISE:
            for newer in self._nos:
                if newer.place > row.place and at_least_as_narrow(row.scope, newer.scope, trees):
                    yield newer


def _ends(newer: Entry, row: Entry, at: datetime, *, for_good: bool = False) -> bool:
    """Tell whether a newer entry, found as a successor, takes this one out of the snapshot."""
    new, old = newer.record, row.record
    if old.kind is RecordKind.SIGNAL or new.kind is RecordKind.SIGNAL:
        return old.kind is new.kind and old.given_on.device == new.given_on.device
    if old.is_no:
        return new.is_no
    if not old.is_yes or not (new.is_no or (new.is_yes and new.starts <= at)):
        return False
    if new.is_no:
        return True
    if old.cap is Fidelity.PRECISE:
        return new.explicit or not old.explicit
    return new.cap <= old.cap and (new.explicit or not old.explicit or not for_good)
