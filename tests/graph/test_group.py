"""Who flies together waits only for herself: nobody is hurried by the others, nobody enters who gave up."""

import asyncio
from dataclasses import dataclass, field

import pytest

from graph.errors import StoreUnavailable
from graph.group import Aboard, GroupCommit, Patience
from tests.conformance.builders import disclosure

pytestmark = pytest.mark.anyio

SHORT, LONG = Patience(0.05, 0.01), Patience(60.0, 0.01)  # seconds; the shorter is waited out


@dataclass(slots=True)
class Ledger:
    """A ledger whose flights write when they may, in the seconds they have, and what it holds."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    held: list[str] = field(default_factory=list)

    async def enter(self, aboard: Aboard, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.may.wait()
        except TimeoutError:
            raise StoreUnavailable("the flight was out of time") from None
        self.held += [entry.subject for entry, _ in aboard()]


async def disclosing(queue: GroupCommit, who: str, patience: Patience) -> None:
    queue.patience = patience
    await queue.disclose((disclosure(who),))


async def test_who_gives_up_on_the_way_neither_takes_the_others_down_nor_enters() -> None:
    ledger = Ledger()
    queue = GroupCommit(ledger.enter, LONG, "you waited in vain")
    hurried = asyncio.create_task(disclosing(queue, "hurried", SHORT))
    patient = asyncio.create_task(disclosing(queue, "patient", LONG))  # before the flight sets out
    with pytest.raises(StoreUnavailable, match="you waited in vain"):
        await hurried
    ledger.may.set()
    await patient
    assert ledger.held == ["patient"]


async def test_who_gives_up_in_the_very_act_of_landing_is_told_so_and_the_others_land() -> None:
    ledger = Ledger()

    async def enter(aboard: Aboard, seconds: float) -> None:
        ledger.held += [entry.subject for entry, _ in aboard()]
        await ledger.may.wait()

    queue = GroupCommit(enter, LONG, "you waited in vain")
    hurried = asyncio.create_task(disclosing(queue, "hurried", SHORT))
    patient = asyncio.create_task(disclosing(queue, "patient", LONG))
    with pytest.raises(StoreUnavailable, match="you waited in vain"):
        await hurried
    ledger.may.set()
    await patient
    assert ledger.held == ["hurried", "patient"]


async def test_a_flight_that_fails_fails_for_everybody_on_it() -> None:
    ledger = Ledger()
    queue = GroupCommit(ledger.enter, SHORT, "you waited in vain")
    both = [asyncio.create_task(disclosing(queue, who, SHORT)) for who in ("one", "other")]
    told = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in told] == [StoreUnavailable, StoreUnavailable]
    assert ledger.held == []
