"""The schema, as numbered migrations: each is applied once, in order, and never edited afterwards."""

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Final, LiteralString

from graph.errors import StoreError, StoreTooNew


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; its number is its place in `MIGRATIONS`, from 1."""

    name: str
    statements: tuple[LiteralString, ...]

    @property
    def checksum(self) -> str:
        """Return the digest by which an edited migration is found."""
        return hashlib.sha256("\n;\n".join((self.name, *self.statements)).encode()).hexdigest()


_FIRST: Final = Migration(
    "what a store keeps",
    (
        # one row: the ends of the chains, kept beside them so that entries taken off the end are missed
        """CREATE TABLE tally (
  place INTEGER PRIMARY KEY CHECK (place = 1), store BLOB NOT NULL, writes INTEGER NOT NULL DEFAULT 0,
  additions INTEGER NOT NULL DEFAULT 0, ledger_length INTEGER NOT NULL DEFAULT 0, ledger_head TEXT NOT NULL
) STRICT""",
        "INSERT INTO tally (place, store, ledger_head) VALUES (1, randomblob(16), printf('%064d', 0))",
        # `state` is what a decision reads: the revision and the records in force, in one string
        """CREATE TABLE party (
  place INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, standing TEXT NOT NULL, age_band TEXT NOT NULL,
  jurisdictions TEXT NOT NULL, levels TEXT NOT NULL, guardians TEXT NOT NULL, revision INTEGER NOT NULL,
  latest INTEGER, head TEXT NOT NULL, state BLOB NOT NULL, UNIQUE (kind, id)
) STRICT""",
        # every record ever made; an ended one keeps its row
        """CREATE TABLE record (
  place INTEGER PRIMARY KEY, party INTEGER NOT NULL REFERENCES party, id TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  starts_at INTEGER NOT NULL, valid_until INTEGER, ended_at INTEGER, yes INTEGER NOT NULL, purpose TEXT, category TEXT,
  recipient TEXT, recipient_group TEXT, body BLOB NOT NULL, UNIQUE (party, id)
) STRICT""",
        "CREATE INDEX record_by_party ON record (party)",
        "CREATE INDEX record_in_force ON record (recipient, purpose) WHERE ended_at IS NULL AND yes = 1",
        # one row an effective change: the subject's hash chain, at the revision the change made
        """CREATE TABLE change (
  party INTEGER NOT NULL REFERENCES party, revision INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL,
  head TEXT NOT NULL, PRIMARY KEY (party, revision)
) STRICT, WITHOUT ROWID""",
        # a device is a row for (subject, device): a shared headset links nobody to anybody
        """CREATE TABLE device (
  place INTEGER PRIMARY KEY, party INTEGER NOT NULL REFERENCES party, id TEXT NOT NULL, name TEXT NOT NULL,
  kind TEXT NOT NULL, shared INTEGER NOT NULL, linked_at INTEGER NOT NULL, unlinked_at INTEGER, UNIQUE (party, id)
) STRICT""",
        """CREATE TABLE command (
  party TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, revision INTEGER NOT NULL, answer TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (party, key)
) STRICT, WITHOUT ROWID""",
        "CREATE INDEX command_by_at ON command (at)",
        "CREATE TABLE offer (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE value (
  party INTEGER NOT NULL REFERENCES party, key TEXT NOT NULL, sealed BLOB NOT NULL, recorded_at INTEGER NOT NULL,
  purpose TEXT NOT NULL, expires_at INTEGER, observed_at INTEGER, device TEXT, sources TEXT NOT NULL,
  input_revision INTEGER NOT NULL, PRIMARY KEY (party, key)
) STRICT, WITHOUT ROWID""",
        "CREATE INDEX value_by_end ON value (expires_at) WHERE expires_at IS NOT NULL",
        # the ledger: `text` is the truth and what the chain is over, the columns and side tables find it
        """CREATE TABLE disclosure (
  position INTEGER PRIMARY KEY, subject TEXT NOT NULL, recipient TEXT NOT NULL, purpose TEXT NOT NULL,
  document TEXT, at INTEGER NOT NULL, text TEXT NOT NULL, head TEXT NOT NULL
) STRICT""",
        "CREATE INDEX disclosure_by_subject ON disclosure (subject)",
        "CREATE INDEX disclosure_by_recipient ON disclosure (recipient)",
        "CREATE INDEX disclosure_by_purpose ON disclosure (purpose)",
        "CREATE INDEX disclosure_by_document ON disclosure (document, recipient, at) WHERE document IS NOT NULL",
        "CREATE INDEX disclosure_by_at ON disclosure (at)",
        """CREATE TABLE disclosure_key (
  key TEXT NOT NULL, position INTEGER NOT NULL REFERENCES disclosure, PRIMARY KEY (key, position)
) STRICT, WITHOUT ROWID""",
        "CREATE INDEX disclosure_key_by_position ON disclosure_key (position)",
        """CREATE TABLE disclosure_record (
  record TEXT NOT NULL, position INTEGER NOT NULL REFERENCES disclosure, PRIMARY KEY (record, position)
) STRICT, WITHOUT ROWID""",
        # what governance added; `owner` is the recipient of a document
        """CREATE TABLE addition (
  place INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, body BLOB NOT NULL,
  UNIQUE (kind, id, owner)
) STRICT""",
        "CREATE TABLE secret (name TEXT PRIMARY KEY, random BLOB NOT NULL) STRICT, WITHOUT ROWID",
    ),
)

