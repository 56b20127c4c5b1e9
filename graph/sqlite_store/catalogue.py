"""What governance added to the catalogue at run time, and the secrets all gateways of one store share."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from graph.catalogue import NoticeVersion, Recipient
from graph.errors import RevisionConflict
from graph.idempotency import CATALOGUE
from graph.instants import instant_or_none, micros
from graph.sqlite_store import commands
from graph.sqlite_store.rows import packed
from graph.store import Additions, Appended, Command, RegisteredDocument
from graph.transition import refuse_older_catalogue

RANDOM_BYTES: Final = 32  # 256 bits, what HMAC-SHA-256, AES-SIV and Ed25519 take

REVISION: Final = """-- revision of the additions: READ
SELECT additions FROM tally WHERE place = 1"""
# A document's last use is what the ledger says: nothing is written when one runs.
ADDED: Final = """-- additions: READ
SELECT a.kind, a.body,
  (SELECT MAX(d.at) FROM disclosure AS d WHERE d.document = a.id AND d.recipient = a.owner AND a.kind = 'DOCUMENT')
FROM addition AS a ORDER BY a.place"""
SAME: Final = """-- addition of one name: READ
SELECT body FROM addition WHERE kind = ? AND id = ? AND owner = ?"""
ADD: Final = """-- addition: WRITE
INSERT INTO addition (kind, id, owner, body) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, id, owner) DO UPDATE SET body = excluded.body"""
ADVANCE: Final = """-- revision of the additions grows: WRITE
UPDATE tally SET additions = additions + 1 WHERE place = 1 RETURNING additions"""
SERVED: Final = """-- catalogue served last: READ
SELECT catalogue_version FROM tally WHERE place = 1"""
SERVE: Final = """-- catalogue served now: WRITE
UPDATE tally SET catalogue_version = ? WHERE place = 1"""
RANDOM: Final = """-- random bytes of a name: READ
SELECT random FROM secret WHERE name = ?"""
MAKE_RANDOM: Final = """-- random bytes made: WRITE
INSERT OR IGNORE INTO secret (name, random) VALUES (?, ?)"""

RECIPIENT, NOTICE, DOCUMENT = "RECIPIENT", "NOTICE", "DOCUMENT"

_recipient = msgspec.msgpack.Decoder(Recipient)
_notice = msgspec.msgpack.Decoder(NoticeVersion)
_document = msgspec.msgpack.Decoder(RegisteredDocument)

Addition: TypeAlias = Recipient | NoticeVersion | RegisteredDocument
ADDITION_OF: Final[Mapping[str, Callable[[bytes], Addition]]] = {
    RECIPIENT: _recipient.decode,
    NOTICE: _notice.decode,
    DOCUMENT: _document.decode,
}


def additions(connection: sqlite3.Connection) -> Additions:
    """Read everything added so far, in the order it came."""
    connection.execute("BEGIN")
    try:
        revision = connection.execute(REVISION).fetchone()[0]
        rows = connection.execute(ADDED).fetchall()
    finally:
        connection.rollback()
    return Additions(
        revision,
        tuple(_recipient.decode(body) for kind, body, _ in rows if kind == RECIPIENT),
        tuple(_notice.decode(body) for kind, body, _ in rows if kind == NOTICE),
        tuple(_used(_document.decode(body), used) for kind, body, used in rows if kind == DOCUMENT),
    )


def add(connection: sqlite3.Connection, more: Additions, *, command: Command, at: datetime) -> Appended:
    """Add to the catalogue inside a write transaction; raises `KeyReused`, `RevisionConflict`."""
    earlier = commands.answered(connection, CATALOGUE, command, micros(at))
    if earlier is not None:
        return earlier
    for notice in more.notices:
        _refuse_another(connection, notice)
    added: tuple[Addition, ...] = (*more.recipients, *more.notices, *more.documents)
    rows = [row_of(one) for one in added]
    connection.executemany(ADD, rows)
    query = ADVANCE if rows else REVISION
    revision = connection.execute(query).fetchone()[0]
    return commands.keep(connection, CATALOGUE, command, revision, micros(at))


def is_served(connection: sqlite3.Connection, version: int) -> bool:
    """Tell whether a catalogue version was the last to be served; raises `CatalogueTooOld` for an older one."""
    served: int = connection.execute(SERVED).fetchone()[0]
    refuse_older_catalogue(served, version)
    return served == version


def serve(connection: sqlite3.Connection, version: int) -> None:
    """Keep which catalogue version is served, inside a write transaction; raises `CatalogueTooOld`."""
    is_served(connection, version)
    connection.execute(SERVE, (version,))


def row_of(addition: Addition) -> tuple[str, str, str, bytes]:
    """Return an addition as its row has it: kind, id, owner, itself."""
    match addition:
        case Recipient():
            return RECIPIENT, addition.id, "", packed(addition)
        case NoticeVersion():
            return NOTICE, str(addition.ref), "", packed(addition)
        case _:
            return DOCUMENT, addition.id, addition.recipient, packed(addition)


def known_random(connection: sqlite3.Connection, name: str) -> bytes | None:
    """Return a secret, or `None` if nobody asked for it yet."""
    row = connection.execute(RANDOM, (name,)).fetchone()
    return row[0] if row else None


def made_random(connection: sqlite3.Connection, name: str, random: Callable[[int], bytes]) -> bytes:
    """Return a secret, made now unless another gateway was faster."""
    connection.execute(MAKE_RANDOM, (name, random(RANDOM_BYTES)))
    made: bytes = connection.execute(RANDOM, (name,)).fetchone()[0]
    return made


def _refuse_another(connection: sqlite3.Connection, notice: NoticeVersion) -> None:
    row = connection.execute(SAME, (NOTICE, str(notice.ref), "")).fetchone()
    if row is not None and _notice.decode(row[0]) != notice:
        raise RevisionConflict("this version of the notice was published before; publish it under the next number")


def _used(document: RegisteredDocument, at: int | None) -> RegisteredDocument:
    return document if at is None else replace(document, last_used_at=instant_or_none(at))
