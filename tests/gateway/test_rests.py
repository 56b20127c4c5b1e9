"""Rests of what takes long: when one is due, what it waits for, and that it never waits for long."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.fairness import Fairness
from gateway.rests import LIGHT_WORK, MOST_WAITED_SECONDS, PATIENCE_SECONDS, PIECE_OF_WORK, Share
from tests.support.hand import Hand
from tests.support.line import settled

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def turns():
    return Fairness(Hand())


async def test_a_rest_is_due_after_a_sheet_and_then_after_each_piece(turns):
    async with turns.turn("noor") as share:
        found = [share.due]
        for work in (LIGHT_WORK - 1, 1):
            share.worked(work)
            found.append(share.due)
        await share.rest()
        for work in (0, PIECE_OF_WORK - 1, 1):
            share.worked(work)
            found.append(share.due)

    assert found == [False, False, True, False, False, True]


async def test_while_one_part_of_an_operation_rests_the_others_do_not_go_on_instead(turns):
    done = []

    async def part(share: Share) -> None:
        for _ in range(3):
            if share.due:
                await share.rest()
            share.worked(PIECE_OF_WORK)
            done.append(len(done))

    async with turns.turn("noor") as share:
        share.worked(LIGHT_WORK)
        parts = [asyncio.create_task(part(share)) for _ in range(3)]
        told = []
        while not all(one.done() for one in parts):
            before = len(done)
            await asyncio.sleep(0)
            told.append(len(done) - before)

    assert (sum(told), max(told)) == (9, 1)  # pieces in any one round of the loop


async def test_a_rest_waits_for_what_is_light_of_others_and_not_for_ones_own(turns):
    order = []

    async def resting(who: str) -> None:
        async with turns.turn(who) as share:
            await share.rest()
            order.append(who)

    async with AsyncExitStack() as stack:
        light = await stack.enter_async_context(AsyncExitStack())
        await light.enter_async_context(turns.turn("jon"))
        await stack.enter_async_context(turns.turn("noor"))
        long = asyncio.create_task(resting("noor"))
        await settled()
        before = list(order)
        await light.aclose()
        await long

    assert before == []
    assert order == ["noor"]


async def test_of_one_caller_the_oldest_goes_first_and_callers_in_turn(turns):
    order = []

    async def long(name: str) -> None:
        async with turns.turn(name[0]) as share:
            await share.rest()
            for _ in range(2):
                order.append(name)
                await share.rest()

    async with turns.turn("somebody"):
        pass
    await asyncio.gather(*(long(name) for name in ("a1", "a2", "b1", "b2")))

    assert [name for name in order if name[0] == "a"] == ["a1", "a1", "a2", "a2"]
    assert order[:4] == ["a1", "b1", "a1", "b1"]


async def test_what_is_cut_off_while_it_rests_holds_up_nobody(turns):
    async def long(who: str) -> Share:
        async with turns.turn(who) as share:
            await share.rest()
            return share

    async with turns.turn("jon"):
        gone = asyncio.create_task(long("noor"))
        after = asyncio.create_task(long("noor"))
        await settled()
        gone.cancel()
    await asyncio.wait_for(after, 5)

    assert gone.cancelled()


async def test_who_has_waited_much_waits_ever_less_and_in_the_end_for_nothing(turns):
    async with turns.turn("noor") as share:
        found = []
        for waited in (0.0, MOST_WAITED_SECONDS / 2, MOST_WAITED_SECONDS, 2 * MOST_WAITED_SECONDS):
            share.waited = waited
            found.append(share.patience)

    assert found == [PATIENCE_SECONDS, PATIENCE_SECONDS / 2, 0.0, 0.0]


async def test_a_rest_ends_though_others_never_do_and_what_it_waited_is_counted():
    turns = Fairness(asyncio.get_running_loop().time)
    async with turns.turn("jon"), turns.turn("noor") as share:
        await asyncio.wait_for(share.rest(), 5)

    assert share.waited >= PATIENCE_SECONDS
