"""Held values: read beside the revisions that prove them, written once for each key, gone at their end."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from graph.decision.snapshot import Snapshot
from graph.errors import RevisionConflict
from graph.idempotency import whose
from graph.instants import instant, instant_or_none, micros, micros_or_none
from graph.proving import holds, parties_of
from graph.records import Subject, Value
from graph.sealing import opened, sealed
from graph.sqlite_store import commands, consent
from graph.sqlite_store.parties import PartyRow, found, found_or_made
from graph.store import Appended, Command, Page, ValuesAt
from graph.terms import PartyKind, Standing
from graph.transition import CONFLICT

# One row, whatever is read: after each row of a result a thread gives the interpreter up and has to wait for it again,
# which on a busy gateway is what the caller waits for.
# INVARIANT: one statement, so one state of the file: no value is newer than the revisions beside it.
READ: Final = """-- values of some keys, and the revisions that prove them: READ
SELECT (
    SELECT json_group_array(json_array(v.key, hex(v.sealed), v.recorded_at, v.purpose, v.expires_at, v.observed_at,
      v.device, v.sources, v.input_revision))
    FROM value AS v
    WHERE v.party = s.place AND v.key IN (SELECT value FROM json_each(:keys))
      AND (v.expires_at IS NULL OR v.expires_at > :at)
  ), t.additions, s.revision, p.revision, h.revision
FROM tally AS t
LEFT JOIN party AS s ON s.kind = 'SUBJECT' AND s.id = :subject
LEFT JOIN party AS p ON p.kind = 'DEVICE' AND p.id = :device
LEFT JOIN party AS h ON h.kind = 'HOUSEHOLD' AND h.id = :household
WHERE t.place = 1"""
HELD: Final = """-- values held: READ
SELECT v.key, v.sealed, v.recorded_at, v.purpose, v.expires_at, v.observed_at, v.device, v.sources, v.input_revision
FROM party AS p JOIN value AS v ON v.party = p.place
WHERE p.kind = 'SUBJECT' AND p.id = ? ORDER BY v.key"""
PUT: Final = """-- value: WRITE
INSERT OR REPLACE INTO value (party, key, sealed, recorded_at, purpose, expires_at, observed_at, device, sources,
  input_revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
DISCARD: Final = """-- values discarded: WRITE
DELETE FROM value WHERE party = (SELECT place FROM party WHERE kind = 'SUBJECT' AND id = ?)
  AND key IN (SELECT value FROM json_each(?))"""
HOLDERS: Final = """-- subjects with values: READ
SELECT p.place, p.id FROM party AS p NOT INDEXED
WHERE p.kind = 'SUBJECT' AND p.place > ? AND EXISTS (SELECT 1 FROM value AS v WHERE v.party = p.place)
ORDER BY p.place LIMIT ?"""
SWEEP: Final = """-- values past their end: WRITE
DELETE FROM value WHERE expires_at <= ?"""


_sources = msgspec.json.Decoder(tuple[str, ...])
_rows = msgspec.json.Decoder(list[tuple[str, str, int, str, int | None, int | None, str | None, str, int]])


@dataclass(frozen=True, slots=True)
class Deposit:
    """Values to be stored by one command; `base` is the revision on which that was decided, if it was."""

    subject: str
    values: tuple[Value, ...]
    command: Command
    at: datetime
    base: int | None = None


def read(connection: sqlite3.Connection, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
    """Read values that have not expired, and prove what is known; a state that moved is read whole, after them."""
    subject, parties = known.own.id, parties_of(known)
    named = consent.named(subject, parties)
    found = connection.execute(READ, {**named, "keys": json.dumps(keys), "at": micros(at)}).fetchone()
    values = {row[0]: _value((row[0], bytes.fromhex(row[1]), *row[2:])) for row in _rows.decode(found[0])}
    if holds(known, found[1], found[2:]):
        return ValuesAt(values)
    return ValuesAt(values, consent.snapshot(connection, subject, parties))


def held(connection: sqlite3.Connection, subject: str) -> tuple[Value, ...]:
    """List what is held about a subject, by key."""
    return tuple(_value(row) for row in connection.execute(HELD, (subject,)))


def put(connection: sqlite3.Connection, deposit: Deposit) -> Appended:
    """Store values inside a write transaction; raises `KeyReused`, `RevisionConflict`."""
    owner, at = whose(PartyKind.SUBJECT, deposit.subject), micros(deposit.at)
    earlier = commands.answered(connection, owner, deposit.command, at)
    if earlier is not None:
        return earlier
    row = found_or_made(connection, Subject(deposit.subject))
    if row.subject.standing is Standing.ERASED or deposit.base not in (None, row.revision):
        raise RevisionConflict(CONFLICT)
    connection.executemany(PUT, [_columns(row, value) for value in deposit.values])
    return commands.keep(connection, owner, deposit.command, row.revision, at)


def holders(connection: sqlite3.Connection, page: Page) -> tuple[tuple[int, str], ...]:
    """List the subjects about whom a value is held."""
    return tuple(connection.execute(HOLDERS, (page.after, page.first)))


def discard(connection: sqlite3.Connection, subject: str, keys: tuple[str, ...], *, base: int | None) -> None:
    """Delete values for good inside a write transaction; raises `RevisionConflict`."""
    row = found(connection, PartyKind.SUBJECT, subject)
    if base is not None and (row is None or row.revision != base):
        raise RevisionConflict(CONFLICT)
    connection.execute(DISCARD, (subject, json.dumps(keys)))


def sweep(connection: sqlite3.Connection, at: datetime) -> int:
    """Delete every value past its end; return how many."""
    return connection.execute(SWEEP, (micros(at),)).rowcount


def _columns(row: PartyRow, value: Value) -> tuple[object, ...]:
    return (
        row.place,
        value.key,
        sealed(value.held),
        micros(value.recorded_at),
        value.purpose,
        micros_or_none(value.expires_at),
        micros_or_none(value.observed_at),
        value.device,
        json.dumps(value.sources),
        value.input_revision,
    )


def _value(row: tuple[str, bytes, int, str, int | None, int | None, str | None, str, int]) -> Value:
    key, box, recorded, purpose, expires, observed, device, sources, input_revision = row
    return Value(
        key,
        opened(box),
        instant(recorded),
        purpose,
        instant_or_none(expires),
        instant_or_none(observed),
        device,
        _sources.decode(sources),
        input_revision,
    )
