"""Listing records: every one ever made, or those that counted at an instant by what was known at another."""

from typing import Any, Final, LiteralString

from graph.instants import instant_or_none, micros_or_none
from graph.neo4j_store.connection import LONG_READ_SECONDS, Link
from graph.neo4j_store.names import party_of
from graph.neo4j_store.spelling import record_of
from graph.store import AsOf, Page, StoredRecord
from graph.terms import PartyKind

# By index, never over HOLDS and HELD: a record that moves from one to the other would be seen in both, or in neither.
_COUNTED: Final[LiteralString] = """
MATCH (record:Record)
USING INDEX SEEK record:Record(party, place)
WHERE record.party = $party AND record.place > $after
  AND ($known IS NULL OR record.recordedAt <= $known)
  AND ($valid IS NULL OR (
    record.startsAt <= $valid AND (record.validUntil IS NULL OR record.validUntil > $valid)
    AND (record.endedAt IS NULL OR record.endedAt > $valid OR record.endedAt > $known)))
"""
LIST: Final[LiteralString] = (
    "// records as of: READ"
    + _COUNTED
    + """WITH record ORDER BY record.party, record.place LIMIT $first
RETURN collect([record.place, record.body, CASE WHEN record.endedAt > $known THEN null ELSE record.endedAt END])
  AS records"""
)
COUNT: Final[LiteralString] = "// records as of, counted: READ" + _COUNTED + "RETURN count(record) AS number"


async def listed(link: Link, subject: str, page: Page, as_of: AsOf) -> tuple[StoredRecord, ...]:
    """List one page of a subject's records, oldest first."""
    row = await link.read(LIST, {**_named(subject, as_of), "after": page.after, "first": page.first})
    return tuple(StoredRecord(place, record_of(body), instant_or_none(ended)) for place, body, ended in row["records"])


async def counted(link: Link, subject: str, as_of: AsOf) -> int:
    """Count what `listed` would list over all pages."""
    row = await link.read(COUNT, {**_named(subject, as_of), "after": 0}, LONG_READ_SECONDS)
    number: int = row["number"]
    return number


def _named(subject: str, as_of: AsOf) -> dict[str, Any]:
    return {
        "party": party_of(PartyKind.SUBJECT, subject),
        "valid": micros_or_none(as_of.valid_at),
        "known": micros_or_none(as_of.known_at),
    }
