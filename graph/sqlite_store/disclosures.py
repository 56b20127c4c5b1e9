"""The ledger's rows: appended to one chain, found by subject, record, key, recipient or purpose, checked in pages."""

import sqlite3
from typing import Final, LiteralString

from graph.group import Aboard
from graph.instants import micros
from graph.ledger import Disclosure, LedgerState, continued, read, seal, verify
from graph.store import DisclosureQuery, Page
from graph.ways import named, way

CHECKED_AT_ONCE: Final = 500  # entries: a millisecond of hashing, so that a long ledger never holds a reader

END: Final = """-- end of the ledger: READ
SELECT ledger_length, ledger_head FROM tally WHERE place = 1"""
MOVE_END: Final = """-- end of the ledger moved: WRITE
UPDATE tally SET ledger_length = ?, ledger_head = ? WHERE place = 1"""
ENTER: Final = """-- disclosure: WRITE
INSERT INTO disclosure (position, subject, recipient, purpose, document, at, text, head)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
# The ways in are made from the text itself, in one statement for all that is entered: after each statement a thread
# gives the interpreter up and has to wait for it again, and a disclosure has some thirty keys and records.
ENTER_KEYS: Final = """-- keys of disclosures: WRITE
INSERT OR IGNORE INTO disclosure_key (key, position)
SELECT json_extract(released.value, '$[0]'), d.position
FROM disclosure AS d, json_each(d.text, '$.released') AS released WHERE d.position > ?"""
ENTER_RECORDS: Final = """-- records of disclosures: WRITE
INSERT OR IGNORE INTO disclosure_record (record, position)
SELECT evidence.value, d.position
FROM disclosure AS d, json_each(d.text, '$.evidence') AS evidence WHERE d.position > ?"""
HEAD_AT: Final = """-- head of the ledger at a position: READ
SELECT head FROM disclosure WHERE position = ?"""
STRETCH: Final = """-- stretch of the ledger: READ
SELECT position, text, head FROM disclosure WHERE position > ? ORDER BY position LIMIT ?"""

# Each way in begins with an index and then looks at what is left; which way is chosen by what was asked.
_SELECT: Final[LiteralString] = """-- disclosures: READ
SELECT d.position, d.text FROM """
_COUNT: Final[LiteralString] = """-- disclosures counted: READ
SELECT COUNT(*) FROM """
_REST: Final[LiteralString] = """
  AND d.position > :after
  AND (:subject IS NULL OR d.subject = :subject)
  AND (:recipient IS NULL OR d.recipient = :recipient)
  AND (:purpose IS NULL OR d.purpose = :purpose)
  AND (:key IS NULL OR EXISTS (SELECT 1 FROM disclosure_key AS k WHERE k.key = :key AND k.position = d.position))
  AND (:record IS NULL
    OR EXISTS (SELECT 1 FROM disclosure_record AS r WHERE r.record = :record AND r.position = d.position))
  AND (:since IS NULL OR d.at >= :since)
  AND (:until IS NULL OR d.at < :until)
