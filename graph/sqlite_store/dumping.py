"""Telling everything the file keeps, entry by entry, in one read transaction beside whoever writes."""

import json
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from graph.archive import (
    AdditionsAt,
    Answered,
    Entry,
    LedgerEnd,
    LedgerEntry,
    Link,
    OfParty,
    Party,
    SealedValue,
    Secret,
    UsedOffer,
)
from graph.idempotency import CATALOGUE, KEPT
from graph.instants import instant, instant_or_none, micros
from graph.sqlite_store.apart import apart
from graph.sqlite_store.catalogue import ADDITION_OF, REVISION, SERVED
from graph.sqlite_store.consent import device_of
from graph.sqlite_store.disclosures import END
from graph.sqlite_store.lanes import READ_BUSY_MS, READING, Lanes
from graph.sqlite_store.parties import subject_of
from graph.sqlite_store.rows import record_of
from graph.store import Command, StoredRecord
from graph.terms import PartyKind

AT_ONCE: Final = 500  # entries a step: some 10 ms, and with the largest of them still a few megabytes

SECRETS: Final = """-- dump of secrets: READ
SELECT name, random FROM secret ORDER BY name"""
ADDED: Final = """-- dump of additions: READ
SELECT kind, body FROM addition ORDER BY place"""
PARTIES: Final = """-- dump of parties: READ
SELECT place, kind, id, revision, latest, head, standing, levels, age_band, jurisdictions, guardians
FROM party ORDER BY kind, id"""
DEVICES: Final = """-- dump of devices: READ
SELECT id, name, kind, shared, linked_at, unlinked_at FROM device WHERE party = ? ORDER BY place"""
RECORDS: Final = """-- dump of records: READ
SELECT position, body, ended_at FROM record WHERE party = ? ORDER BY position"""
VALUES: Final = """-- dump of values: READ
SELECT key, sealed, recorded_at, purpose, expires_at, observed_at, device, sources, input_revision
FROM value WHERE party = ? ORDER BY key"""
LINKS: Final = """-- dump of changes: READ
SELECT revision, at, text, head FROM change WHERE party = ? ORDER BY revision"""
LEDGER: Final = """-- dump of disclosures: READ
SELECT position, text, head FROM disclosure ORDER BY position"""
OFFERS: Final = """-- dump of offers: READ
SELECT id, at FROM offer ORDER BY id"""
COMMANDS: Final = """-- dump of commands: READ
SELECT party, key, fingerprint, answer, revision, at FROM command WHERE at > ? ORDER BY party, key"""


async def dump(lanes: Lanes, at: datetime) -> AsyncGenerator[Entry, None]:
    """Tell everything as it is when the first entry is asked for; a reader never stops a writer."""
    async with apart(lanes, READ_BUSY_MS, READING) as one:
        entries = await one.step(lambda connection: _begun(connection, micros(at)))
        while page := await one.step(lambda _: tuple(islice(entries, AT_ONCE))):
            for entry in page:
                yield entry


def _begun(connection: sqlite3.Connection, at: int) -> Iterator[Entry]:
    connection.execute("BEGIN")
    connection.execute(END)  # INVARIANT: the first read fixes the instant all later ones are of
    return _everything(connection, at)


def _everything(connection: sqlite3.Connection, at: int) -> Iterator[Entry]:
    for name, random in connection.execute(SECRETS):
        yield Secret(name, random)
    yield AdditionsAt(connection.execute(REVISION).fetchone()[0], connection.execute(SERVED).fetchone()[0])
    for kind, body in connection.execute(ADDED):
        yield ADDITION_OF[kind](body)
    for place, kind, party, revision, latest, head, *person in connection.execute(PARTIES):
        subject = subject_of(party, PartyKind(kind), tuple(person))
        yield Party(subject, revision, instant_or_none(latest), head)
        yield from _of_party(connection, place)
    yield LedgerEnd(*connection.execute(END).fetchone())
    for row in connection.execute(LEDGER):
        yield LedgerEntry(*row)
    for offer, used in connection.execute(OFFERS):
        yield UsedOffer(offer, instant(used))
    for owner, *row in connection.execute(COMMANDS, (at - KEPT,)):
        yield _answered(owner, *row)


def _of_party(connection: sqlite3.Connection, place: int) -> Iterator[OfParty]:
    yield from map(device_of, connection.execute(DEVICES, (place,)))
    for position, body, ended in connection.execute(RECORDS, (place,)):
        yield StoredRecord(position, record_of(body), instant_or_none(ended))
    yield from map(_value, connection.execute(VALUES, (place,)))
    for revision, made, text, head in connection.execute(LINKS, (place,)):
        yield Link(revision, instant(made), text, head)


def _value(row: tuple[str, bytes, int, str, int | None, int | None, str | None, str, int]) -> SealedValue:
    key, box, recorded, purpose, expires, observed, device, sources, input_revision = row
    return SealedValue(
        key,
        box,
        instant(recorded),
        purpose,
        instant_or_none(expires),
        instant_or_none(observed),
        device,
        tuple(json.loads(sources)),
        input_revision,
    )


def _answered(owner: str, key: str, fingerprint: str, answer: str, revision: int, at: int) -> Answered:
    kind, _, party = owner.partition(":")
    whose = None if owner == CATALOGUE else PartyKind(kind)
    return Answered(whose, party, Command(key, fingerprint, answer), revision, instant(at))
