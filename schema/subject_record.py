"""One subject as an officer sees her: standing, records page by page, and that values are held; never a value."""

from typing import Any

import strawberry

from graph.store import AsOf, StoredRecord
from resolvers.cursors import Paged
from resolvers.officer import HeldShown, RecordsAsked, SubjectShown, held_shown, records_shown, subject_shown
from schema.connection import RECORDS, PageInfo, listing, page_info
from schema.field import CONSENT_DATA, IDENTITY_DATA, NO_DATA, AttributeKey, DateTime, field, given, instant_or_none
from schema.governance_words import (
    AgeBand,
    FidelityWord,
    GivenBy,
    Origin,
    RecordKind,
    SubjectState,
    fidelity_word,
    subject_state,
)
from schema.operation import Operation
from schema.scope import Scope, scope

PERSON = "user.demographic"  # the data category of age band and place of residence

Info = strawberry.Info[Operation]


@strawberry.type(description="That a value is held, never the value.")
class HeldValue:
    """One attribute that is held."""

    key: AttributeKey = field("The attribute.", category=NO_DATA)
    origin: Origin = field("Where values of this attribute come from.", category=NO_DATA)
    recorded_at: DateTime = field("When it was recorded.", category=NO_DATA)
    expires_at: DateTime | None = field("When its retention ends, if it does.", category=NO_DATA)
    sources: list[AttributeKey] = field("The attributes it was made from, as it was recorded.", category=NO_DATA)
    stale: bool = field("Whether a source was recorded anew since.", category=NO_DATA)


@strawberry.type(description="One consent record: an immutable event.")
class Record:
    """What was said, and when it counted."""

    id: strawberry.ID = field("The record.", category=CONSENT_DATA)
    sequence: int = field("The revision its command made; records of one command share it.", category=CONSENT_DATA)
    kind: RecordKind = field("What it says.", category=CONSENT_DATA)
    scope: Scope = field("What it speaks about.", category=CONSENT_DATA)
    fidelity: FidelityWord | None = field(
        "Up to which rung a yes goes; null for everything else.", category=CONSENT_DATA
    )
    valid_from: DateTime = field("From when on it counts.", category=CONSENT_DATA)
    valid_until: DateTime | None = field("When a yes ends, if it does.", category=CONSENT_DATA)
    recorded_at: DateTime = field("When it was recorded.", category=CONSENT_DATA)
    ended_at: DateTime | None = field("When another one took its place, if one did.", category=CONSENT_DATA)
    notice: str | None = field("The notice version it cites, e.g. `general@1`.", category=NO_DATA)
    assurance: int = field("0 unknown, 1 device, 2 signed in, 3 step-up within five minutes.", category=CONSENT_DATA)
    given_by: GivenBy = field("Who made it.", category=CONSENT_DATA)
    offer_id: strawberry.ID | None = field("The offer it answers, if it does.", category=CONSENT_DATA)


@strawberry.type(description="A record in a listing.")
class RecordEdge:
    """An edge."""

    cursor: str = field("Where it stands in the listing.", category=NO_DATA)
    node: Record = field("The record.", category=CONSENT_DATA)


@strawberry.type(description="A subject's consent records, oldest first.")
class RecordConnection:
    """A page."""

    edges: list[RecordEdge] = field("The rows of this page.", category=CONSENT_DATA)
    page_info: PageInfo = field("Where this page stands.", category=NO_DATA)
    total_count: int = field("How many there are in all.", category=NO_DATA)


async def _records(
    self: Any,
    info: Info,
    first: int | None = 25,
    after: str | None = strawberry.UNSET,
    as_of: DateTime | None = strawberry.UNSET,
    known_at: DateTime | None = strawberry.UNSET,
) -> RecordConnection | None:
    context = info.context.context
    asked = RecordsAsked(first, given(after), AsOf(valid_at=given(as_of), known_at=given(known_at)))
    found = await records_shown(context, self.id, asked, listing(context, RECORDS))
    return _connection(found)


async def _values(self: Any, info: Info) -> list[HeldValue] | None:
    return [_held(one) for one in await held_shown(info.context.context, self.shown)]


@strawberry.type(description="One subject as governance sees her.")
class SubjectRecord:
    """A known subject."""

    id: strawberry.ID = field("The subject.", category=IDENTITY_DATA)
    state: SubjectState = field("Whether she may be decided on at all.", category=CONSENT_DATA)
    revision: str = field("The number of her consent state.", category=CONSENT_DATA)
    age_band: AgeBand = field("Her age band, as a token said.", category=PERSON)
    jurisdictions: list[str] = field("Where she lives, as a token said; empty if none did.", category=PERSON)
    shown: strawberry.Private[SubjectShown]
    records: RecordConnection | None = field(
        "Her records, ended ones too; with `asOf` those that counted then, with `knownAt` as far as was known then.",
        category=CONSENT_DATA,
        resolver=_records,
    )
    values: list[HeldValue] | None = field(
        "That values are held, never the values.", category=NO_DATA, resolver=_values
    )


async def subject(info: Info, id: strawberry.ID) -> SubjectRecord | None:  # noqa: A002 the contract's word
    """Return a subject by id, or nothing if nobody here has it."""
    found = await subject_shown(info.context.context, id)
    if found is None:
        return None
    return SubjectRecord(
        id=id,
        state=subject_state(found.standing),
        revision=found.revision,
        age_band=found.subject.age_band,
        jurisdictions=list(found.subject.jurisdictions),
        shown=found,
    )


def _connection(found: Paged[StoredRecord]) -> RecordConnection:
    return RecordConnection(
        edges=[RecordEdge(cursor=cursor, node=_record(row)) for cursor, row in found.rows],
        page_info=page_info(found),
        total_count=found.total,
    )


def _record(found: StoredRecord) -> Record:
    record = found.record
    return Record(
        id=strawberry.ID(record.id),
        sequence=record.sequence,
        kind=record.kind,
        scope=scope(record.scope),
        fidelity=fidelity_word(record.cap) if record.is_yes else None,
        valid_from=DateTime(record.starts),
        valid_until=instant_or_none(record.valid_until),
        recorded_at=DateTime(record.recorded_at),
        ended_at=instant_or_none(found.ended_at),
        notice=None if record.notice is None else str(record.notice),
        assurance=record.assurance,
        given_by=record.given_by,
        offer_id=None if record.offer_id is None else strawberry.ID(record.offer_id),
    )


def _held(found: HeldShown) -> HeldValue:
    return HeldValue(
        key=AttributeKey(found.key),
        origin=found.origin,
        recorded_at=DateTime(found.recorded_at),
        expires_at=instant_or_none(found.expires_at),
        sources=[AttributeKey(key) for key in found.sources],
        stale=found.stale,
    )
