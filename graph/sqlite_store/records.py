"""Listing records: every one ever made, or those that counted at an instant by what was known at another."""

import sqlite3
from typing import Final, LiteralString

from graph.instants import instant_or_none, micros_or_none
from graph.sqlite_store.rows import record_of
from graph.store import AsOf, Page, StoredRecord

_COUNTED: Final[LiteralString] = """
FROM party AS p JOIN record AS r ON r.party = p.place
WHERE p.kind = 'SUBJECT' AND p.id = :subject
  AND (:known IS NULL OR r.recorded_at <= :known)
  AND (:valid IS NULL OR (
    r.starts_at <= :valid AND (r.valid_until IS NULL OR r.valid_until > :valid)
    AND (r.ended_at IS NULL OR r.ended_at > :valid OR r.ended_at > :known)))
"""
LIST: Final[LiteralString] = (
    """-- records as of: READ
SELECT r.position, r.body, CASE WHEN r.ended_at > :known THEN NULL ELSE r.ended_at END"""
    + _COUNTED
    + "AND r.position > :after ORDER BY r.position LIMIT :first"
)
COUNT: Final[LiteralString] = "-- records as of, counted: READ\nSELECT COUNT(*)" + _COUNTED


def listed(connection: sqlite3.Connection, subject: str, page: Page, as_of: AsOf) -> tuple[StoredRecord, ...]:
    """List one page of a subject's records, oldest first."""
    rows = connection.execute(LIST, {**_named(subject, as_of), "after": page.after, "first": page.first})
    return tuple(StoredRecord(position, record_of(body), instant_or_none(ended)) for position, body, ended in rows)


def counted(connection: sqlite3.Connection, subject: str, as_of: AsOf) -> int:
    """Count what `listed` would list over all pages."""
    number: int = connection.execute(COUNT, _named(subject, as_of)).fetchone()[0]
    return number


def _named(subject: str, as_of: AsOf) -> dict[str, object]:
    return {"subject": subject, "valid": micros_or_none(as_of.valid_at), "known": micros_or_none(as_of.known_at)}
