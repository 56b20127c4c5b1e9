"""What one act is computed on: a person's state as it was read, the instant, and what the state would be after it."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph.decision.situation import Situation
from graph.decision.snapshot import PartyState, Snapshot, ended, entries
from graph.records import Device, Record
from graph.store import Change, Command, Parties
from graph.taxonomy import Trees
from graph.terms import Level, PartyKind
from resolvers.arrival import own_snapshot
from resolvers.context import Context, Session, current, instant


@dataclass(frozen=True, slots=True)
class Point:
    """Where a decision is asked for: everything of a cell but category and operation."""

    purpose: str
    recipient: str
    channel: str
    device: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A caller's surroundings with the newest catalogue, a snapshot, and the instant that snapshot allows."""

    context: Context
    snapshot: Snapshot
    at: datetime

    @property
    def trees(self) -> Trees:
        """Return the trees scopes are measured against."""
        return self.context.catalogue.trees

    @property
    def linked(self) -> bool:
        """Tell whether the caller's device is linked to the subject that was read."""
        return self.snapshot.device is not None and self.snapshot.device.linked

    def party(self, kind: PartyKind) -> PartyState:
        """Return the state of one of the parties read."""
        return next(party for party in self.snapshot.parties if party.kind is kind)

    def point(self, purpose: str) -> Point:
        """Return where the caller itself stands; a guardian's device is no place of her ward's."""
        caller, device = self.context.caller, self.snapshot.device
        place = None if device is None else device.id
        return Point(purpose, caller.recipient, caller.channel, place, self.context.session.id)

    def situation(self, point: Point, snapshot: Snapshot | None = None) -> Situation:
        """Return the situation at a point, on the snapshot read or on another one of the same parties."""
        known = self.snapshot if snapshot is None else snapshot
        request = replace(
            self.context.question(point.purpose, self.snapshot),
            recipient=point.recipient,
            channel=point.channel,
            device=point.device,
            session=point.session,
        )
        return Situation(request, known, self.context.catalogue)


async def read_own(context: Context) -> Reading:
    """Read the caller's own state, in one read unless something about her is new."""
    return await _reading(context, await own_snapshot(context))


async def read_ward(context: Context, subject: str) -> Reading:
    """Read the state of somebody a caller may speak for; nothing of the caller's device, session or signals counts."""
    alone = replace(context, signals=frozenset(), session=Session())
    return await _reading(alone, await context.store.snapshot(subject, Parties()))


async def _reading(context: Context, snapshot: Snapshot) -> Reading:
    context = await current(context, snapshot)
    return Reading(context, snapshot, instant(context, snapshot))


@dataclass(frozen=True, slots=True)
class Draft:
    """What one act would do to one party's state."""

    reading: Reading
    kind: PartyKind
    begins: tuple[Record, ...] = ()
    ends: tuple[str, ...] = ()
    levels: tuple[tuple[str, Level], ...] = ()
    devices: tuple[Device, ...] = ()

    @property
    def party(self) -> PartyState:
        """Return the party as it was read."""
        return self.reading.party(self.kind)

    @property
    def after(self) -> Snapshot:
        """Return the snapshot as the next read would give it."""
        party, gone = self.party, frozenset(self.ends)
        kept = (record for record in party.records if record.id not in gone)
        moved = bool(self.begins or self.levels or self.devices)
        changed = replace(party, revision=party.revision + moved, records=(*kept, *self.begins), latest=self.reading.at)
        parties = tuple(changed if one is party else one for one in self.reading.snapshot.parties)
        return replace(self.reading.snapshot, parties=parties)

    def change(self, command: Command, offer: str | None = None) -> Change:
        """Return the change a store applies, whole or not at all."""
        return Change(
            subject=self.party.id,
            base=self.party.revision,
            at=self.reading.at,
            command=command,
            begins=self.begins,
            ends=self.ends,
            levels=self.levels,
            devices=self.devices,
            offer=offer,
            kind=self.kind,
        )


def drafted(reading: Reading, kind: PartyKind, begins: tuple[Record, ...]) -> Draft:
    """Return the draft of records that begin, with those they end for good (2.4 rule 7)."""
    if not begins:
        return Draft(reading, kind)
    party = reading.party(kind)
    grown = replace(party, records=(*party.records, *begins))
    gone = ended(entries(grown, reading.at), reading.at, reading.trees)
    return Draft(reading, kind, begins, tuple(entry.record.id for entry in gone))
