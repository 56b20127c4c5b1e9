import asyncio
from dataclasses import dataclass, field
from functools import partial

import pytest

from resolvers.pacing import UNPACED, WORK_OF_A_READING, Readings, each, for_a_while, in_turn
from tests.support.resting import Resting

pytestmark = pytest.mark.anyio
MOMENT, LONG = 0.01, 10.0  # seconds


@dataclass
class Counting:
    """A pace that notes when it rests."""

    work: int = 0
    told: list[object] = field(default_factory=list)

    @property
    def due(self) -> bool:
        return self.work >= 10

    def worked(self, work: int) -> None:
        self.work += work

    async def rest(self) -> None:
        self.work = 0
        self.told.append("rest")


async def test_a_rest_comes_before_the_item_it_is_due_for():
    pace = Counting()
    async for item in each(pace, "abcde", 5):
        pace.told.append(item)

    assert pace.told == ["a", "b", "rest", "c", "d", "rest", "e"]


async def test_of_what_begins_side_by_side_the_rest_waits_for_its_turn():
    pace = Counting()
    for number in range(3):
        await in_turn(pace, 5)
        pace.told.append(number)

    assert pace.told == [0, 1, "rest", 2]


async def test_long_readings_of_one_operation_come_one_after_another_each_when_it_is_due() -> None:
    pace, readings = Counting(), Readings()

    async def read(number: int) -> None:
        async with readings.turn(pace):
            pace.told.append(f"begun {number}")
            await asyncio.sleep(0)
            pace.told.append(f"ended {number}")

    await asyncio.gather(read(1), read(2))

    assert pace.told == ["begun 1", "ended 1", "rest", "begun 2", "ended 2"]
    assert pace.work == WORK_OF_A_READING


@pytest.mark.parametrize(("seconds", "rests"), [(0.0, 0), (MOMENT / 2, 1), (LONG, 3)])
async def test_rests_end_where_all_of_them_together_took_long_enough(seconds: float, rests: int) -> None:
    pace = Resting(*[partial(asyncio.sleep, MOMENT)] * 3)
    rest = for_a_while(pace, 5, seconds)
    for _ in range(3):
        await rest()

    assert 3 - len(pace.acts) == rests


async def test_without_a_pace_nothing_is_due():
    UNPACED.worked(10**9)
    await UNPACED.rest()

    assert not UNPACED.due
    assert [item async for item in each(UNPACED, "ab", 10**9)] == ["a", "b"]
