"""What a piece of work leaves behind is found at its end, and what grew old before is not forgotten over it."""

import gc
import threading
from collections.abc import Iterator
from weakref import ref

import pytest

from gateway.clearing import cleared

SOON = (50, 2, 3)  # objects, looks and rounds until the collector would look at each generation
LONG, MOMENT = 10.0, 0.1  # seconds


class Knot:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def hurried() -> Iterator[None]:
    """Let everything be due soon, and nothing be left of others' work."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(*SOON)
    yield
    gc.set_threshold(*thresholds)


def test_what_holds_itself_is_gone_at_the_end() -> None:
    with cleared():
        left = ref(Knot())
        kept = [[] for _ in range(1_000)]
        assert left() is not None

    assert (left(), len(kept)) == (None, 1_000)


def test_the_collector_goes_on_afterwards_whatever_happened() -> None:
    meanwhile = []

    with pytest.raises(ZeroDivisionError), cleared():
        meanwhile.append(gc.isenabled() or 1 / 0)

    assert (meanwhile, gc.isenabled()) == ([], True)


def test_work_after_work_does_not_put_off_a_round_through_everything() -> None:
    knot = Knot()
    old = ref(knot)
    gc.collect()  # it is old now
    del knot

    for _ in range((SOON[1] + 2) * (SOON[2] + 1) + 1):  # a count is due when it is over its number
        with cleared():
            pass

    assert old() is None


def test_one_waits_for_another() -> None:
    begun, end, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with cleared():
            begun.set()
            end.wait(LONG)
            order.append("first")

    def second() -> None:
        with cleared():
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    begun.wait(LONG)
    threads[1].start()
    threads[1].join(MOMENT)
    assert threads[1].is_alive()
    end.set()
    for one in threads:
        one.join(LONG)

    assert order == ["first", "second"]
