"""Turns among callers, with a clock that stands still: who goes, who waits, and that nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from gateway.fairness import KNOCKING, LINGER_SECONDS, REFUSED, RUNNING, Fairness
from tests.support.hand import Hand
from tests.support.line import settled

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def turns(hand):
    return Fairness(hand)


class Callers:
    """Calls that hold their turn until they are let go."""

    def __init__(self, turns: Fairness) -> None:
        self.turns, self.begun, self.tasks = turns, [], []

    def call(self, who: str, kind=RUNNING) -> asyncio.Event:
        """Begin a call; the event ends it."""
        end = asyncio.Event()

        async def calling() -> None:
            async with self.turns.turn(who, kind):
                self.begun.append(who)
                await end.wait()

        self.tasks.append(asyncio.create_task(calling()))
        return end


@pytest.fixture
async def callers(turns) -> AsyncIterator[Callers]:
    found = Callers(turns)
    yield found
    for task in found.tasks:
        task.cancel()
    await asyncio.gather(*found.tasks, return_exceptions=True)
    await settled()
    assert turns.callers == 0
    assert turns.lines == 0


async def test_alone_a_caller_has_as_many_turns_as_it_likes(callers):
    for _ in range(RUNNING.at_once * 3):
        callers.call("noor")
    await settled()

    assert callers.begun == ["noor"] * RUNNING.at_once * 3


async def test_beside_another_a_caller_has_a_few_and_the_others_wait_for_those(callers):
    callers.call("jon")
    ends = [callers.call("noor") for _ in range(RUNNING.at_once + 2)]
    await settled()
    begun = list(callers.begun)
    ends[0].set()
    await settled()

    assert begun == ["jon", *["noor"] * RUNNING.at_once]
    assert callers.begun == [*begun, "noor"]


async def test_who_was_here_a_moment_ago_is_still_here(callers, hand):
    callers.call("jon").set()
    await settled()
    hand.at += LINGER_SECONDS / 2
    for _ in range(RUNNING.at_once + 1):
        callers.call("noor")
    await settled()
    beside = len(callers.begun)
    hand.at += LINGER_SECONDS
    callers.call("noor")
    await settled()

    assert beside == 1 + RUNNING.at_once
    assert len(callers.begun) == beside + 2  # nobody else is here any more: who waited goes on, and who came now


async def test_who_waited_while_others_were_here_goes_on_before_who_comes_after_they_left(callers, hand):
    other = callers.call("jon")
    for _ in range(RUNNING.at_once + 2):
        callers.call("noor")
    other.set()
    await settled()
    hand.at += LINGER_SECONDS
    callers.call("noor")
    await settled()

    assert callers.begun == ["jon", *["noor"] * (RUNNING.at_once + 3)]


async def test_of_all_that_left_the_last_one_is_still_here(callers, hand):
    first = callers.call("jon")
    await settled()
    callers.call("pia").set()
    await settled()
    hand.at += 2 * LINGER_SECONDS
    first.set()
    await settled()
    for _ in range(RUNNING.at_once + 1):
        callers.call("noor")
    await settled()

    assert callers.begun == ["jon", "pia", *["noor"] * RUNNING.at_once]


async def test_what_never_waits_is_counted_until_the_loop_has_come_round(turns):
    order = []

    async def calling(who: str) -> None:
        async with turns.turn(who, REFUSED):
            order.append(who)

    async with turns.turn("jon"):
        flood = [asyncio.create_task(calling("noor")) for _ in range(3)]
        await asyncio.sleep(0)
        at_first = list(order)
        await asyncio.gather(*flood)

    assert at_first == ["noor"]
    assert order == ["noor", "noor", "noor"]


async def test_who_is_alone_is_nobody_else_for_a_new_token(callers):
    callers.call("address", KNOCKING)
    for _ in range(RUNNING.at_once + 1):
        callers.call("noor")
    await settled()

    assert callers.begun == ["address", *["noor"] * (RUNNING.at_once + 1)]


async def test_a_call_cut_off_while_it_waits_keeps_nobody_from_going(callers):
    callers.call("jon")
    ends = [callers.call("noor") for _ in range(RUNNING.at_once)]
    await settled()
    callers.call("noor")
    waiting = callers.tasks[-1]
    callers.call("noor")
    await settled()
    waiting.cancel()
    ends[0].set()
    await settled()

    assert callers.begun.count("noor") == RUNNING.at_once + 1


@pytest.mark.parametrize("rounds", range(5))
async def test_a_call_cut_off_in_whichever_moment_passes_its_turn_on(callers, rounds):
    callers.call("jon")
    ends = [callers.call("noor") for _ in range(RUNNING.at_once)]
    await settled()
    callers.call("noor")
    cut_off = callers.tasks[-1]
    last = callers.call("noor")
    await settled()
    ends[0].set()
    for _ in range(rounds):
        await asyncio.sleep(0)  # in one of these it is given its turn, and does not know it yet
    cut_off.cancel()
    await settled()
    last.set()
    await settled()

    assert callers.tasks[-1].done(), "the last one had its turn"


async def test_who_waited_long_enough_goes_on_and_is_counted(callers):
    hasty = replace(RUNNING, longest_seconds=0.01)
    callers.call("jon")
    ends = [callers.call("noor", hasty) for _ in range(RUNNING.at_once + 1)]
    await asyncio.sleep(0.1)  # what is waited for: ten times as long as anybody waits
    gone_on = callers.begun.count("noor")
    callers.call("noor")
    ends[0].set()
    await settled()

    assert gone_on == RUNNING.at_once + 1
    assert callers.begun.count("noor") == gone_on, "as many are under way as may be, once one of five has ended"


async def test_who_waited_in_vain_or_left_is_not_kept_in_line(callers):
    callers.call("jon")
    for _ in range(RUNNING.at_once):
        callers.call("noor")
    await settled()
    hasty = replace(RUNNING, longest_seconds=0)
    callers.call("noor", hasty)
    callers.call("noor")
    leaving = callers.tasks[-1]
    await settled()
    gone_on = callers.begun.count("noor")
    leaving.cancel()
    await settled()

    assert gone_on == RUNNING.at_once + 1
    (waiting,) = (len(line.waiting) for (who, _), line in callers.turns._lines.items() if who == "noor")
    assert waiting == 0


async def test_for_a_stranger_whoever_has_an_operation_under_way_is_somebody_else(callers, hand):
    callers.call("noor")
    await settled()
    hand.at += 2 * LINGER_SECONDS
    for _ in range(REFUSED.at_once + 1):
        callers.call("address", REFUSED)
    await settled()

    assert callers.begun == ["noor", *["address"] * REFUSED.at_once]
