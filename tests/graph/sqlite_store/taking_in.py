"""A program that takes entries in without an end, and says so once the first thousands are written."""

import sys
from collections.abc import AsyncIterator
from itertools import count

import anyio

from graph.archive import AdditionsAt, Entry, LedgerEnd, UsedOffer
from graph.ledger import GENESIS
from graph.sqlite_store import open_store
from tests.conformance.builders import NOON

ENOUGH = 20_000  # more than the cache of a connection holds: the log on the disk has part of it


async def endless() -> AsyncIterator[Entry]:
    yield AdditionsAt(0)
    yield LedgerEnd(0, GENESIS)
    for number in count():
        if number == ENOUGH:
            print("under way", flush=True)
        yield UsedOffer(f"offer-{number:08d}-" + "x" * 200, NOON)


async def main(path: str) -> None:
    await (await open_store(path)).restore(endless())


if __name__ == "__main__":
    anyio.run(main, sys.argv[1])
