"""One connection to the file: its settings, how it is opened, which file it is to, what its faults mean."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from graph.errors import StoreError, StoreUnavailable
from graph.sqlite_store.migrations import migrate, refuse_newer

RETRY_SECONDS: Final = 0.02  # between tries to switch to WAL, which SQLite does not wait for by itself
OLDEST_SQLITE: Final = (3, 37, 0)  # the first with STRICT tables
UNAVAILABLE: Final = "the store cannot be read or written now; try again, and check its file, its disk and its locks"

Identity: TypeAlias = tuple[int, int]
"""Device and inode: which file it is, whatever its path says."""

SETTINGS: Final = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # an answered write survives a power cut
    "PRAGMA fullfsync = ON",  # macOS: fsync alone stops at the disk's cache
    "PRAGMA secure_delete = ON",  # what was erased is overwritten, not only unlinked
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 67108864",  # a log grown to 64 MiB is cut back at the next checkpoint
)


def connected(path: Path, busy_ms: int) -> sqlite3.Connection:
    """Open a file that is there, waiting at most `busy_ms` for other processes; never makes one.

    An empty store must not take the place of one that was moved away. A file that may not be written is refused before
    SQLite sees it: it would give the log the same mode, and the store would stay read-only when the file no longer is.
    """
    if not os.access(path, os.R_OK | os.W_OK):
        raise StoreUnavailable(UNAVAILABLE)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_ms / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for setting in SETTINGS:
            connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(path: Path, busy_ms: int, until: float) -> None:
    """Make the file if it is not there and bring its schema up to date; `until` is on the monotonic clock.

    Raises `StoreTooNew`, `StoreError` for an edited migration or a file system without WAL.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"SQLite `{sqlite3.sqlite_version}` is too old; install 3.37 or newer")
    with suppress(FileExistsError):  # only its owner may read it, and SQLite gives its log the same mode
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = connected(path, busy_ms)
    try:
        refuse_newer(connection)
        switch_to_wal(connection, until)
        connection.execute("BEGIN IMMEDIATE")
        migrate(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()


def switch_to_wal(connection: sqlite3.Connection, until: float) -> None:
    """Keep changes in a log that readers read beside the writer; raises `StoreError` where there can be none."""
    mode = None
    while mode is None:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(RETRY_SECONDS)
    if mode != "wal":
        raise StoreError("the store's file system keeps no shared log; put the file on a local disk")


def identity(path: Path) -> Identity:
    """Return which file stands at a path now; raises `OSError` if none does."""
    stat = os.stat(path)  # noqa: PTH116 on the hot path: Path.stat costs twice as much
    return stat.st_dev, stat.st_ino


def has_log(path: Path) -> bool:
    """Tell whether changes that are not in the file yet lie in a log beside it."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


@contextmanager
def translated() -> Iterator[None]:
    """Raise `StoreUnavailable` for what the file, the disk or another process did; a fault of ours stays what it is."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as fault:
        raise StoreUnavailable(UNAVAILABLE) from fault
    except sqlite3.DatabaseError as fault:
        if type(fault) is sqlite3.DatabaseError:  # no database, or a broken one; its subclasses are faults of ours
            raise StoreUnavailable(UNAVAILABLE) from fault
        raise
