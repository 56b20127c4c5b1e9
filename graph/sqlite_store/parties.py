"""Parties as rows: found, made, read back; people, device profiles and households never meet."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Final

from graph.ledger import GENESIS
from graph.records import Subject
from graph.sqlite_store.rows import packed
from graph.terms import AgeBand, Level, PartyKind, Standing

FIND: Final = """-- party: READ
SELECT place, revision, latest, head, state, standing, levels, age_band, jurisdictions, guardians
FROM party WHERE kind = ? AND id = ?"""
MAKE: Final = """-- party made: WRITE
INSERT INTO party (kind, id, standing, age_band, jurisdictions, levels, guardians, revision, head, state)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)"""
SAVE: Final = """-- party changed: WRITE
UPDATE party SET revision = ?, latest = ?, head = ?, state = ?, standing = ?, levels = ?, age_band = ?,
  jurisdictions = ?, guardians = ?, moved = (SELECT writes + 1 FROM tally WHERE place = 1) WHERE place = ?"""

NOTHING: Final = packed((0, ()))  # the state of a party nobody has said anything for


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party as its row has it, opened for a change inside a write transaction."""

    place: int
    revision: int
    latest: int | None
    head: str
    state: bytes
    subject: Subject


def found(connection: sqlite3.Connection, kind: PartyKind, party: str) -> PartyRow | None:
    """Return a party's row, or `None`."""
    row = connection.execute(FIND, (kind.value, party)).fetchone()
    if row is None:
        return None
    place, revision, latest, head, state, *person = row
    return PartyRow(place, revision, latest, head, state, subject_of(party, kind, tuple(person)))


def found_or_made(connection: sqlite3.Connection, subject: Subject) -> PartyRow:
    """Return a party's row; one that is not there is made as given, at revision 0."""
    return found(connection, subject.kind, subject.id) or made(connection, subject)


def made(connection: sqlite3.Connection, subject: Subject) -> PartyRow:
    """Make a party's row at revision 0; raises `sqlite3.IntegrityError` if it is there."""
    row = connection.execute(
        MAKE,
        (
            subject.kind.value,
            subject.id,
            subject.standing.value,
            subject.age_band.value,
            json.dumps(subject.jurisdictions),
            json.dumps(dict(subject.levels)),
            json.dumps(subject.guardians),
            GENESIS,
            NOTHING,
        ),
    )
    return PartyRow(row.lastrowid or 0, 0, None, GENESIS, NOTHING, subject)


def save(connection: sqlite3.Connection, row: PartyRow) -> None:
    """Write a changed row back."""
    one = row.subject
    connection.execute(
        SAVE,
        (
            row.revision,
            row.latest,
            row.head,
            row.state,
            one.standing.value,
            json.dumps(dict(one.levels)),
            one.age_band.value,
            json.dumps(one.jurisdictions),
            json.dumps(one.guardians),
            row.place,
        ),
    )


def subject_of(party: str, kind: PartyKind, row: tuple[str, ...]) -> Subject:
    """Return a party of (standing, levels, age band, jurisdictions, guardians)."""
    standing, levels, age_band, jurisdictions, guardians = row
    return Subject(
        party,
        kind,
        Standing(standing),
        AgeBand(age_band),
        tuple(json.loads(jurisdictions)),
        tuple((channel, Level(level)) for channel, level in json.loads(levels).items()),
        tuple(json.loads(guardians)),
    )
