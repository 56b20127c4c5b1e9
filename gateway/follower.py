"""Drops what is held of people whose state moved elsewhere, beside the requests: it shortens, and proves nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic

import anyio

from gateway.snapshots import Snapshots
from graph.errors import StoreError
from graph.feed import MOST_KNOWN
from graph.store import Store
from graph.terms import PartyKind

LOG = logging.getLogger("gateway")
POLL_SECONDS = 0.25  # what was taken back elsewhere leaves memory so soon; a poll is one trip of about a millisecond
SWEEP_SECONDS = 5.0  # between two pages of what is held: a row of the feed that was lost is made good


class Follower:
    """Follows the store's feed while anything is held, and sweeps what is held page by page."""

    def __init__(self, store: Store, snapshots: Snapshots, clock: Callable[[], float] = monotonic) -> None:
        """Begin where the feed is when something is first held."""
        self._store, self._snapshots, self._clock = store, snapshots, clock
        self._after: str | None = None
        self._page: tuple[tuple[PartyKind, str, int], ...] = ()
        self._swept_at = clock()
        self._away = False

    async def follow(self) -> None:
        """Follow for good; while nothing is held, nothing is asked."""
        while True:
            await self._snapshots.occupied.wait()
            await self.step()
            await anyio.sleep(POLL_SECONDS)

    async def step(self) -> None:
        """Ask once, and sweep when it is time; a failure is told once, until the store answers again.

        INVARIANT: nothing is held across a time in which the store was away: it may come back from a backup, and then
        climb to the very revisions that were known, with other records in them.
        """
        try:
            await self._poll()
            if self._clock() - self._swept_at >= SWEEP_SECONDS:
                self._swept_at = self._clock()
                await self._sweep()
        except StoreError:
            self._snapshots.forget_all()
            if not self._away:
                LOG.warning("the feed cannot be followed; what was held is forgotten, and read anew")
            self._away = True
        except Exception:
            if not self._away:
                LOG.exception("the feed cannot be followed")  # a fault of ours: it must not end the task
            self._away = True
        else:
            self._away = False
        if not len(self._snapshots):
            self._after, self._page = None, ()

    async def _poll(self) -> None:
        found = await self._store.moved(self._after)
        self._after = found.after
        for kind, party in found.parties:
            self._snapshots.forget(kind, party)

    async def _sweep(self) -> None:
        self._snapshots.forget_idle()
        page, rest = self._page[:MOST_KNOWN], self._page[MOST_KNOWN:]
        if not page:
            held = self._snapshots.revisions()
            page, rest = held[:MOST_KNOWN], held[MOST_KNOWN:]
        for kind, party in await self._store.stale(page):
            self._snapshots.forget(kind, party)
        self._page = rest


@asynccontextmanager
async def following(store: Store, snapshots: Snapshots) -> AsyncIterator[None]:
    """Follow while the gateway is open."""
    task = asyncio.create_task(Follower(store, snapshots).follow())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
