"""A look at a file: what a gateway would make of it, and that nothing is made or changed by looking."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from graph.errors import StoreError, StoreTooNew, StoreUnavailable
from graph.sqlite_store import inspect_store, open_store
from graph.sqlite_store.connection import UNAVAILABLE
from graph.sqlite_store.inspection import FOREIGN
from graph.sqlite_store.migrations import MIGRATIONS
from graph.store import Store
from tests.conformance.builders import given

pytestmark = pytest.mark.anyio
KNOWN = len(MIGRATIONS)


def changed(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def spoil(path: Path) -> None:
    """Leave the head of a file, which says what it is, and nothing of the rest."""
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(len(whole) - 100))


def around(path: Path) -> dict[str, str]:
    """Return what lies in a file's folder, each by its digest; of the memory that readers share, only that it is."""
    found = sorted(path.parent.iterdir())
    return {
        one.name: "" if one.name.endswith("-shm") else sha256(one.read_bytes()).hexdigest()
        for one in found
        if one.is_file()
    }


def refused(path: Path) -> StoreError | None:
    """Look at a file, see that all is as it was, and return what was said against it."""
    before = around(path)
    try:
        inspect_store(path)
    except StoreError as fault:
        return fault
    finally:
        assert around(path) == before
    return None


async def made(path: Path) -> None:
    await (await open_store(path)).aclose()


async def test_a_store_of_this_version_holds(path: Path) -> None:
    await made(path)
    assert refused(path) is None


async def test_a_store_somebody_is_writing_to_holds(path: Path, store: Store) -> None:
    await store.append(given("ann", 0, "r"))
    assert refused(path) is None


def test_a_store_that_is_not_there_holds_where_it_can_be_made(path: Path) -> None:
    assert refused(path) is None


async def test_an_older_store_is_told_to_be_migrated(path: Path) -> None:
    await made(path)
    changed(path, "DELETE FROM migration", "PRAGMA user_version = 0")
    found = refused(path)
    assert str(found) == f"the store has schema `0`, this program knows `{KNOWN}`; run `consent-gateway migrate`"


async def test_a_newer_store_is_told_to_need_a_newer_program(path: Path) -> None:
    await made(path)
    changed(path, f"PRAGMA user_version = {KNOWN + 1}")
    assert isinstance(refused(path), StoreTooNew)


async def test_what_is_still_in_the_log_is_seen(path: Path) -> None:
    await made(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {KNOWN + 1}")
        assert isinstance(refused(path), StoreTooNew)


async def test_a_store_of_an_edited_migration_is_refused(path: Path) -> None:
    await made(path)
    changed(path, "UPDATE migration SET checksum = ''")
    assert "migration `1` was edited" in str(refused(path))


async def test_a_store_that_lost_something_is_refused(path: Path) -> None:
    await made(path)
    changed(path, "DROP TABLE secret", "DROP INDEX value_by_end")
    assert str(refused(path)) == "the store has lost `value_by_end, secret`; put a whole copy in its place"


@pytest.mark.parametrize(
    "foreign",
    [
        lambda path: path.write_bytes(b"not a database at all, but long enough to look like one " * 100),
        lambda path: path.write_bytes(b"short"),
        lambda path: changed(path, "CREATE TABLE secret (id TEXT)"),
        lambda path: changed(path, "CREATE TABLE secret (id TEXT)", "PRAGMA user_version = 1"),
    ],
)
def test_a_file_that_is_no_store_of_ours_is_named_so(path: Path, foreign: Callable[[Path], None]) -> None:
    foreign(path)
    assert str(refused(path)) == FOREIGN


async def test_a_broken_store_is_unavailable(path: Path) -> None:
    await made(path)
    spoil(path)
    assert str(refused(path)) == UNAVAILABLE


def test_a_folder_is_no_file_and_a_folder_that_is_not_there_takes_none(path: Path) -> None:
    for place in (path.parent, path.parent / "nowhere" / "store.sqlite3"):
        with pytest.raises(StoreUnavailable):
            inspect_store(place)


async def test_what_may_not_be_written_is_refused_file_or_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    with pytest.raises(StoreUnavailable):
        inspect_store(path)
    changed(path)
    with pytest.raises(StoreUnavailable):
        inspect_store(path)
