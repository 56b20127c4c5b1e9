"""A program on a disk that gets full: it writes until it is refused, is given room again, and goes on."""

import resource
import sys
import time
from datetime import UTC, datetime

import anyio

from graph.errors import StoreUnavailable
from graph.sqlite_store import open_store
from tests.conformance.builders import ALONE, command, given, value

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOM = 2 * 1024 * 1024  # bytes a file may have while the disk is full


async def main(path: str) -> None:
    store = await open_store(path)
    await store.append(given("ann", 0, "before"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, resource.RLIM_INFINITY))
    stored, taken = 0, 0.0
    try:
        while True:
            began = time.monotonic()
            await store.put(f"subject{stored}", (value("k", "x" * 100_000),), command(), NOON)
            stored += 1
    except StoreUnavailable:
        taken = time.monotonic() - began
    readable = (await store.snapshot("ann", ALONE)).own.revision
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await store.ready()
    await store.append(given("ann", 1, "after"))
    lost = [number for number in range(stored) if not await store.held(f"subject{number}")]
    print(stored, taken < 5, readable, len(lost), len(await store.held(f"subject{stored}")))
    await store.aclose()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1])
