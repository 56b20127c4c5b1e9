"""Writing consent: one change on one party's state, whole or not at all, each a link of that party's hash chain."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from graph import transition
from graph.errors import OfferUsed, RevisionConflict
from graph.idempotency import whose
from graph.instants import micros, micros_or_none
from graph.records import Device, Record, Subject
from graph.sqlite_store import commands
from graph.sqlite_store.parties import PartyRow, found, found_or_made, save
from graph.sqlite_store.rows import packed, records_of
from graph.store import Appended, Change
from graph.transition import CONFLICT, link

USE_OFFER: Final = """-- offer answered: WRITE
INSERT OR IGNORE INTO offer (id, at) VALUES (?, ?)"""
BEGIN_RECORD: Final = """-- record begins: WRITE
INSERT INTO record (party, id, recorded_at, starts_at, valid_until, yes, purpose, category, recipient,
  recipient_group, body, position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM record WHERE party = ?))"""
END_RECORD: Final = """-- record ends: WRITE
UPDATE record SET ended_at = ? WHERE party = ? AND id = ? AND ended_at IS NULL"""
LINK: Final = """-- device linked, unlinked, registered anew: WRITE
INSERT INTO device (party, id, name, kind, shared, linked_at, unlinked_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (party, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, shared = excluded.shared,
  linked_at = excluded.linked_at, unlinked_at = excluded.unlinked_at"""
CHAIN: Final = """-- change: WRITE
INSERT INTO change (party, revision, at, text, head) VALUES (?, ?, ?, ?, ?)"""
ERASE: Final = """-- values of an erased subject: WRITE
DELETE FROM value WHERE party = ?"""


def append(connection: sqlite3.Connection, change: Change) -> Appended:
    """Apply a change inside a write transaction; raises `KeyReused`, `OfferUsed`, `RevisionConflict`, in this order."""
    owner, at = whose(change.kind, change.subject), micros(change.at)
    earlier = commands.answered(connection, owner, change.command, at)
    if earlier is not None:
        return earlier
    if change.offer is not None and connection.execute(USE_OFFER, (change.offer, at)).rowcount == 0:
        raise OfferUsed("the offer was answered before; ask for a new one")
    row = found(connection, change.kind, change.subject)
    if change.base != (0 if row is None else row.revision):
        raise RevisionConflict(CONFLICT)
    revision = change.base
    if change.effective or change.ends or change.erases_values:
        revision = _applied(connection, change, at)
    return commands.keep(connection, owner, change.command, revision, at)


def _applied(connection: sqlite3.Connection, change: Change, at: int) -> int:
    row = found_or_made(connection, Subject(change.subject, change.kind))
    latest = transition.latest(row.latest, change) if change.effective else row.latest
    _write_records(connection, row.place, change, at)
    write_devices(connection, row.place, change.devices)
    if change.erases_values:
        connection.execute(ERASE, (row.place,))
    records = transition.in_force(records_of(row.state)[1], change)
    revision = row.revision + change.effective
    changed = replace(
        row,
        revision=revision,
        latest=latest,
        state=packed((revision, records)),
        subject=transition.changed(row.subject, change),
    )
    if change.effective:
        changed = chained(connection, changed, at, transition.said(change))
    save(connection, changed)
    return revision


def _write_records(connection: sqlite3.Connection, party: int, change: Change, at: int) -> None:
    connection.executemany(END_RECORD, [(at, party, record) for record in (*change.ends, *change.lifts)])
    connection.executemany(BEGIN_RECORD, [(*columns(party, record), party) for record in change.begins])


def columns(party: int, record: Record) -> tuple[object, ...]:
    """Return a record as its row has it: whose it is, by what it is found, and itself."""
    scope = record.scope
    return (
        party,
        record.id,
        micros(record.recorded_at),
        micros(record.starts),
        micros_or_none(record.valid_until) if record.is_yes else None,
        record.is_yes,
        scope.purpose,
        scope.category,
        scope.recipient,
        scope.group,
        packed(record),
    )


def write_devices(connection: sqlite3.Connection, party: int, devices: Iterable[Device]) -> None:
    """Write the intervals of devices over those of the same id."""
    connection.executemany(
        LINK,
        [
            (
                party,
                one.id,
                one.name,
                one.kind.value,
                one.shared,
                micros(one.linked_at),
                micros_or_none(one.unlinked_at),
            )
            for one in devices
        ],
    )


def chained(connection: sqlite3.Connection, row: PartyRow, at: int, said: Mapping[str, object]) -> PartyRow:
    """Write the link of the party's chain that made its revision; return the row with the new head."""
    text, head = link(row.head, row.revision, at, said)
    connection.execute(CHAIN, (row.place, row.revision, at, text, head))
    return replace(row, head=head)
