"""One connection apart from the lanes, for work too long for them: step after step, each in a thread and bounded."""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

import anyio

from graph.errors import StoreUnavailable
from graph.sqlite_store.connection import Identity, translated
from graph.sqlite_store.lanes import Lanes, Patience, T, Work, bounded, watch

STEP_SECONDS: Final = 4.0  # as a write: below the 5 s promised
CLOSE_SECONDS: Final = 1.0  # a connection whose thread hangs in the disk is left to it


class Apart:
    """A connection that stays with one piece of work; `place` is the file it was opened on."""

    def __init__(self, place: Identity, connection: sqlite3.Connection) -> None:
        self.place = place
        self._connection = connection
        self._one = anyio.CapacityLimiter(1)

    async def step(self, work: Work[T], seconds: float = STEP_SECONDS) -> T:
        """Run one step; raises `StoreUnavailable` within `seconds`."""
        return await bounded(partial(self._run, work, time.monotonic() + seconds), self._one, seconds)

    def _run(self, work: Work[T], until: float) -> T:
        with translated():
            watch(self._connection, Patience(until))
            return work(self._connection)


@asynccontextmanager
async def apart(lanes: Lanes, busy_ms: int, settings: tuple[str, ...]) -> AsyncIterator[Apart]:
    """Open a connection, and close it after: what it did not commit is undone."""
    one = Apart(*await lanes.lend(busy_ms, settings))
    try:
        yield one
    finally:
        with anyio.CancelScope(shield=True), suppress(StoreUnavailable):
            await one.step(sqlite3.Connection.close, CLOSE_SECONDS)
