"""Whatever stands in the way: refused within 5 s, nothing half done, and no restart needed afterwards."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import IO

import anyio
import pytest

from graph.errors import StoreUnavailable
from graph.sqlite_store import open_store
from graph.store import Store
from tests.conformance.builders import ALONE, NOON, command, disclosure, given, value
from tests.graph.sqlite_store.conftest import Program
from tests.graph.sqlite_store.unprivileged import NOBODY

pytestmark = pytest.mark.anyio
PROMISED = 5.0  # seconds (4.4)
Call = Callable[[], Awaitable[object]]


@contextmanager
def refused_in_time() -> Iterator[None]:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        yield
    assert time.monotonic() - began < PROMISED


def line(process: subprocess.Popen[str]) -> str:
    return piped(process.stdout).readline().strip()


def piped(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def allow(path: Path, mode: int) -> None:
    path.chmod(mode)


def move(path: Path, to: Path) -> None:
    path.rename(to)


def drop_log(path: Path) -> None:
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink()


def fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def stands(path: Path) -> bool:
    return path.exists()


async def all_refused_in_time(calls: Sequence[Call]) -> None:
    async def tries(call: Call) -> None:
        with refused_in_time():
            await call()

    async with anyio.create_task_group() as tasks:
        for call in calls:
            tasks.start_soon(tries, call)


async def test_while_another_process_writes_whoever_writes_is_refused_in_time_and_leaves_no_trace(
    path: Path, store: Store, program: Program
) -> None:
    await store.append(given("ann", 0, "r"))
    once = given("ann", 1, "s", command=command("key"))
    writes: list[Call] = [
        lambda: store.append(once),
        lambda: store.put("ann", (value("k"),), command(), NOON),
        lambda: store.secret("new"),
        store.ready,
    ]
    other = program("locking", path, "writer")
    assert line(other) == "locked"
    await all_refused_in_time([*writes * 3, *[lambda: store.disclose((disclosure("ann"),))] * 10])
    assert (await store.snapshot("ann", ALONE)).own.revision == 1  # who only reads is not held up
    other.communicate()
    assert await store.answered("ann", once.command, NOON) is None
    assert not (await store.append(once)).replayed
    for write in writes:
        await write()
    await store.disclose((disclosure("ann"),))
    assert (await store.ledger()).length == 1  # nothing that was refused came to be later


async def test_while_another_process_has_the_whole_file_everything_is_refused_in_time(
    path: Path, program: Program
) -> None:
    store = await open_store(path)  # no connection stays open before its first call
    other = program("locking", path, "everything")
    assert line(other) == "locked"
    await all_refused_in_time(
        [lambda: store.snapshot("ann", ALONE), lambda: store.append(given("ann", 0, "r")), lambda: open_store(path)]
    )
    other.communicate()
    assert (await store.append(given("ann", 0, "r"))).revision == 1
    await store.aclose()


async def test_a_full_disk_refuses_writes_loses_nothing_and_heals(path: Path, program: Program) -> None:
    process = program("limited", path)
    stored, in_time, readable, lost, half_done = (await anyio.to_thread.run_sync(process.communicate))[0].split()
    assert int(stored) > 0
    assert (in_time, readable, lost, half_done) == ("True", "1", "0", "0")


async def test_a_read_only_file_refuses_writes_and_heals(program: Program) -> None:
    directory = Path(tempfile.mkdtemp())  # not below pytest's own, which only its owner may enter
    path = directory / "store.sqlite3"
    store = await open_store(path)
    await store.append(given("ann", 0, "r"))
    await store.aclose()
    try:
        if os.geteuid() == 0:
            os.chown(directory, NOBODY, NOBODY)
            os.chown(path, NOBODY, NOBODY)
        allow(path, 0o444)
        process = program("unprivileged", path)
        assert line(process) == "3 True"
        allow(path, 0o600)
        assert process.communicate("\n")[0].split() == ["2", "2"]
    finally:
        shutil.rmtree(directory)


async def test_a_file_moved_away_is_missed_and_found_again(path: Path, store: Store) -> None:
    await store.append(given("ann", 0, "r"))
    away = path.parent / "away"
    move(path, away)
    with refused_in_time():
        await store.snapshot("ann", ALONE)
    with refused_in_time():
        await store.append(given("ann", 1, "s"))
    assert not stands(path)  # no empty store took its place
    move(away, path)
    assert (await store.append(given("ann", 1, "s"))).revision == 2
    assert [one.id for one in (await store.snapshot("ann", ALONE)).own.records] == ["r", "s"]


@pytest.mark.parametrize("with_log", [True, False])
async def test_another_store_in_its_place_is_refused_until_the_right_one_is_back(
    path: Path, store: Store, with_log: bool
) -> None:
    await store.append(given("ann", 0, "r"))
    await store.snapshot("ann", ALONE)  # a reader is open too
    other = await open_store(path.with_name("other.sqlite3"))
    await other.append(given("ann", 0, "x"))
    await other.append(given("bob", 0, "x"))
    await other.aclose()
    parts = [Path(f"{path}{end}") for end in ("", "-wal", "-shm")][: 1 if with_log else 3]
    for part in parts:
        move(part, Path(f"{part}.kept"))
    move(path.with_name("other.sqlite3"), path)
    for call in (lambda: store.snapshot("ann", ALONE), store.ready, lambda: store.append(given("ann", 1, "s"))):
        with refused_in_time():
            await call()
    for part in parts:
        move(Path(f"{part}.kept"), part)
    assert [one.id for one in (await store.snapshot("ann", ALONE)).own.records] == ["r"]
    assert (await store.append(given("ann", 1, "s"))).revision == 2


@pytest.mark.parametrize("content", [b"", b"no store, but long enough to look like one " * 200])
async def test_what_is_no_store_in_its_place_is_refused_until_the_right_one_is_back(
    path: Path, store: Store, content: bytes
) -> None:
    await store.append(given("ann", 0, "r"))
    await store.aclose()
    again = await open_store(path)
    move(path, path.with_name("kept"))
    fill(path, content)
    for call in (lambda: again.snapshot("ann", ALONE), again.ready):
        with refused_in_time():
            await call()
    move(path.with_name("kept"), path)
    assert (await again.append(given("ann", 1, "s"))).revision == 2
    await again.aclose()


async def test_an_older_copy_in_its_place_never_brings_consent_back(
    path: Path, store: Store, handles: AsyncExitStack
) -> None:
    await store.append(given("ann", 0, "yes"))
    await store.aclose()
    shutil.copy(path, path.with_name("copy"))
    store = await open_store(path)
    handles.push_async_callback(store.aclose)
    await store.append(given("ann", 1, "no", ends=("yes",)))
    drop_log(path)
    move(path.with_name("copy"), path)
    for call in (lambda: store.snapshot("ann", ALONE), store.ready):
        with refused_in_time():
            await call()


async def test_a_copy_of_the_newest_state_may_take_its_place(path: Path, store: Store) -> None:
    await store.append(given("ann", 0, "yes"))
    await store.aclose()
    again = await open_store(path)
    await again.snapshot("ann", ALONE)
    shutil.copy(path, path.parent / "copy")
    move(path.parent / "copy", path)
    assert (await again.snapshot("ann", ALONE)).own.revision == 1
    await again.aclose()
