"""How an operation lets others go first: it counts its work and rests; for how long is for the door to say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from graph.decision.decide import Deciding
from graph.decision.request import Decision
from graph.decision.situation import Situation

WORK_OF_A_KEY = 8  # of deciding it, in fields told: eight gates
WORK_OF_A_READING = 200  # of a snapshot: its rows are made objects of beside the loop, in the same interpreter
Item = TypeVar("Item")


class Pace(Protocol):
    """The pace of one operation."""

    @property
    def due(self) -> bool:
        """Tell whether so much was done in one piece that it is time to rest."""
        ...

    def worked(self, work: int) -> None:
        """Count work: fields told, or what takes as long."""
        ...

    async def rest(self) -> None:
        """Let others go first."""
        ...


class Unpaced:
    """The pace of an operation nobody waits for."""

    due = False

    def worked(self, work: int) -> None:
        """Count nothing."""

    async def rest(self) -> None:
        """Go on at once."""


UNPACED = Unpaced()


async def in_turn(pace: Pace, work: int) -> None:
    """Rest if that is due, then count the work that is begun now: many questions in one document begin side by side."""
    if pace.due:
        await pace.rest()
    pace.worked(work)


def for_a_while(pace: Pace, work: int, seconds: float) -> Callable[[], Awaitable[None]]:
    """Return a rest in turn that rests no more once all its rests together took so long: there may be very many."""
    loop, left = asyncio.get_running_loop(), seconds

    async def rest() -> None:
        nonlocal left
        if left > 0:
            began = loop.time()
            await in_turn(pace, work)
            left -= loop.time() - began

    return rest


class Readings:
    """The long readings of one operation, one after another: side by side they would take every reader of the store."""

    def __init__(self) -> None:
        """Begin with none."""
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, pace: Pace) -> AsyncIterator[None]:
        """Wait for the one before, and rest if that is due."""
        async with self._one:
            await in_turn(pace, WORK_OF_A_READING)
            yield


async def each(pace: Pace, items: Iterable[Item], work: int) -> AsyncIterator[Item]:
    """Yield items, each after a rest if one is due; `work` is what is done with one of them."""
    for item in items:
        await in_turn(pace, work)
        yield item


async def decided(pace: Pace, situation: Situation, keys: Iterable[str]) -> tuple[Decision, ...]:
    """Decide each key by itself, as always; others may go first in between."""
    deciding = Deciding(situation)
    return tuple([deciding.each((key,))[0] async for key in each(pace, keys, WORK_OF_A_KEY)])
