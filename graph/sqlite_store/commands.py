"""Commands answered in the last 24 h: the same key and input get the same answer, another input an error."""

import sqlite3
from datetime import timedelta
from typing import Final

from graph.errors import KeyReused
from graph.sqlite_store.rows import MICROSECOND
from graph.store import Appended, Command
from graph.terms import PartyKind

KEPT: Final = timedelta(hours=24) // MICROSECOND  # 4.3; half-open

FIND: Final = """-- command answered: READ
SELECT fingerprint, revision, answer FROM command WHERE party = ? AND key = ? AND at > ?"""
FORGET: Final = """-- commands past their day: WRITE
DELETE FROM command WHERE at <= ?"""
KEEP: Final = """-- command answered now: WRITE
INSERT INTO command (party, key, fingerprint, revision, answer, at) VALUES (?, ?, ?, ?, ?, ?)"""

CATALOGUE: Final = "CATALOGUE"  # whose commands those of governance are; no party is called so


def whose(kind: PartyKind, party: str) -> str:
    """Return by what name a party's commands are kept: parties of two kinds share none."""
    return f"{kind.value}:{party}"


def answered(connection: sqlite3.Connection, party: str, command: Command, at: int) -> Appended | None:
    """Return what a key was answered, or `None`; raises `KeyReused` for another input."""
    row = connection.execute(FIND, (party, command.key, at - KEPT)).fetchone()
    if row is None:
        return None
    if row[0] != command.fingerprint:
        raise KeyReused("the idempotency key was used with another input; use a new key")
    return Appended(row[1], row[2], replayed=True)


def keep(connection: sqlite3.Connection, party: str, command: Command, revision: int, at: int) -> Appended:
    """Keep a command's answer for a day, and forget those that are older."""
    connection.execute(FORGET, (at - KEPT,))
    connection.execute(KEEP, (party, command.key, command.fingerprint, revision, command.answer, at))
    return Appended(revision, command.answer)
