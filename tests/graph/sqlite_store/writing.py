"""A program that writes changes and disclosures and names each on its output once it was answered."""

import sys
from datetime import UTC, datetime, timedelta

import anyio

from graph.sqlite_store import open_store
from graph.store import Store
from tests.conformance.builders import ALONE, command, disclosure, given

SUBJECTS = 4


async def writes(store: Store, subject: str, count: int) -> None:
    start = (await store.snapshot(subject, ALONE)).own.revision
    for number in range(start, start + count):
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
        key = f"{subject}-{number}"
        await store.append(given(subject, number, key, at=at, command=command(key)))
        print("change", subject, key, flush=True)
        await store.disclose((disclosure(subject, at, id=f"{key}-out", evidence=(key,)),))
        print("disclosure", subject, f"{key}-out", flush=True)


async def main(path: str, count: int) -> None:
    store = await open_store(path)
    async with anyio.create_task_group() as tasks:
        for number in range(SUBJECTS):
            tasks.start_soon(writes, store, f"subject{number}", count)
    await store.aclose()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], int(sys.argv[2]))
