"""What a governance officer sees of one subject: standing, records, and that values are held; never a value."""

from dataclasses import dataclass
from datetime import datetime

from graph.catalogue import Catalogue
from graph.decision.snapshot import Snapshot
from graph.records import Subject, Value
from graph.store import AsOf, Parties, StoredRecord
from graph.terms import Origin, RecordKind, Standing
from resolvers.context import Context, current
from resolvers.cursors import Listing, Paged, wanted


@dataclass(frozen=True, slots=True)
class SubjectShown:
    """A subject as the graph knows her, at one revision."""

    subject: Subject
    standing: Standing
    revision: str
    catalogue: Catalogue

    @property
    def id(self) -> str:
        """Return her id."""
        return self.subject.id


@dataclass(frozen=True, slots=True)
class HeldShown:
    """That a value is held, where it came from, and whether a source moved on since; never the value."""

    key: str
    origin: Origin
    recorded_at: datetime
    expires_at: datetime | None
    sources: tuple[str, ...]
    stale: bool


@dataclass(frozen=True, slots=True)
class RecordsAsked:
    """Which page of a subject's records is asked for, as of which instants."""

    first: int | None = None
    after: str | None = None
    as_of: AsOf = AsOf()


async def subject_shown(context: Context, subject: str) -> SubjectShown | None:
    """Return a subject, or `None` if nobody here has that id."""
    snapshot = await context.store.snapshot(subject, Parties())
    if snapshot.subject.standing is Standing.UNKNOWN:
        return None
    context = await current(context, snapshot)
    return SubjectShown(snapshot.subject, standing_of(snapshot), snapshot.revision, context.catalogue)


def standing_of(snapshot: Snapshot) -> Standing:
    """Return how a subject stands: a restriction in force counts whatever the subject's own mark says."""
    marked = snapshot.subject.standing
    restricted = any(record.kind is RecordKind.RESTRICTED for record in snapshot.own.records)
    return Standing.RESTRICTED if restricted and marked is Standing.ACTIVE else marked


async def records_shown(context: Context, subject: str, asked: RecordsAsked, listing: Listing) -> Paged[StoredRecord]:
    """List a subject's records, oldest first, ended ones too unless an instant is asked for."""
    page = listing.page(asked.first, asked.after)
    async with context.readings.turn(context.pace):
        found = await context.store.records(subject, wanted(page), asked.as_of)
        total = await context.store.count_records(subject, asked.as_of)
    return listing.paged(page, [(row.position, row) for row in found], total)


async def held_shown(context: Context, seen: SubjectShown) -> tuple[HeldShown, ...]:
    """List what is held about a subject at the request's instant, by key."""
    async with context.readings.turn(context.pace):
        found = await context.store.held(seen.id)
    held = {value.key: value for value in found if _there(value, context.at)}
    return tuple(
        HeldShown(
            key=value.key,
            origin=_origin(value.key, seen.catalogue),
            recorded_at=value.recorded_at,
            expires_at=value.expires_at,
            sources=value.sources,
            stale=any(_moved_on(held.get(source), value) for source in value.sources),
        )
        for value in held.values()
    )


def _there(value: Value, at: datetime) -> bool:
    return value.expires_at is None or value.expires_at > at


def _origin(key: str, catalogue: Catalogue) -> Origin:
    """Return where an attribute comes from; one that has left the catalogue was told by somebody, once."""
    attribute = catalogue.attributes.get(key)
    return Origin.DECLARED if attribute is None else attribute.origin


def _moved_on(source: Value | None, made: Value) -> bool:
    """Tell whether a source says something else by now: it was recorded after what was made of it."""
    return source is not None and source.recorded_at > made.recorded_at
