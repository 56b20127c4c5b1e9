from dataclasses import dataclass, field

import pytest

from resolvers.pacing import UNPACED, each, in_turn

pytestmark = pytest.mark.anyio


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


async def test_without_a_pace_nothing_is_due():
    UNPACED.worked(10**9)
    await UNPACED.rest()

    assert not UNPACED.due
    assert [item async for item in each(UNPACED, "ab", 10**9)] == ["a", "b"]
