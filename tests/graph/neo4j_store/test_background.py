"""Work beside the calls that cause it: done soon, all of it, again after a fault, and ended with its store."""

import logging
from collections.abc import AsyncIterator, Callable

import anyio
import pytest

from graph.errors import StoreUnavailable
from graph.neo4j_store.background import Background

pytestmark = pytest.mark.anyio

Causing = Callable[..., Background]


class Answers:
    """Work that answers, or raises, one thing after the other, and tells when the last was asked for."""

    def __init__(self, *answers: int | Exception) -> None:
        self.left = list(answers)
        self.done = anyio.Event()

    async def __call__(self) -> int:
        answer = self.left.pop(0)
        if not self.left:
            self.done.set()
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def causing() -> AsyncIterator[Causing]:
    made: list[Background] = []

    def cause(work: Answers) -> Background:
        made.append(Background(work, soon=0.0, later=0.0))
        made[-1].cause()
        return made[-1]

    yield cause
    for one in made:
        await one.aclose()


async def test_it_goes_on_until_nothing_is_left(causing: Causing) -> None:
    work = Answers(200, 3, 0)
    causing(work)
    with anyio.fail_after(5):
        await work.done.wait()


async def test_it_is_done_again_when_it_is_caused_again(causing: Causing) -> None:
    first = Answers(0, 0)
    background = causing(first)
    background.cause()
    with anyio.fail_after(5):
        while len(first.left) > 1:
            await anyio.lowlevel.checkpoint()
        background.cause()
        await first.done.wait()


@pytest.mark.parametrize(("fault", "told"), [(StoreUnavailable("away"), 0), (RuntimeError("ours"), 1)])
async def test_a_fault_is_not_its_last_and_only_one_of_ours_is_told(
    causing: Causing, caplog: pytest.LogCaptureFixture, fault: Exception, told: int
) -> None:
    work = Answers(fault, fault, 0)
    with caplog.at_level(logging.INFO), anyio.fail_after(5):
        causing(work)
        await work.done.wait()
    assert len(caplog.records) == 2 * told


async def test_closing_what_nothing_caused_is_nothing() -> None:
    await Background(Answers()).aclose()
