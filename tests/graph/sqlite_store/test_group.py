"""Group commit: many go together, and nobody is taken down with another."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from graph.errors import StoreUnavailable
from graph.group import Patience
from graph.sqlite_store import SqliteStore, open_store
from graph.sqlite_store.lanes import COMMIT_SECONDS
from graph.store import DisclosureQuery, Page, Store
from tests.conformance.builders import disclosure

pytestmark = pytest.mark.anyio


@pytest.fixture
def pen(path: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Hold the file's only place for a writer, until rolled back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def entered(store: Store) -> set[str]:
    return {entry.subject for _, entry in await store.disclosures(DisclosureQuery(), Page(100))}


def hurry(store: Store, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let callers wait less than a commit may take."""
    assert isinstance(store, SqliteStore)
    monkeypatch.setattr(store.ledger_queue, "patience", Patience(seconds, COMMIT_SECONDS))


async def in_flight(store: Store, who: str) -> asyncio.Task[None]:
    task = asyncio.create_task(store.disclose((disclosure(who),)))
    await anyio.wait_all_tasks_blocked()
    return task


async def test_everything_queued_goes_with_the_next_write(path: Path, store: Store) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(store.disclose, (disclosure("ann"),))
    with closing(sqlite3.connect(path)) as connection:
        writes, length = connection.execute("SELECT writes, ledger_length FROM tally").fetchone()
    assert length == 50
    assert writes <= 2


async def test_a_caller_cancelled_in_flight_takes_nobody_down_with_her(store: Store, pen: sqlite3.Connection) -> None:
    first, second = await in_flight(store, "cancelled"), await in_flight(store, "stays")
    first.cancel()
    await anyio.wait_all_tasks_blocked()
    third = await in_flight(store, "comes later")
    pen.rollback()
    await asyncio.gather(second, third)
    assert first.cancelled()
    assert await entered(store) >= {"stays", "comes later"}
    assert (await store.ledger()).intact


async def test_who_gives_up_in_the_queue_gets_no_entry(store: Store, pen: sqlite3.Connection) -> None:
    first, queued = await in_flight(store, "first"), await in_flight(store, "gave up")
    queued.cancel()
    pen.rollback()
    await first
    await store.disclose((disclosure("after"),))
    assert await entered(store) == {"first", "after"}


async def test_who_could_not_land_in_time_gets_no_entry(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(store, monkeypatch, 0.2)
    with pytest.raises(StoreUnavailable):
        await store.disclose((disclosure("too late"),))
    monkeypatch.undo()
    await store.disclose((disclosure("in time"),))
    assert await entered(store) == {"in time"}


async def test_who_waited_too_long_does_not_hurry_the_others(
    store: Store, pen: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await in_flight(store, "first")
    hurry(store, monkeypatch, 0.4)
    late = await in_flight(store, "late")
    monkeypatch.undo()
    second = await in_flight(store, "second")
    pen.rollback()
    await asyncio.gather(first, second)
    with pytest.raises(StoreUnavailable):
        await late
    assert await entered(store) == {"first", "second"}


async def test_an_entry_that_cannot_be_kept_fails_its_flight_and_no_other(store: Store) -> None:
    with pytest.raises(UnicodeEncodeError):
        await store.disclose((disclosure("\ud800"),))
    await store.disclose((disclosure("ann"),))
    assert await entered(store) == {"ann"}


async def test_closing_lets_the_last_flight_land(path: Path) -> None:
    store = await open_store(path)
    task = asyncio.create_task(store.disclose((disclosure("ann"),)))
    await asyncio.sleep(0)  # it is queued
    await store.aclose()
    await task
    again = await open_store(path)
    assert await entered(again) == {"ann"}
    await again.aclose()
