"""Turns: acts on one person come one after another, nobody waits for ever, and nothing is kept of who is done."""

import asyncio

import pytest

from graph.terms import Operation
from resolvers.acts import Changed, ScopeAsked
from resolvers.commit import TRIES
from resolvers.consent import withdraw
from resolvers.turns import Turns
from tests.support.worlds_resolvers import World

pytestmark = pytest.mark.anyio


async def test_forty_callers_at_one_person_are_all_heard(world: World) -> None:
    turns, scopes = Turns(), [(operation, channel) for operation in Operation for channel in world.catalogue.channels]

    async def says_no(operation: Operation, channel: str) -> object:
        scope = ScopeAsked(channel=channel, operations=(operation,))
        return await withdraw(world.context(turns=turns), f"{operation} {channel}", scope)

    answers = await asyncio.gather(*(says_no(*scope) for scope in scopes))

    assert len(scopes) > TRIES, "without turns the last of them are told that the store does not answer"
    assert [type(answer) for answer in answers] == [Changed] * len(scopes)
    said = [(*record.scope.operations, record.scope.channel) for record in await world.records()]
    assert sorted(said) == sorted(scopes)
    assert len(turns) == 0


async def test_whoever_comes_second_goes_when_the_first_is_done() -> None:
    turns, heard = Turns(), list[str]()

    async def second() -> None:
        async with turns.at("noor"):
            heard.append("second")

    async with turns.at("noor"):
        waiting = asyncio.ensure_future(second())
        await _everybody_moves()
        heard.append("first")
    await waiting

    assert heard == ["first", "second"]


async def test_nobody_waits_for_somebody_at_another_person() -> None:
    turns = Turns()
    async with turns.at("noor"), turns.at("jon"):
        assert len(turns) == 2
    assert len(turns) == 0


async def test_whoever_waited_long_enough_goes_ahead() -> None:
    turns = Turns(longest_seconds=0)
    async with turns.at("noor"), turns.at("noor"):
        assert len(turns) == 1
    assert len(turns) == 0


async def test_an_act_that_fails_lets_the_next_one_go() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"):
        async with turns.at("noor"):
            raise ValueError("no")
    async with turns.at("noor"):
        assert len(turns) == 1


async def _everybody_moves() -> None:
    """Let every task run until it waits for another one."""
    for _ in range(10):
        await asyncio.sleep(0)
