"""Taking in what another store told, in one transaction: a reader sees nothing of it before all of it."""

import sqlite3
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Final

from graph.archive import Entry
from graph.errors import StoreNotEmpty, StoreUnavailable
from graph.sqlite_store.apart import apart
from graph.sqlite_store.connection import UNAVAILABLE, Identity
from graph.sqlite_store.lanes import WRITE_BUSY_MS, WRITING, WROTE, Lanes
from graph.sqlite_store.taking import Taking

AT_ONCE: Final = 500  # entries a step, as they are told
LANDING_SECONDS: Final = 600.0  # the log reaches the disk, then the file: at 50 MB/s that is 15 GB each

KEPT_HERE: Final = """-- anything kept: READ
SELECT t.additions + t.ledger_length + EXISTS (SELECT 1 FROM party) + EXISTS (SELECT 1 FROM addition)
  + EXISTS (SELECT 1 FROM secret) + EXISTS (SELECT 1 FROM offer) + EXISTS (SELECT 1 FROM command)
  + EXISTS (SELECT 1 FROM disclosure)
FROM tally AS t WHERE t.place = 1"""


async def restore(lanes: Lanes, entries: AsyncIterable[Entry]) -> None:
    """Take in all entries and commit after the last one; whatever is raised before undoes everything."""
    async with apart(lanes, WRITE_BUSY_MS, WRITING) as one:
        await one.step(_begin)
        taking = Taking()
        async for page in _pages(entries):
            await one.step(partial(taking.take, page))
        await one.step(taking.end)
        await one.step(partial(_land, lanes, one.place), LANDING_SECONDS)


async def _pages(entries: AsyncIterable[Entry]) -> AsyncIterator[list[Entry]]:
    page: list[Entry] = []
    async for entry in entries:
        page.append(entry)
        if len(page) == AT_ONCE:
            yield page
            page = []
    yield page


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # the log is played into the file after the commit, not in it
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute(KEPT_HERE).fetchone()[0]:
        raise StoreNotEmpty("the store holds something already; name one that is new")


def _land(lanes: Lanes, place: Identity, connection: sqlite3.Connection) -> None:
    """Commit, then play the log into the file, so that the first gateway on it need not."""
    connection.execute(WROTE).fetchone()
    if not lanes.stands(place):
        raise StoreUnavailable(UNAVAILABLE)
    connection.execute("COMMIT")
    with suppress(sqlite3.OperationalError):  # it is durable in the log already
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
