"""The schema is made once, in order, and refuses what it does not know."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from graph.errors import StoreError, StoreTooNew, StoreUnavailable
from graph.sqlite_store import open_store
from graph.sqlite_store.migrations import MIGRATIONS, Migration, migrate, schema_number
from graph.sqlite_store.parties import NOTHING
from graph.sqlite_store.rows import packed
from graph.store import Page
from tests.conformance.builders import EVER, given, record

pytestmark = pytest.mark.anyio

A, B = (packed(record(name)).hex() for name in ("a", "b"))
OF_THE_FIRST_VERSION = f"""
INSERT INTO party (place, kind, id, standing, age_band, jurisdictions, levels, guardians, revision, head, state)
VALUES (1, 'SUBJECT', 'ann', 'ACTIVE', 'UNKNOWN', '[]', '{{}}', '[]', 0, '', X'{NOTHING.hex()}');
INSERT INTO record (place, party, id, recorded_at, starts_at, yes, body)
VALUES (3, 1, 'a', 0, 0, 1, X'{A}'), (7, 1, 'b', 0, 0, 1, X'{B}');
"""


def schema(connection: sqlite3.Connection) -> list[str]:
    return [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")]


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def modes_of(path: Path) -> set[int]:
    return {stat.S_IMODE(Path(f"{path}{end}").stat().st_mode) for end in ("", "-wal", "-shm")}


def fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def fresh() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def test_migrating_again_changes_nothing() -> None:
    with closing(fresh()) as connection:
        assert migrate(connection) == len(MIGRATIONS)
        before = schema(connection)
        assert migrate(connection) == 0
        assert schema(connection) == before


def test_only_the_migrations_that_are_missing_are_applied() -> None:
    added = Migration("one more", ("CREATE TABLE more (id TEXT)",))
    with closing(fresh()) as connection:
        migrate(connection)
        assert migrate(connection, (*MIGRATIONS, added)) == 1
        assert schema_number(connection) == len(MIGRATIONS) + 1
        assert "CREATE TABLE more (id TEXT)" in schema(connection)


def test_an_edited_migration_is_refused() -> None:
    edited = Migration(MIGRATIONS[0].name, (*MIGRATIONS[0].statements, "CREATE TABLE sneaked (id TEXT)"))
    with closing(fresh()) as connection:
        migrate(connection)
        with pytest.raises(StoreError, match="migration `1` was edited"):
            migrate(connection, (edited, *MIGRATIONS[1:]))


def test_the_checksum_speaks_of_every_statement_and_the_name() -> None:
    plain = Migration("a", ("x", "y"))
    others = (Migration("b", ("x", "y")), Migration("a", ("x",)), Migration("a", ("y", "x")))
    assert len({plain.checksum, *(one.checksum for one in others)}) == 4


async def test_records_of_the_first_version_keep_their_positions_and_new_ones_follow(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        connection.executescript(OF_THE_FIRST_VERSION)
    store = await open_store(path)
    before = [(row.position, row.record.id) for row in await store.records("ann", Page(), EVER)]
    await store.append(given("ann", 0, "c"))
    after = [(row.position, row.record.id) for row in await store.records("ann", Page(1, 7), EVER)]
    await store.aclose()
    assert (before, after) == ([(3, "a"), (7, "b")], [(8, "c")])


async def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    await (await open_store(path)).aclose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = content_of(path)
    with pytest.raises(StoreTooNew, match="start a newer program"):
        await open_store(path)
    assert content_of(path) == before


async def test_a_migration_that_fails_leaves_nothing_behind(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE secret (id TEXT)")  # in the way of the first migration's last statement
    with pytest.raises(StoreUnavailable):
        await open_store(path)
    with closing(sqlite3.connect(path)) as connection:
        assert schema(connection) == ["CREATE TABLE secret (id TEXT)"]


async def test_many_may_open_a_new_file_at_once(path: Path) -> None:
    stores = []

    async def opens() -> None:
        stores.append(await open_store(path))

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(opens)
    for store in stores:
        await store.ready()
        await store.aclose()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM migration").fetchone()[0] == len(MIGRATIONS)


async def test_the_file_is_its_owners_alone_and_keeps_a_shared_log(path: Path) -> None:
    store = await open_store(path)
    await store.ready()
    modes = modes_of(path)
    await store.aclose()
    assert modes == {0o600}


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to look like one " * 100, b"short"])
async def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    fill(path, content)
    with pytest.raises(StoreUnavailable):
        await open_store(path)
    assert content_of(path) == content


async def test_a_directory_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        await open_store(path.parent / "nowhere" / "store.sqlite3")


async def test_a_path_may_hold_any_character(path: Path) -> None:
    odd = path.parent / "a?b#c%20d é.sqlite3"
    store = await open_store(str(odd))
    await store.ready()
    await store.aclose()
    assert odd.exists()
