"""A look at a file before a gateway opens it: what stands in the way; nothing is made, migrated or written."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from graph.errors import StoreError, StoreUnavailable
from graph.sqlite_store.connection import UNAVAILABLE, has_log, translated
from graph.sqlite_store.migrations import MIGRATIONS, migrate, refuse_edited, refuse_newer, schema_number

BUSY_SECONDS: Final = 1.0  # another process may have the whole file for a moment
FOREIGN: Final = "the file is no store of a gateway; name another one in `STORE`"

HOLDS: Final = """-- tables and indexes of a file: READ
SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"""


def inspect_store(path: Path) -> None:
    """Look at a store; one that is not there holds if its folder can take it, since serving makes it.

    Raises `StoreTooNew`, `StoreUnavailable`, and `StoreError` for an older store, an incomplete one, or none of ours.
    """
    with translated():
        if not path.exists():
            _refuse_unless(os.access(path.parent, os.W_OK | os.X_OK))
            return
        _refuse_unless(path.is_file() and os.access(path, os.R_OK | os.W_OK))
        with closing(_opened(path)) as connection:
            _judge(connection, _held(connection))


def _refuse_unless(usable: bool) -> None:  # noqa: FBT001 its only argument
    if not usable:
        raise StoreUnavailable(UNAVAILABLE)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a file for reading: without a log the file is the whole store, and SQLite need not lay one beside it."""
    how = "mode=ro" if has_log(path) else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _held(connection: sqlite3.Connection) -> dict[str, str]:
    try:
        return dict(connection.execute(HOLDS))
    except sqlite3.DatabaseError as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise StoreError(FOREIGN) from None
        raise


def _judge(connection: sqlite3.Connection, held: dict[str, str]) -> None:
    if held and "migration" not in held:
        raise StoreError(FOREIGN)
    refuse_newer(connection)
    if held:
        refuse_edited(connection)
    number = schema_number(connection)
    if number < len(MIGRATIONS):
        known = len(MIGRATIONS)
        raise StoreError(
            f"the store has schema `{number}`, this program knows `{known}`; run `consent-gateway migrate`"
        )
    missing = [name for name, sql in _made().items() if held.get(name) != sql]
    if missing:
        raise StoreError(f"the store has lost `{', '.join(missing)}`; put a whole copy in its place")


def _made() -> dict[str, str]:
    """Return what a store of this version holds."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        return _held(connection)
