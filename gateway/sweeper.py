"""Runs the daily sweep beside the requests: soon after the start, then once a day; a failure is tried again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio

from gateway.rooms import Parts
from graph.errors import StoreError
from resolvers.sweeping import Sweep, swept

LOG = logging.getLogger("gateway")
DAY = 86_400.0  # seconds between two sweeps (2.7)
FIRST = 3600.0  # seconds from the start to the first one: a gateway started anew each day sweeps as well
SOON = 300.0  # seconds until a sweep that failed is tried again


@asynccontextmanager
async def sweeping(parts: Parts) -> AsyncIterator[None]:
    """Sweep while the gateway is open."""
    task = asyncio.create_task(_forever(parts))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _forever(parts: Parts) -> None:
    pause = FIRST
    while True:
        await anyio.sleep(pause)
        pause = await sweep_once(parts)


async def sweep_once(parts: Parts) -> float:
    """Sweep once; returns how long to wait until the next time, in seconds."""
    try:
        found = await swept(Sweep(parts.store, parts.living.refreshed, parts.rules, parts.clock()))
    except StoreError as fault:
        LOG.warning("sweep failed", exc_info=fault)
        return SOON
    except Exception:
        LOG.exception("sweep failed")  # a fault of ours: it must not be the last sweep of this process
        return SOON
    LOG.info("swept", extra={"expired": found.expired, "orphaned": found.orphaned})
    return DAY
