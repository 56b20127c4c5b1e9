"""Reading consent states: the snapshot a decision is made on, in one statement, and the history behind it."""

import sqlite3
from typing import Final

from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.instants import instant, instant_or_none
from graph.records import Device, Record, Subject
from graph.sqlite_store.parties import subject_of
from graph.sqlite_store.rows import record_of, records_of
from graph.store import Parties
from graph.terms import DeviceKind, PartyKind, Standing

# One statement, so one state of the file: up to three parties, the device, the revision of the additions.
SNAPSHOT: Final = """-- snapshot: READ
SELECT t.additions, d.shared, d.unlinked_at IS NULL AND d.place IS NOT NULL,
  s.standing, s.levels, s.age_band, s.jurisdictions, s.guardians,
  s.revision, s.latest, s.state, p.revision, p.latest, p.state, h.revision, h.latest, h.state
FROM tally AS t
LEFT JOIN party AS s ON s.kind = 'SUBJECT' AND s.id = :subject
LEFT JOIN device AS d ON d.party = s.place AND d.id = :device
LEFT JOIN party AS p ON p.kind = 'DEVICE' AND p.id = :device
LEFT JOIN party AS h ON h.kind = 'HOUSEHOLD' AND h.id = :household
WHERE t.place = 1"""
EVER: Final = """-- every record of a party: READ
SELECT r.body FROM party AS p JOIN record AS r ON r.party = p.place
WHERE p.kind = ? AND p.id = ? ORDER BY r.position"""
DEVICES: Final = """-- devices of a subject: READ
SELECT d.id, d.name, d.kind, d.shared, d.linked_at, d.unlinked_at
FROM party AS p JOIN device AS d ON d.party = p.place
WHERE p.kind = 'SUBJECT' AND p.id = ? ORDER BY d.place"""


def snapshot(connection: sqlite3.Connection, subject: str, parties: Parties) -> Snapshot:
    """Read the states of up to three parties, the device, and the revision of the additions, as of one instant."""
    row = connection.execute(SNAPSHOT, named(subject, parties)).fetchone()
    states = [_state(PartyKind.SUBJECT, subject, row[8:11])]
    if parties.device is not None:
        states.append(_state(PartyKind.DEVICE, parties.device, row[11:14]))
    if parties.household is not None:
        states.append(_state(PartyKind.HOUSEHOLD, parties.household, row[14:17]))
    device = None if parties.device is None else _device(parties.device, row[1:3])
    return Snapshot(_person(subject, row[3:8]), tuple(states), device, row[0])


def _device(device: str, row: tuple[int | None, int | None]) -> DeviceState:
    """Return a device as one subject linked it; without a row she never did."""
    shared, linked = row
    return DeviceState(device, linked=bool(linked), shared=bool(shared), known=shared is not None)


def history(connection: sqlite3.Connection, subject: str, parties: Parties) -> Snapshot:
    """Read the same as `snapshot` with every record ever made, ended ones too."""
    connection.execute("BEGIN")
    try:
        now = snapshot(connection, subject, parties)
        states = tuple(
            PartyState(party.kind, party.id, party.revision, _ever(connection, party), party.latest)
            for party in now.parties
        )
    finally:
        connection.rollback()
    return Snapshot(now.subject, states, now.device, now.catalogue_revision)


def devices(connection: sqlite3.Connection, subject: str) -> tuple[Device, ...]:
    """List a subject's devices in the order they were first linked."""
    return tuple(map(device_of, connection.execute(DEVICES, (subject,))))


def device_of(row: tuple[str, str, str, int, int, int | None]) -> Device:
    """Return the device of (id, name, kind, shared, linked at, unlinked at)."""
    key, name, kind, shared, linked, unlinked = row
    return Device(key, name, DeviceKind(kind), bool(shared), instant(linked), instant_or_none(unlinked))


def named(subject: str, parties: Parties) -> dict[str, str | None]:
    """Return the ids of up to three parties as parameters."""
    return {"subject": subject, "device": parties.device, "household": parties.household}


def _person(subject: str, row: tuple[str | None, ...]) -> Subject:
    known = tuple(one for one in row if one is not None)
    if not known:
        return Subject(subject, standing=Standing.UNKNOWN)
    return subject_of(subject, PartyKind.SUBJECT, known)


def _state(kind: PartyKind, party: str, row: tuple[int | None, int | None, bytes]) -> PartyState:
    if row[0] is None:
        return PartyState(kind, party)
    revision, records = records_of(row[2])
    return PartyState(kind, party, revision, records, instant_or_none(row[1]))


def _ever(connection: sqlite3.Connection, party: PartyState) -> tuple[Record, ...]:
    return tuple(record_of(body) for (body,) in connection.execute(EVER, (party.kind.value, party.id)))
