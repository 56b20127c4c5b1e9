"""A try has its time, whatever the driver does to the task it runs in, and has ended when its caller goes on."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from graph.neo4j_store.trying import tried

Once = Callable[[], Coroutine[Any, Any, str]]
pytestmark = pytest.mark.anyio


@pytest.fixture
def ended() -> list[str]:
    return []


def waits(ended: list[str]) -> Once:
    async def once() -> str:
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            ended.append("ended")

    return once


def cancels_its_task_once_more(ended: list[str]) -> Once:
    """Return a try that is interrupted where the driver is not to be, which cancels its task again."""
    waiting = waits(ended)

    async def once() -> str:
        try:
            await waiting()
        except asyncio.CancelledError:
            asyncio.current_task().cancel()  # type: ignore[union-attr]  # it runs in one
        return await waiting()

    return once


def answers_all_the_same(ended: list[str]) -> Once:
    waiting = waits(ended)

    async def once() -> str:
        try:
            return await waiting()
        except asyncio.CancelledError:
            return "committed"

    return once


async def test_what_comes_in_time_is_the_answer() -> None:
    async def once() -> str:
        return "answer"

    assert await tried(once, 5) == "answer"


async def test_a_fault_is_its_own() -> None:
    async def once() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await tried(once, 5)


@pytest.mark.parametrize(("made", "ends"), [(waits, 1), (cancels_its_task_once_more, 2)])
async def test_a_time_that_is_over_is_a_timeout_whatever_became_of_the_task(
    made: Callable[[list[str]], Once], ends: int, ended: list[str]
) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await tried(made(ended), 0.001)

    assert ended == ["ended"] * ends


async def test_an_answer_that_came_after_its_time_is_not_thrown_away(ended: list[str]) -> None:
    assert await tried(answers_all_the_same(ended), 0.001) == "committed"


@pytest.mark.parametrize("made", [waits, cancels_its_task_once_more, answers_all_the_same])
async def test_whoever_leaves_has_left_when_the_try_has_ended(
    made: Callable[[list[str]], Once], ended: list[str]
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await tried(made(ended), 5)

    assert ended
