"""What a process saw of a file, it keeps: an older copy of it is refused by the newest mark of all."""

import threading
from functools import partial
from pathlib import Path

import anyio
import pytest

from graph.sqlite_store.lanes import LONG_READ_SECONDS, LONG_READERS, READERS, Lanes

STORE = b"this very store"
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
