"""A file taking in another store: killed, cancelled, replaced, tampered with; and never more than a page in memory."""

import sqlite3
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from graph.archive import Entry, LedgerEntry, MovableStore, Party, Secret
from graph.errors import ArchiveRefused, StoreUnavailable
from graph.ledger import GENESIS
from graph.records import Subject
from graph.sqlite_store import open_store
from graph.store import DisclosureQuery, StoredRecord
from tests.conformance.builders import NOON, disclosure, given, record
from tests.conformance.histories import NOTHING, everything_happens, stream, told
from tests.graph.sqlite_store.conftest import Program

pytestmark = pytest.mark.anyio
MANY = 20_000  # disclosures: some 10 MB of text
LITTLE = 4_000_000  # bytes: what a page and a connection's own take, and far from all of it


async def opened(path: Path, name: str) -> MovableStore:
    return await open_store(path.parent / name)


def replace_file(path: Path) -> None:
    path.rename(f"{path}.away")
    path.touch()


async def test_a_ledger_that_does_not_fit_is_moved_as_it_is(path: Path, store: MovableStore) -> None:
    await store.disclose(tuple(disclosure("ann") for _ in range(6)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE disclosure SET head = replace(head, 'a', 'b') WHERE position = 4")
        connection.execute("DELETE FROM disclosure_key WHERE position = 2")
        connection.execute("DELETE FROM disclosure WHERE position = 2")
    other = await opened(path, "other.sqlite3")

    await other.restore(stream(await told(store)))

    assert (await other.ledger()) == (await store.ledger())
    assert (await other.ledger()).first_broken == 2
    await other.aclose()


REFUSED: dict[str, list[Entry]] = {
    "an entry of the ledger that is none": [LedgerEntry(1, "{}", GENESIS)],
    "a position beyond all": [Party(Subject("ann"), 0, None, GENESIS), StoredRecord(2**63, record("a"))],
    "two secrets of one name": [Secret("pairwise", b"1" * 32), Secret("pairwise", b"2" * 32)],
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_no_file_holds_is_refused(store: MovableStore, what: str) -> None:
    with pytest.raises(ArchiveRefused, match="export it again"):
        await store.restore(stream(NOTHING + REFUSED[what]))

    assert await told(store) == NOTHING


async def test_killed_in_the_middle_it_holds_nothing_and_takes_another_in(path: Path, program: Program) -> None:
    process = program("taking_in", path)
    assert process.stdout is not None
    assert await anyio.to_thread.run_sync(process.stdout.readline) == "under way\n"
    process.kill()
    assert process.wait() == -9
    store, other = await open_store(path), await opened(path, "other.sqlite3")
    assert await told(store) == NOTHING
    await everything_happens(other)

    await store.restore(stream(await told(other)))

    assert await told(store) == await told(other)
    for one in (store, other):
        await one.aclose()


async def test_cancelled_in_the_middle_it_holds_nothing_and_can_be_written(store: MovableStore) -> None:
    with anyio.CancelScope() as scope:

        async def cancelled() -> AsyncIterator[Entry]:
            yield Secret("pairwise", b"1" * 32)
            scope.cancel()
            await anyio.lowlevel.checkpoint()

        await store.restore(cancelled())

    assert scope.cancelled_caught
    assert await told(store) == NOTHING
    await store.append(given("ann", 0, "a"))


async def test_nobody_writes_into_a_file_that_takes_another_in(path: Path, store: MovableStore) -> None:
    beside = await open_store(path)
    refused: list[bool] = []

    async def watched() -> AsyncIterator[Entry]:
        for entry in NOTHING:
            yield entry
        with pytest.raises(StoreUnavailable):
            await beside.append(given("ann", 0, "a"))
        refused.append(True)

    await store.restore(watched())

    assert refused == [True]
    await beside.aclose()


async def test_a_file_that_was_replaced_meanwhile_is_not_what_was_asked(path: Path, store: MovableStore) -> None:
    async def watched() -> AsyncIterator[Entry]:
        for entry in NOTHING:
            yield entry
        replace_file(path)

    with pytest.raises(StoreUnavailable):
        await store.restore(watched())

    moved_away = await open_store(f"{path}.away")
    assert await told(moved_away) == NOTHING
    await moved_away.aclose()


@pytest.mark.slow
async def test_no_more_than_a_page_is_ever_in_memory(path: Path, store: MovableStore) -> None:
    await store.disclose(tuple(disclosure("ann", trace="t" * 200) for _ in range(MANY)))
    other = await opened(path, "other.sqlite3")

    tracemalloc.start()
    await other.restore(store.dump(NOON))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < LITTLE
    assert await other.count_disclosures(DisclosureQuery()) == MANY
    assert await other.ledger() == await store.ledger()
    await other.aclose()
