"""A program that finds the file read-only, says what it could do, and tries again when it may write."""

import os
import sys
import time
from pathlib import Path

import anyio
from anyio import to_thread

from graph.errors import StoreUnavailable
from graph.sqlite_store.lanes import Lanes
from graph.sqlite_store.store import SqliteStore
from tests.conformance.builders import ALONE, disclosure, given

NOBODY = 65534  # an account without rights: to root no file is read-only


async def main(path: str) -> None:
    await to_thread.run_sync(bool)  # whatever is imported late is imported now
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    store = SqliteStore(Lanes(Path(path)), bytes)  # the file is there: nothing to prepare
    began, refused = time.monotonic(), 0
    for call in (store.ready, lambda: store.append(given("ann", 1, "s")), lambda: store.disclose((disclosure("ann"),))):
        try:
            await call()
        except StoreUnavailable:
            refused += 1
    print(refused, time.monotonic() - began < 5, flush=True)
    sys.stdin.readline()
    await store.ready()
    print((await store.append(given("ann", 1, "s"))).revision, (await store.snapshot("ann", ALONE)).own.revision)
    await store.aclose()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1])
