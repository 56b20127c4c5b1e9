"""Opening: what is refused before anything is written, what is waited for, and whose fault a fault is."""

import os
import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from graph.errors import StoreError, StoreUnavailable
from graph.records import Subject
from graph.sqlite_store import open_store
from graph.sqlite_store.changes import append
from graph.sqlite_store.connection import switch_to_wal
from graph.sqlite_store.lanes import READERS, Lanes
from graph.sqlite_store.migrations import migrate
from graph.sqlite_store.parties import found
from graph.sqlite_store.subjects import open_subject
from graph.store import Store
from graph.terms import AgeBand, PartyKind, Standing
from tests.conformance.builders import ALONE, NOON, change, device, given

pytestmark = pytest.mark.anyio


def pragma(connection: sqlite3.Connection, setting: str) -> object:
    return connection.execute(f"PRAGMA {setting}").fetchone()[0]


async def test_a_library_too_old_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(StoreError, match=r"install 3\.37 or newer"):
        await open_store(path)


async def test_a_file_that_may_not_be_written_is_refused_before_it_is_touched(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await open_store(path)).aclose()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreUnavailable):
        await open_store(path)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_place_without_a_shared_log_is_named() -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(StoreError, match="keeps no shared log"):
        switch_to_wal(connection, time.monotonic())


async def test_the_switch_to_the_shared_log_waits_for_others(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        waited: list[float] = []

        def lets_go(seconds: float) -> None:
            waited.append(seconds)
            other.rollback()

        monkeypatch.setattr(time, "sleep", lets_go)
        monkeypatch.setattr("graph.sqlite_store.lanes.WRITE_BUSY_MS", 1)
        await (await open_store(path)).aclose()
    assert len(waited) == 1


async def test_the_switch_to_the_shared_log_gives_up_in_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("graph.sqlite_store.lanes.WRITE_BUSY_MS", 1)
        monkeypatch.setattr("graph.sqlite_store.lanes.COMMIT_SECONDS", 4.0)  # it is too late from the beginning
        with pytest.raises(StoreUnavailable):
            await open_store(path)


async def test_a_fault_of_ours_stays_what_it_is_and_leaves_nothing(store: Store) -> None:
    await store.append(given("ann", 0, "r"))
    with pytest.raises(sqlite3.IntegrityError):
        await store.append(given("ann", 1, "s", "r"))  # an id twice
    assert [one.id for one in (await store.history("ann", ALONE)).own.records] == ["r"]
    assert (await store.append(given("ann", 1, "s"))).revision == 2


async def test_an_answered_write_is_on_the_disk_and_rows_hold_together(path: Path) -> None:
    await (await open_store(path)).aclose()
    lanes = Lanes(path)
    settings = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "query_only": 0, "journal_mode": "wal"}
    for setting, expected in settings.items():
        assert await lanes.write(lambda connection, asked=setting: pragma(connection, asked)) == expected  # type: ignore[misc]  # one line
    assert await lanes.read(lambda connection: pragma(connection, "query_only")) == 1
    await lanes.aclose()


async def test_what_was_lent_when_the_store_closed_is_closed_on_its_return(path: Path) -> None:
    await (await open_store(path)).aclose()
    lanes = Lanes(path)
    lent: list[sqlite3.Connection] = []

    def closes_meanwhile(connection: sqlite3.Connection) -> None:
        lent.append(connection)
        lanes._closed = True

    await lanes.read(closes_meanwhile)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        lent[0].execute("SELECT 1")


async def test_a_statement_that_runs_on_is_stopped_when_its_caller_gives_up(path: Path) -> None:
    await (await open_store(path)).aclose()
    lanes = Lanes(path)
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    with pytest.raises(StoreUnavailable):
        await lanes.read(lambda connection: connection.execute(endless).fetchone(), 0.2)
    assert await lanes.read(lambda connection: connection.execute("SELECT 1").fetchone()) == (1,)
    await lanes.aclose()


async def test_a_disk_that_hangs_is_refused_in_time_and_found_well_again(path: Path) -> None:
    await (await open_store(path)).aclose()
    lanes, hanging = Lanes(path), threading.Event()
    for _ in range(READERS + 1):  # the last finds every seat taken by those before
        with pytest.raises(StoreUnavailable):
            await lanes.read(lambda _: hanging.wait(), 0.1)
    with pytest.raises(StoreUnavailable):
        await lanes.write(lambda _: hanging.wait(), 0.1)
    with pytest.raises(StoreUnavailable):
        await lanes.write(lambda _: None, 0.6)
    hanging.set()
    assert await lanes.read(lambda _: "read") == "read"
    assert await lanes.write(lambda _: "written") == "written"
    await lanes.aclose()


async def test_a_write_that_comes_too_late_is_rolled_back(path: Path) -> None:
    store = await open_store(path)
    await store.append(given("ann", 0, "r"))
    lanes = Lanes(path)

    def writes(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM record")

    with pytest.raises(StoreUnavailable):
        await lanes.write(writes, 0.4)  # less than a commit may take
    assert [one.id for one in (await store.history("ann", ALONE)).own.records] == ["r"]
    await lanes.aclose()
    await store.aclose()


def test_a_subject_erased_between_the_look_and_the_write_stays_as_she_is() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        append(connection, change("ann", standing=Standing.ERASED))
        before = found(connection, PartyKind.SUBJECT, "ann")
        open_subject(connection, Subject("ann", age_band=AgeBand.TEEN), device("set"), NOON + timedelta(hours=1))
        assert found(connection, PartyKind.SUBJECT, "ann") == before
        assert connection.execute("SELECT COUNT(*) FROM device").fetchone()[0] == 0
