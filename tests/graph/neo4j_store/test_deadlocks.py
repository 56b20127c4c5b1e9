"""Two transactions that wait for each other: the store's is tried again, and what loses every time leaves nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncTransaction

from graph.errors import StoreUnavailable
from graph.neo4j_store import Neo4jStore, changes
from graph.neo4j_store.connection import TRIES, Attempt, Link, Server
from graph.neo4j_store.names import party_of
from graph.neo4j_store.parties import locked
from graph.records import Subject
from graph.store import Appended
from graph.terms import PartyKind
from tests.conformance.builders import ALONE, NOON, given

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

LOCK = "MATCH (state:State {id: $party}) SET state.lock = 'other'"
BUSY = "UNWIND range(1, 50) AS number CREATE (:Offer {id: randomUUID()})"  # locks an entry of an index each
WAITING = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS number"


@dataclass(slots=True)
class Race:
    """Somebody else's transaction, with many locks: of two that wait for each other the one with fewer is ended."""

    transaction: AsyncTransaction

    async def locks(self, subject: str) -> None:
        """Lock somebody's state; returns when nobody else holds it."""
        await (await self.transaction.run(LOCK, party=party_of(PartyKind.SUBJECT, subject))).consume()


@dataclass(slots=True)
class Rival:
    """Locks the same two people as the store does, the other first, once for each try that it is to lose."""

    driver: AsyncDriver
    races: list[Race]
    ann: str
    bob: str
    tried: int = 0

    async def append(self, attempt: Attempt) -> Appended:
        """Write as the store does, a lock of its own first; the rival holds what it asks for next."""
        self.tried += 1
        if not self.races:
            return await changes.append(attempt, given(self.bob, 0, "r"))
        race = self.races.pop()
        await race.locks(self.bob)
        await locked(attempt, party_of(PartyKind.SUBJECT, self.ann))
        waits = asyncio.create_task(race.locks(self.ann))
        while (await self.driver.execute_query(WAITING, database_="system")).records[0]["number"] == 0:
            pass
        try:
            return await changes.append(attempt, given(self.bob, 0, "r"))
        finally:
            await attempt.transaction.close()
            await waits
            await race.transaction.close()


@asynccontextmanager
async def met(store: Neo4jStore, driver: AsyncDriver, races: int) -> AsyncIterator[Rival]:
    rival = Rival(driver, [], uuid4().hex, uuid4().hex)
    for one in (rival.ann, rival.bob):
        await store.open_subject(Subject(one), None, NOON)
    async with AsyncExitStack() as stack:
        for _ in range(races):
            session = await stack.enter_async_context(driver.session(database="neo4j"))
            transaction = await stack.enter_async_context(await session.begin_transaction())
            await (await transaction.run(BUSY)).consume()
            rival.races.append(Race(transaction))
        yield rival


@pytest.fixture
async def link(loaded: Server) -> AsyncIterator[Link]:
    link = Link(loaded)
    yield link
    await link.aclose()


@pytest.fixture
async def driver(server: Server) -> AsyncIterator[AsyncDriver]:
    async with AsyncGraphDatabase.driver(server.uri, auth=(server.user or "", server.password or "")) as driver:
        yield driver


@pytest.mark.parametrize("races", [1, TRIES - 1])
async def test_a_write_that_met_another_in_a_deadlock_is_made_once(
    store: Neo4jStore, link: Link, driver: AsyncDriver, races: int
) -> None:
    async with met(store, driver, races) as rival:
        assert await link.write(rival.append) == Appended(1, "answer")
    assert rival.tried == races + 1
    assert [one.id for one in (await store.history(rival.bob, ALONE)).own.records] == ["r"]


async def test_a_write_that_loses_in_every_deadlock_is_unavailable_and_leaves_nothing(
    store: Neo4jStore, link: Link, driver: AsyncDriver
) -> None:
    async with met(store, driver, TRIES) as rival:
        with pytest.raises(StoreUnavailable):
            await link.write(rival.append)
    assert rival.tried == TRIES
    assert (await store.history(rival.bob, ALONE)).own.records == ()