_CATALOGUE: Final = Migration(
    "the catalogue served last",
    ("ALTER TABLE tally ADD COLUMN catalogue_version INTEGER NOT NULL DEFAULT 0",),
)

_POSITIONS: Final = Migration(
    "a record's position is its party's own",
    (
        # a record that was moved here keeps the position it had elsewhere, whatever another party's records have
        "ALTER TABLE record ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
        "UPDATE record SET position = place",
        "DROP INDEX record_by_party",
        "CREATE UNIQUE INDEX record_by_position ON record (party, position)",
    ),
)

# INVARIANT: the number of the write that changed a party last: there is one writer, so the order is that of commits and
# none is missed. A party stands there once, however often it changes, so that nothing grows and nothing is pruned.
_FEED: Final = Migration(
    "the write that moved a party last",
    (
        "ALTER TABLE party ADD COLUMN moved INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX party_by_move ON party (moved)",
    ),
)

MIGRATIONS: Final[tuple[Migration, ...]] = (_FIRST, _CATALOGUE, _POSITIONS, _FEED)

JOURNAL: Final = """CREATE TABLE IF NOT EXISTS migration (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL
) STRICT"""
APPLIED: Final = """-- migrations applied: READ
SELECT number, checksum FROM migration ORDER BY number"""
APPLY: Final = """-- migration applied: WRITE
INSERT INTO migration (number, name, checksum) VALUES (?, ?, ?)"""


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """Bring the schema up to date inside the caller's write transaction; return how many migrations were applied.

    Raises `StoreTooNew` for a schema this program does not know, `StoreError` for an edited migration.
    """
    refuse_newer(connection, len(migrations))
    connection.execute(JOURNAL)
    applied = refuse_edited(connection, migrations)
    for number, migration in list(enumerate(migrations, start=1))[applied:]:
        for statement in migration.statements:
            connection.execute(statement)
        connection.execute(APPLY, (number, migration.name, migration.checksum))
        connection.execute(f"PRAGMA user_version = {number:d}")  # a pragma takes no parameter
    return len(migrations) - applied


def refuse_edited(connection: sqlite3.Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """Raise `StoreError` for a store that another text of a migration made; return how many it has seen."""
    applied = connection.execute(APPLIED).fetchall()
    for number, checksum in applied:
        if migrations[number - 1].checksum != checksum:
            raise StoreError(f"migration `{number}` was edited after this store was made; start the program it knows")
    return len(applied)


def refuse_newer(connection: sqlite3.Connection, known: int = len(MIGRATIONS)) -> None:
    """Raise `StoreTooNew` for a schema this program does not know."""
    number = schema_number(connection)
    if number > known:
        raise StoreTooNew(f"the store has schema `{number}`, this program knows `{known}`; start a newer program")


def schema_number(connection: sqlite3.Connection) -> int:
    """Return how many migrations a file has seen."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number
