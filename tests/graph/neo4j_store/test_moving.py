"""A graph that takes in another store: never opened half done, and as if all had been made in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from neo4j import Session

from graph.archive import AdditionsAt, Entry, LedgerEntry, Link, Party, Secret
from graph.catalogue import Purpose, Tables, compiled
from graph.errors import ArchiveRefused, StoreError, StoreUnavailable
from graph.ledger import GENESIS
from graph.neo4j_store import Neo4jStore, inspect_store, open_store, restoring
from graph.neo4j_store.connection import Attempt, Server
from graph.neo4j_store.connection import Link as Way
from graph.neo4j_store.restoring import HALF_DONE, OVERTAKEN
from graph.neo4j_store.steps import TAKE_SECRETS
from graph.neo4j_store.taking import Taking
from graph.records import Subject
from graph.store import StoredRecord
from tests.conformance.builders import NOON, given, record
from tests.conformance.histories import NOTHING, SERVED, everything_happens, stream, told
from tests.conformance.stores import EMPTY, Opener
from tests.graph.neo4j_store.waiting import waits_for_a_lock
from tests.support.neo4j_server import spare
from tests.support.polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

# What a graph is made of, but for what a move makes anew: locks, who brought an entry, the order of the feeds.
EDGES = """MATCH (a)-[r]->(b)
WHERE NOT a:Disclosure AND NOT b:Disclosure
RETURN labels(a)[0] AS from, coalesce(a.id, a.position) AS a, type(r) AS how, labels(b)[0] AS to,
  coalesce(b.id, b.key, b.record) AS b ORDER BY from, a, how, to, b"""
ANEW = ("lock", "flight", "usedBy", "madeBy", "place", "rev", "values", "body", "tally", "rolledUp")


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    return EMPTY["neo4j"](tmp_path)


@pytest.fixture
def place(opener: Opener) -> Server:
    found = spare()
    return Server(found.uri, found.user, found.password)


@pytest.fixture
def beside(opener: Opener) -> Any:
    """Look at the place beside the store."""
    with spare().driver() as driver, driver.session(database="neo4j") as session:
        yield session


@pytest.fixture
async def there(opener: Opener) -> AsyncIterator[Neo4jStore]:
    handle = await opener()
    yield handle  # type: ignore[misc]  # what opens there
    await handle.aclose()


def nodes(session: Session) -> list[tuple[str, dict[str, Any]]]:
    rows = session.run(
        "MATCH (n) WHERE NOT n:Store AND NOT n:Migration AND NOT n:Catalogue "
        "AND NOT n:RollUp AND NOT n:Disclosure RETURN labels(n)[0] AS label, n AS node"  # rolled up anew, some time
    )
    found = [(row["label"], {k: v for k, v in row["node"].items() if k not in ANEW}) for row in rows]
    return sorted(found, key=repr)


def edges(session: Session) -> list[list[Any]]:
    return sorted((row.values() for row in session.run(EDGES)), key=repr)


async def test_the_graph_is_as_if_all_had_happened_in_it(
    there: Neo4jStore, beside: Session, tmp_path: Path, place: Server
) -> None:
    served = compiled(Tables(purposes=(Purpose("p", ""),)), version=SERVED + 1)
    await everything_happens(there)
    await there.mirror(served)
    entries, before = await told(there), (nodes(beside), edges(beside))
    await there.aclose()
    other = await EMPTY["neo4j"](tmp_path)()
    await other.restore(stream(entries))
    await other.mirror(served)

    after = nodes(beside), edges(beside)
    await other.aclose()

    assert [one for one in after[0] if one not in before[0]] == [one for one in before[0] if one not in after[0]] == []
    assert [one for one in after[1] if one not in before[1]] == [one for one in before[1] if one not in after[1]] == []


@pytest.mark.parametrize("known", [True, False])
async def test_a_gateway_that_opened_before_a_store_is_taken_in_gets_no_secret_of_it(
    there: Neo4jStore, beside: Session, known: bool
) -> None:
    if known:
        beside.run("MERGE (:Secret {id: 'pairwise', random: $random})", random=bytes(32)).consume()
    beside.run("MERGE (store:Store {id: 'restore'}) SET store.half = 'somebody'").consume()
    with pytest.raises(StoreError, match=HALF_DONE):
        await there.secret("pairwise")
    assert beside.run("MATCH (secret:Secret) RETURN count(*)").single(strict=True).value() == known


async def test_no_secret_is_made_once_another_store_begins_to_be_taken_in(place: Server, beside: Session) -> None:
    begun, link = asyncio.Event(), Way(place)

    async def beginning(attempt: Attempt) -> None:
        await restoring.begin(attempt, "somebody")
        begun.set()
        await to_thread.run_sync(until, lambda: waits_for_a_lock(beside))

    there = await open_store(place)
    async with asyncio.TaskGroup() as group:
        group.create_task(link.write(beginning, 30.0))
        await begun.wait()
        with pytest.raises(StoreError, match=HALF_DONE):
            await there.secret("pairwise")
    assert beside.run("MATCH (secret:Secret) RETURN count(*)").single(strict=True).value() == 0
    await there.aclose()
    await link.aclose()


async def test_what_is_half_taken_in_is_opened_only_to_begin_anew(
    there: Neo4jStore, opener: Opener, place: Server, beside: Session
) -> None:
    await everything_happens(there)
    entries = await told(there)
    beside.run("MERGE (store:Store {id: 'restore'}) SET store.half = 'somebody'").consume()

    for refused in (opener(), inspect_store(place)):
        with pytest.raises(StoreError, match=HALF_DONE):
            await refused
    anew = await open_store(place, half_done=True)
    await anew.restore(stream(entries))
    await anew.aclose()

    again = await opener()
    assert await told(again) == entries
    await again.aclose()


async def test_of_two_restores_the_one_that_began_last_is_taken(
    there: Neo4jStore, opener: Opener, place: Server
) -> None:
    last: list[Entry] = [Secret("last", b"2" * 32), *NOTHING]

    async def overtaken() -> AsyncIterator[Entry]:
        yield Secret("first", b"1" * 32)
        other = await open_store(place, half_done=True)
        await other.restore(stream(last))
        await other.aclose()
        for entry in NOTHING:
            yield entry

    with pytest.raises(StoreUnavailable, match=OVERTAKEN):
        await there.restore(overtaken())

    assert await told(there) == last


async def test_what_cannot_be_taken_out_again_stays_marked(there: Neo4jStore, opener: Opener, place: Server) -> None:
    async def closed() -> AsyncIterator[Entry]:
        yield Secret("first", b"1" * 32)
        await there.aclose()

    with pytest.raises(StoreUnavailable):
        await there.restore(closed())

    with pytest.raises(StoreError, match=HALF_DONE):
        await opener()


REFUSED: dict[str, list[Entry]] = {
    "an entry of the ledger that is none": [LedgerEntry(1, "{}", GENESIS)],
    "a position beyond all": [Party(Subject("ann"), 0, None, GENESIS), StoredRecord(2**63, record("a"))],
    "two secrets of one name": [Secret("pairwise", b"1" * 32), Secret("pairwise", b"2" * 32)],
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_no_graph_holds_is_refused(there: Neo4jStore, what: str) -> None:
    with pytest.raises(ArchiveRefused, match="export it again"):
        await there.restore(stream(NOTHING + REFUSED[what]))

    assert await told(there) == NOTHING


@pytest.mark.parametrize("text", ["", "[]", '{"begins": 7}', '{"command": 7}'])
async def test_a_change_nobody_can_read_is_moved_as_it_is(there: Neo4jStore, text: str) -> None:
    entries = [AdditionsAt(0), Party(Subject("ann"), 1, NOON, GENESIS), Link(1, NOON, text, GENESIS), NOTHING[1]]

    await there.restore(stream(entries))

    assert await told(there) == entries


async def test_more_than_a_page_of_everything_a_party_has_is_told(there: Neo4jStore) -> None:
    rows = [StoredRecord(number, record(f"r{number}"), NOON) for number in range(1, 1301)]
    links = [Link(number, NOON, "{}", GENESIS) for number in range(1, 1301)]
    entries: list[Entry] = [AdditionsAt(0), Party(Subject("ann"), 1300, NOON, GENESIS), *rows, *links, NOTHING[1]]

    await there.restore(stream(entries))

    assert await told(there) == entries


async def test_a_dump_of_what_is_written_meanwhile_is_refused_at_its_end(there: Neo4jStore, opener: Opener) -> None:
    await there.append(given("ann", 0, "a"))
    dump = there.dump(NOON)
    await anext(dump)
    await there.append(given("ann", 1, "b"))

    with pytest.raises(StoreUnavailable, match="was written to while it was told"):
        [entry async for entry in dump]


async def test_a_step_whose_answer_was_lost_is_taken_once(there: Neo4jStore, place: Server) -> None:
    way, taking = Way(place), Taking()
    again: Callable[[Attempt], Attempt] = partial(replace, uncertain=True)
    step = (TAKE_SECRETS, taking.take([Secret("a", b"1"), *NOTHING])[0][1])
    await way.write(partial(restoring.begin, mine="me"))
    for _ in range(2):
        await way.write(partial(restoring.written, mine="me", number=1, steps=[step]))
    await way.write(partial(restoring.land, mine="me", taking=taking))
    await way.write(lambda attempt: restoring.land(again(attempt), mine="me", taking=taking))
    await way.aclose()

    assert await told(there) == [Secret("a", b"1"), *NOTHING]
