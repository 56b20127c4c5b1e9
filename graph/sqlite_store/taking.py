"""Entries of another store as rows of this one, each in the shape and at the position it had there."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from graph.archive import (
    AdditionsAt,
    Answered,
    Entry,
    LedgerEnd,
    LedgerEntry,
    Link,
    Party,
    SealedValue,
    Secret,
    UsedOffer,
    turns,
)
from graph.errors import ArchiveRefused
from graph.idempotency import CATALOGUE, whose
from graph.instants import micros, micros_or_none
from graph.ledger import read
from graph.records import Device, Record
from graph.sqlite_store.catalogue import Addition, row_of
from graph.sqlite_store.changes import CHAIN, columns, write_devices
from graph.sqlite_store.commands import KEEP
from graph.sqlite_store.disclosures import MOVE_END, lead_to, write
from graph.sqlite_store.parties import PartyRow, made, save
from graph.sqlite_store.rows import packed
from graph.store import StoredRecord

TAKE_RANDOM: Final = """-- random bytes as they were elsewhere: WRITE
INSERT INTO secret (name, random) VALUES (?, ?)"""
TAKE_ADDITION: Final = """-- addition as it was elsewhere: WRITE
INSERT INTO addition (kind, id, owner, body) VALUES (?, ?, ?, ?)"""
TAKE_OFFER: Final = """-- offer as it was elsewhere: WRITE
INSERT INTO offer (id, at) VALUES (?, ?)"""
COUNT_ADDITIONS: Final = """-- revision of the additions and catalogue served last, as they were elsewhere: WRITE
UPDATE tally SET additions = ?, catalogue_version = max(catalogue_version, ?) WHERE place = 1"""
TAKE_RECORD: Final = """-- record as it was elsewhere: WRITE
INSERT INTO record (party, id, recorded_at, starts_at, valid_until, yes, purpose, category, recipient,
  recipient_group, body, position, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
TAKE_VALUE: Final = """-- value as it was elsewhere: WRITE
INSERT INTO value (party, key, sealed, recorded_at, purpose, expires_at, observed_at, device, sources,
  input_revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


class Taking:
    """Writes entries down in their order; a party's own entries come between it and the next one."""

    def __init__(self) -> None:
        self._open: PartyRow | None = None
        self._in_force: list[Record] = []
        self._missing = {AdditionsAt, LedgerEnd}  # what every store tells once

    def take(self, entries: Sequence[Entry], connection: sqlite3.Connection) -> None:
        """Write some entries; raises `ArchiveRefused` for what is out of order or told twice."""
        try:
            for entry in entries:
                self._missing.discard(type(entry))
                TURN[type(entry)](self, connection, entry)
        except (sqlite3.IntegrityError, OverflowError):
            raise ArchiveRefused("the archive tells something twice, or what no store holds; export it again") from None

    def end(self, connection: sqlite3.Connection) -> None:
        """Finish the last party; raises `ArchiveRefused` if something every store tells was not told."""
        self._finish(connection)
        if self._missing:
            raise ArchiveRefused("the archive lacks what every store tells; export it again")
        lead_to(connection, after=0)

    def _secret(self, connection: sqlite3.Connection, entry: Secret) -> None:
        connection.execute(TAKE_RANDOM, (entry.name, entry.random))

    def _additions_at(self, connection: sqlite3.Connection, entry: AdditionsAt) -> None:
        connection.execute(COUNT_ADDITIONS, (entry.revision, entry.catalogue))

    def _addition(self, connection: sqlite3.Connection, entry: Addition) -> None:
        connection.execute(TAKE_ADDITION, row_of(entry))

    def _party(self, connection: sqlite3.Connection, entry: Party) -> None:
        self._finish(connection)
        latest = micros_or_none(entry.latest)
        self._open = replace(made(connection, entry.subject), revision=entry.revision, latest=latest, head=entry.head)

    def _device(self, connection: sqlite3.Connection, entry: Device) -> None:
        write_devices(connection, self._place, (entry,))

    def _record(self, connection: sqlite3.Connection, entry: StoredRecord) -> None:
        ended = micros_or_none(entry.ended_at)
        connection.execute(TAKE_RECORD, (*columns(self._place, entry.record), entry.position, ended))
        if ended is None:
            self._in_force.append(entry.record)

    def _value(self, connection: sqlite3.Connection, entry: SealedValue) -> None:
        row = (
            self._place,
            entry.key,
            entry.box,
            micros(entry.recorded_at),
            entry.purpose,
            micros_or_none(entry.expires_at),
            micros_or_none(entry.observed_at),
            entry.device,
            json.dumps(entry.sources),
            entry.input_revision,
        )
        connection.execute(TAKE_VALUE, row)

    def _change(self, connection: sqlite3.Connection, entry: Link) -> None:
        connection.execute(CHAIN, (self._place, entry.revision, micros(entry.at), entry.text, entry.head))

    def _ledger_end(self, connection: sqlite3.Connection, entry: LedgerEnd) -> None:
        connection.execute(MOVE_END, (entry.length, entry.head))

    def _ledger_entry(self, connection: sqlite3.Connection, entry: LedgerEntry) -> None:
        try:
            disclosure = read(entry.text)
        except (ValueError, KeyError, TypeError):
            raise ArchiveRefused(f"entry `{entry.position}` of the ledger cannot be read; export it again") from None
        write(connection, disclosure, (entry.position, entry.text, entry.head))

    def _offer(self, connection: sqlite3.Connection, entry: UsedOffer) -> None:
        connection.execute(TAKE_OFFER, (entry.id, micros(entry.at)))

    def _answered(self, connection: sqlite3.Connection, entry: Answered) -> None:
        owner = CATALOGUE if entry.kind is None else whose(entry.kind, entry.party)
        command = entry.command
        row = (owner, command.key, command.fingerprint, entry.revision, command.answer, micros(entry.at))
        connection.execute(KEEP, row)

    @property
    def _place(self) -> int:
        if self._open is None:
            raise ArchiveRefused("the archive tells of somebody's own before it tells of her; export it again")
        return self._open.place

    def _finish(self, connection: sqlite3.Connection) -> None:
        """Write down what a decision reads of the party told last: her records in force, in one string."""
        if self._open is not None:
            state = packed((self._open.revision, tuple(self._in_force)))
            save(connection, replace(self._open, state=state))
        self._open, self._in_force = None, []


TURN: Final[Mapping[type, Callable[[Taking, sqlite3.Connection, Any], None]]] = turns(Taking)
