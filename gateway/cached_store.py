"""A store with the snapshots of a moment ago beside it; every promise is that of the store inside."""

from datetime import datetime

from gateway.metrics import SNAPSHOTS
from gateway.snapshots import Snapshots
from gateway.telemetry import Telemetry
from gateway.traced_store import TracedStore
from graph.decision.snapshot import Snapshot
from graph.records import Device, Subject
from graph.store import Appended, Change, Parties, Seen, Store, ValuesAt


class CachedStore(TracedStore):
    """Spares a release the trip for what it already knew. Each call that reaches the store is timed.

    INVARIANT: only `recent` gives what is held, and only `values`, which the store answers, says that it holds.
    """

    def __init__(self, store: Store, telemetry: Telemetry, snapshots: Snapshots) -> None:
        """Begin beside a store, with snapshots of it."""
        super().__init__(store, telemetry)
        self._snapshots, self._count = snapshots, telemetry.metrics.count

    async def recent(self, subject: str, parties: Parties) -> Snapshot:
        """Give what was read a moment ago, or read it now and hold it: nobody else fills what is held."""
        held = self._snapshots.find(subject, parties)
        self._count(SNAPSHOTS, (("found", "read" if held is None else "held"),))
        if held is not None:
            return held
        found = await super().snapshot(subject, parties)
        self._snapshots.keep(found)
        return found

    async def snapshot(self, subject: str, parties: Parties) -> Snapshot:
        """Read a snapshot, and put it in the place of an older one."""
        found = await super().snapshot(subject, parties)
        self._snapshots.refresh(found)
        return found

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        """Read values and prove what is known; what did not hold is replaced."""
        found = await super().values(known, keys, at)
        if found.snapshot is not None:
            self._count(SNAPSHOTS, (("found", "moved"),))
            self._snapshots.refresh(found.snapshot)
        return found

    async def open_subject(self, subject: Subject, device: Device | None, at: datetime) -> None:
        """Make a subject, or take over newer claims; what was known of her is forgotten."""
        try:
            await super().open_subject(subject, device, at)
        finally:
            self._snapshots.forget(subject.kind, subject.id)

    async def append(self, change: Change) -> Appended:
        """Apply a change; what was known of the party is forgotten, whatever became of it."""
        try:
            return await super().append(change)
        finally:
            self._snapshots.forget(change.kind, change.subject)

    def after(self, seen: Seen) -> "CachedStore":
        """Return the same store for somebody who was told of `seen`: what is held is proven by its reads."""
        return CachedStore(self._store.after(seen), self._telemetry, self._snapshots)