"""
_PAGED: Final[LiteralString] = "ORDER BY d.position LIMIT :first"
_WAY_PAGED: Final[LiteralString] = "ORDER BY way.position LIMIT :first"
_BY_RECORD: Final[LiteralString] = """disclosure_record AS way CROSS JOIN disclosure AS d ON d.position = way.position
WHERE way.record = :record AND way.position > :after"""
_BY_KEY: Final[LiteralString] = """disclosure_key AS way CROSS JOIN disclosure AS d ON d.position = way.position
WHERE way.key = :key AND way.position > :after"""
_BY_SUBJECT: Final[LiteralString] = """disclosure AS d INDEXED BY disclosure_by_subject
WHERE d.subject = :subject"""
_BY_RECIPIENT: Final[LiteralString] = """disclosure AS d INDEXED BY disclosure_by_recipient
WHERE d.recipient = :recipient"""
_BY_PURPOSE: Final[LiteralString] = """disclosure AS d INDEXED BY disclosure_by_purpose
WHERE d.purpose = :purpose"""
_IN_ORDER: Final[LiteralString] = "disclosure AS d\nWHERE TRUE"

LIST: Final[dict[str, LiteralString]] = {
    "record": _SELECT + _BY_RECORD + _REST + _WAY_PAGED,
    "subject": _SELECT + _BY_SUBJECT + _REST + _PAGED,
    "key": _SELECT + _BY_KEY + _REST + _WAY_PAGED,
    "recipient": _SELECT + _BY_RECIPIENT + _REST + _PAGED,
    "purpose": _SELECT + _BY_PURPOSE + _REST + _PAGED,
    "": _SELECT + _IN_ORDER + _REST + _PAGED,
}
COUNT: Final[dict[str, LiteralString]] = {
    "record": _COUNT + _BY_RECORD + _REST,
    "subject": _COUNT + _BY_SUBJECT + _REST,
    "key": _COUNT + _BY_KEY + _REST,
    "recipient": _COUNT + _BY_RECIPIENT + _REST,
    "purpose": _COUNT + _BY_PURPOSE + _REST,
    "": _COUNT + _IN_ORDER + _REST,
}


def enter(connection: sqlite3.Connection, aboard: Aboard) -> None:
    """Append what is aboard now; the chain's end is read inside the write transaction."""
    entries = aboard()
    length, head = connection.execute(END).fetchone()
    for position, (entry, text) in enumerate(entries, start=length + 1):
        head = seal(head, text)
        write(connection, entry, (position, text, head))
    lead_to(connection, after=length)
    connection.execute(MOVE_END, (length + len(entries), head))


def write(connection: sqlite3.Connection, entry: Disclosure, link: tuple[int, str, str]) -> None:
    """Write one entry at its (position, text, head); `lead_to` makes the rest by which it is found."""
    position, text, head = link
    row = (position, entry.subject, entry.recipient, entry.purpose, entry.document, micros(entry.at), text, head)
    connection.execute(ENTER, row)


def lead_to(connection: sqlite3.Connection, *, after: int) -> None:
    """Make the ways by key and by record to every entry past a position."""
    connection.execute(ENTER_KEYS, (after,))
    connection.execute(ENTER_RECORDS, (after,))


def listed(connection: sqlite3.Connection, query: DisclosureQuery, page: Page) -> tuple[tuple[int, Disclosure], ...]:
    """List one page of disclosures with their positions, oldest first."""
    asked = {**named(query), "after": page.after, "first": page.first}
    return tuple((position, read(text)) for position, text in connection.execute(LIST[way(query)], asked))


def counted(connection: sqlite3.Connection, query: DisclosureQuery) -> int:
    """Count what `listed` would list over all pages."""
    number: int = connection.execute(COUNT[way(query)], {**named(query), "after": 0}).fetchone()[0]
    return number


def start_at(connection: sqlite3.Connection, position: int) -> LedgerState:
    """Return the chain as it stood after a position; past the end it is the end, a missing entry is broken."""
    length, head = connection.execute(END).fetchone()
    if position <= 0 or position >= length:
        return verify(()) if position <= 0 else LedgerState(length, head)
    row = connection.execute(HEAD_AT, (position,)).fetchone()
    return LedgerState(position, row[0]) if row else LedgerState(length, head, position)


def checked(connection: sqlite3.Connection, state: LedgerState) -> tuple[LedgerState, bool]:
    """Check the next stretch of the chain after `state`; tell also whether that was the last."""
    connection.execute("BEGIN")  # the entries and the end kept beside them, as of one instant
    try:
        rows = connection.execute(STRETCH, (state.length, CHECKED_AT_ONCE)).fetchall()
        length, head = connection.execute(END).fetchone()
    finally:
        connection.rollback()
    return continued(state, rows, LedgerState(length, head), most=CHECKED_AT_ONCE)
