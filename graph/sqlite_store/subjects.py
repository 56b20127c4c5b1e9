"""Subjects coming to be: made at the first call with a valid token, kept up to date with its claims."""

import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Final

from graph.instants import micros
from graph.records import Device, Subject
from graph.sqlite_store.changes import chained, write_devices
from graph.sqlite_store.parties import PartyRow, found, found_or_made, save
from graph.sqlite_store.rows import restated
from graph.terms import Standing
from graph.transition import claimed, said_of_claims

KNOWS_DEVICE: Final = """-- device known: READ
SELECT 1 FROM device WHERE party = ? AND id = ?"""


def is_open(connection: sqlite3.Connection, subject: Subject, device: Device | None) -> bool:
    """Tell whether opening this subject would change nothing; the usual case, and only a read."""
    row = found(connection, subject.kind, subject.id)
    if row is None:
        return False
    if row.subject.standing is Standing.ERASED:
        return True
    return claimed(row.subject, subject) == row.subject and (device is None or _knows(connection, row, device))


def open_subject(connection: sqlite3.Connection, subject: Subject, device: Device | None, at: datetime) -> None:
    """Make a subject and link her first device, or take over what newer claims say, inside a write transaction."""
    row = found_or_made(connection, subject)
    if row.subject.standing is Standing.ERASED:
        return
    if device is not None and not _knows(connection, row, device):
        write_devices(connection, row.place, (device,))
    newest = claimed(row.subject, subject)
    if newest != row.subject:
        _restate(connection, replace(row, subject=newest), micros(at))


def _knows(connection: sqlite3.Connection, row: PartyRow, device: Device) -> bool:
    return connection.execute(KNOWS_DEVICE, (row.place, device.id)).fetchone() is not None


def _restate(connection: sqlite3.Connection, row: PartyRow, at: int) -> None:
    revision = row.revision + 1
    changed = replace(row, revision=revision, state=restated(row.state, revision))
    save(connection, chained(connection, changed, at, said_of_claims(row.subject)))
