"""Commands answered in the last 24 h: the same key and input get the same answer, another input an error."""

import sqlite3
from typing import Final

from graph.idempotency import KEPT, again
from graph.store import Appended, Command

FIND: Final = """-- command answered: READ
SELECT fingerprint, revision, answer FROM command WHERE party = ? AND key = ? AND at > ?"""
FORGET: Final = """-- commands past their day: WRITE
DELETE FROM command WHERE at <= ?"""
KEEP: Final = """-- command answered now: WRITE
INSERT INTO command (party, key, fingerprint, revision, answer, at) VALUES (?, ?, ?, ?, ?, ?)"""


def answered(connection: sqlite3.Connection, party: str, command: Command, at: int) -> Appended | None:
    """Return what a key was answered, or `None`; raises `KeyReused` for another input."""
    row = connection.execute(FIND, (party, command.key, at - KEPT)).fetchone()
    return None if row is None else again(command, *row)


def keep(connection: sqlite3.Connection, party: str, command: Command, revision: int, at: int) -> Appended:
    """Keep a command's answer for a day, and forget those that are older."""
    connection.execute(FORGET, (at - KEPT,))
    connection.execute(KEEP, (party, command.key, command.fingerprint, revision, command.answer, at))
    return Appended(revision, command.answer)
