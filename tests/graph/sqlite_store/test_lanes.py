"""What a process saw of a file, it keeps: an older copy of it is refused by the newest mark of all."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio
import pytest

from graph.errors import StoreUnavailable
from graph.records import Scope
from graph.sqlite_store import open_store
from graph.sqlite_store.lanes import LONG_READ_SECONDS, LONG_READERS, READERS, Lanes
from graph.store import DisclosureQuery

STORE = b"this very store"
ENDLESS = "WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one) SELECT COUNT(*) FROM one"
GONE = threading.Event()
GONE.set()
OVERTAKEN_SECONDS = 0.2  # for a newer mark to be noted meanwhile, if nothing keeps it from that


def test_a_mark_that_is_noted_late_does_not_take_the_place_of_a_newer_one(path: Path) -> None:
    lanes, overtaking = Lanes(path), list[threading.Thread]()

    class Late(tuple[bytes, int]):
        """A mark that is overtaken while it is compared."""

        __slots__ = ()

        def __getitem__(self, place: object) -> object:
            if not overtaking:
                overtaking.append(threading.Thread(target=lanes._note, args=((STORE, 2),)))
                overtaking[0].start()
                overtaking[0].join(OVERTAKEN_SECONDS)
            return (STORE, 1)[place]

    lanes._note(Late((STORE, 1)))
    overtaking[0].join()
    assert lanes._newest == (STORE, 2)


@pytest.mark.anyio
async def test_who_counts_over_everybody_waits_for_others_that_do_and_takes_no_reader_of_all_others(path: Path) -> None:
    lanes = Lanes(path)
    await lanes.prepare()
    end, order = threading.Event(), []

    def counting(_: object, name: str, until: threading.Event) -> None:
        until.wait(LONG_READ_SECONDS)
        order.append(name)

    async with anyio.create_task_group() as group:
        for name in ("first", "second"):
            group.start_soon(lanes.read, partial(counting, name=name, until=end), LONG_READ_SECONDS)
        for number in range(READERS):
            await lanes.read(partial(counting, name=f"short {number}", until=GONE))
        before = list(order)
        end.set()
    await lanes.aclose()

    assert before == [f"short {number}" for number in range(READERS)]
    assert order[READERS:] == ["first", "second"]


@pytest.mark.anyio
async def test_no_two_count_at_once(path: Path) -> None:
    lanes, here, most = Lanes(path), threading.Semaphore(LONG_READERS), []

    def counting(_: object) -> None:
        most.append(here.acquire(blocking=False))
        threading.Event().wait(OVERTAKEN_SECONDS)
        here.release()

    await lanes.prepare()
    async with anyio.create_task_group() as group:
        for _ in range(2 * LONG_READERS):
            group.start_soon(lanes.read, counting, LONG_READ_SECONDS)
    await lanes.aclose()

    assert most == [True] * 2 * LONG_READERS


@pytest.mark.anyio
async def test_a_count_that_nobody_waits_for_ends_and_gives_its_seat_back(path: Path) -> None:
    lanes, begun = Lanes(path), threading.Event()

    def endless(connection: sqlite3.Connection) -> None:
        begun.set()
        connection.execute(ENDLESS).fetchone()

    await lanes.prepare()
    async with anyio.create_task_group() as group:
        group.start_soon(lanes.read, endless, LONG_READ_SECONDS)
        await anyio.to_thread.run_sync(begun.wait, LONG_READ_SECONDS)
        group.cancel_scope.cancel()
    with anyio.fail_after(LONG_READ_SECONDS / 2):
        found = await lanes.read(lambda connection: connection.execute("SELECT 7").fetchone(), LONG_READ_SECONDS)
    await lanes.aclose()

    assert found == (7,)


@pytest.mark.anyio
async def test_a_count_that_hangs_keeps_its_seat_until_it_is_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.sqlite_store.lanes.READ_SECONDS", 0.0)  # every reading is a long one
    lanes, end, ended = Lanes(path), threading.Event(), threading.Event()

    def hanging(_: object) -> None:
        end.wait(LONG_READ_SECONDS)
        ended.set()

    await lanes.prepare()
    for work in (hanging, lambda _: None):
        with pytest.raises(StoreUnavailable):
            await lanes.read(work, OVERTAKEN_SECONDS)
    end.set()
    await anyio.to_thread.run_sync(ended.wait, LONG_READ_SECONDS)
    await lanes.read(lambda _: None, LONG_READ_SECONDS)
    await lanes.aclose()


@pytest.mark.anyio
async def test_what_looks_at_everybody_counts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, asked, read = await open_store(path), [], Lanes.read

    async def noted(lanes: Lanes, work: Callable[[sqlite3.Connection], object], seconds: float = 0.0) -> object:
        asked.append(seconds)
        return await read(lanes, work, seconds or LONG_READ_SECONDS)

    monkeypatch.setattr(Lanes, "read", noted)
    await store.count_disclosures(DisclosureQuery())
    await store.population(Scope(), datetime.now(UTC))
    await store.aclose()

    assert asked == [LONG_READ_SECONDS] * 2
