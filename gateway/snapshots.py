"""Snapshots of a moment ago, by whom they are of: bounded, soon forgotten. Whether one still holds is not told here."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

from graph.decision.snapshot import Snapshot
from graph.proving import parties_of
from graph.store import Parties
from graph.terms import PartyKind, Standing

MOST_SNAPSHOTS = 10_000  # more people than one gateway serves in ten minutes on the cores it is meant for
MOST_RECORDS = 50_000  # in all snapshots together: a record takes about 1 KB, so some 50 MB
LONGEST_IDLE = 600.0  # seconds nobody asks for one: a person who left is not kept in memory, and nothing is polled

Name: TypeAlias = tuple[PartyKind, str]
Place: TypeAlias = tuple[str, Parties]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is held at most, and for how long without being asked for."""

    snapshots: int = MOST_SNAPSHOTS
    records: int = MOST_RECORDS
    idle: float = LONGEST_IDLE


@dataclass(frozen=True, slots=True)
class _Held:
    """A snapshot, and when it was last asked for."""

    snapshot: Snapshot
    at: float


class Snapshots:
    """Holds what was read of people, the least recently used first to go."""

    def __init__(self, bounds: Bounds = Bounds(), clock: Callable[[], float] = monotonic) -> None:
        """Begin with none."""
        self._bounds, self._clock = bounds, clock
        self._held: OrderedDict[Place, _Held] = OrderedDict()
        self._of: dict[Name, set[Place]] = {}
        self.records = 0
        self.occupied = asyncio.Event()  # set while there is any: who waits for it does nothing until then

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._held)

    def find(self, subject: str, parties: Parties) -> Snapshot | None:
        """Return what was known a moment ago, or `None`; it is the last to go from now on."""
        place = subject, parties
        held = self._held.get(place)
        if held is None:
            return None
        self._held[place] = _Held(held.snapshot, self._clock())
        self._held.move_to_end(place)
        return held.snapshot

    def keep(self, snapshot: Snapshot) -> None:
        """Hold a snapshot, unless a newer one is held or no revision would prove it; make room for it."""
        place, size = _place(snapshot), _records(snapshot)
        held = self._held.get(place)
        if held is not None and _is_older(snapshot, held.snapshot):
            return
        if not _provable(snapshot) or size > self._bounds.records:
            self._drop(place)
            return
        self._held[place] = _Held(snapshot, self._clock() if held is None else held.at)  # one held keeps its turn
        self.records += size - (0 if held is None else _records(held.snapshot))
        for party in snapshot.parties:
            self._of.setdefault((party.kind, party.id), set()).add(place)
        while len(self._held) > self._bounds.snapshots or self.records > self._bounds.records:
            self._drop(next(iter(self._held)))
        self.occupied.set()

    def refresh(self, snapshot: Snapshot) -> None:
        """Put a snapshot in the place of an older one of the same people; hold nobody for that alone."""
        if _place(snapshot) in self._held:
            self.keep(snapshot)

    def forget(self, kind: PartyKind, party: str) -> None:
        """Drop every snapshot with this party."""
        for place in tuple(self._of.get((kind, party), ())):
            self._drop(place)

    def forget_all(self) -> None:
        """Drop everything."""
        for place in tuple(self._held):
            self._drop(place)

    def forget_idle(self) -> None:
        """Drop what nobody asked for in a while."""
        since = self._clock() - self._bounds.idle
        for place in tuple(place for place, held in self._held.items() if held.at < since):
            self._drop(place)

    def revisions(self) -> tuple[tuple[PartyKind, str, int], ...]:
        """Return each party held with the oldest revision it is held at."""
        oldest: dict[Name, int] = {}
        for held in self._held.values():
            for party in held.snapshot.parties:
                name = party.kind, party.id
                oldest[name] = min(party.revision, oldest.get(name, party.revision))
        return tuple((kind, party, revision) for (kind, party), revision in oldest.items())

    def _drop(self, place: Place) -> None:
        held = self._held.pop(place, None)
        if held is None:
            return
        self.records -= _records(held.snapshot)
        for party in held.snapshot.parties:
            name = party.kind, party.id
            self._of[name].discard(place)
            if not self._of[name]:
                del self._of[name]
        if not self._held:
            self.occupied.clear()


def _place(snapshot: Snapshot) -> Place:
    return snapshot.own.id, parties_of(snapshot)


def _records(snapshot: Snapshot) -> int:
    return sum(len(party.records) for party in snapshot.parties)


def _provable(snapshot: Snapshot) -> bool:
    """Tell whether revisions prove this: a first device is linked without one. Who was erased is not kept either."""
    known = snapshot.device is None or snapshot.device.known
    return known and snapshot.subject.standing not in (Standing.UNKNOWN, Standing.ERASED)


def _is_older(snapshot: Snapshot, held: Snapshot) -> bool:
    """Tell whether any party is at an older revision, or the additions; both are of the same parties."""
    parties = zip(snapshot.parties, held.parties, strict=True)
    return snapshot.catalogue_revision < held.catalogue_revision or any(
        one.revision < other.revision for one, other in parties
    )
