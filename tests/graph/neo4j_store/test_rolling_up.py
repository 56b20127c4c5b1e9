"""The ledger rolled up: each release counted once under each record that proved it, whoever rolls up, however often."""

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import anyio
import pytest
from neo4j import Session

from graph.ledger import Disclosure
from graph.neo4j_store import Neo4jStore
from graph.neo4j_store.connection import Attempt, Link, Server
from graph.neo4j_store.rolling_up import _fold, roll_up
from graph.terms import Fidelity, PartyKind, Standing
from tests.conformance.builders import HOUR, NOON, change, disclosure, record
from tests.support.polling import until
from tests.support.relay import relaying

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

SEEN = """MATCH (:Subject {subject: $who})-[:DISCLOSED]->(one:Disclosure)-[:UNDER]->(record:Record)
RETURN one.recipient, one.purpose, record.record, one.count, one.attributes, one.firstAt < one.lastAt
ORDER BY one.recipient, record.record"""


@pytest.fixture
async def link(server: Server) -> AsyncIterator[Link]:
    link = Link(server)
    yield link
    await link.aclose()


@pytest.fixture
def who(request: pytest.FixtureRequest) -> str:
    return f"{request.node.name}-{id(request)}"


async def says_yes(store: Neo4jStore, who: str, *records: str) -> None:
    begins = tuple(record(one, sequence=place) for place, one in enumerate(records, start=1))
    await store.append(change(who, 0, begins=begins))


def released(who: str, *evidence: str, key: str = "k", hours: int = 0, **more: str) -> Disclosure:
    named = {"recipient": "acme", "purpose": "play", **more}
    return disclosure(who, evidence=evidence, released=((key, Fidelity.PRECISE),), at=NOON + hours * HOUR, **named)


async def rolled_up(*links: Link) -> None:
    """Roll up to the end, through all of these at once."""

    async def one(link: Link) -> None:
        while await roll_up(link):
            pass

    async with anyio.create_task_group() as tasks:
        for link in links:
            tasks.start_soon(one, link)
    await one(links[0])


def seen(session: Session, who: str) -> list[list[object]]:
    return [list(row.values()) for row in session.run(SEEN, who=who)]


async def test_each_release_counts_once_under_each_record_that_proved_it(
    store: Neo4jStore, link: Link, session: Session, who: str
) -> None:
    first, second = f"{who} 1", f"{who} 2"
    await says_yes(store, who, first, second)
    await store.disclose((released(who, first), released(who, first, second, key="l", hours=2)))
    await rolled_up(link)
    await store.disclose((released(who, first, hours=1), released(who, second, recipient="other")))
    await rolled_up(link)
    assert seen(session, who) == [
        ["acme", "play", first, 3, ["k", "l"], True],
        ["acme", "play", second, 1, ["l"], False],
        ["other", "play", second, 1, ["k"], False],
    ]


async def test_gateways_that_roll_up_at_once_count_as_one(
    store: Neo4jStore, server: Server, session: Session, who: str
) -> None:
    await says_yes(store, who, who)
    links = [Link(server) for _ in range(4)]
    for _ in range(5):
        await store.disclose(tuple(released(who, who) for _ in range(130)))
        await rolled_up(*links)
    assert [row[3] for row in seen(session, who)] == [650]
    for link in links:
        await link.aclose()


async def test_what_is_folded_again_changes_nothing(store: Neo4jStore, link: Link, session: Session, who: str) -> None:
    await says_yes(store, who, who)
    await store.disclose((released(who, who),))
    await rolled_up(link)
    before = session.run("MATCH (done:RollUp) RETURN done.position").single(strict=True).value()

    async def again(attempt: Attempt) -> bool:
        return await _fold(attempt, before - 1, before, [])

    assert await link.write(again) is False
    assert session.run("MATCH (done:RollUp) RETURN done.position").single(strict=True).value() == before
    assert [row[3] for row in seen(session, who)] == [1]


async def test_whoever_cannot_know_that_it_was_its_own_try_that_folded_looks_again(
    store: Neo4jStore, server: Server, link: Link, session: Session, who: str
) -> None:
    await says_yes(store, who, who)
    await store.rolling_up.aclose()
    await rolled_up(link)
    await store.disclose((released(who, who),))
    where = urlsplit(server.uri)
    async with relaying(where.hostname or "", where.port or 0) as relay:
        behind = Link(replace(server, uri=relay.uri))
        relay.lost_answers = 1
        assert await roll_up(behind) == 1
        assert await roll_up(behind) == 0
        await behind.aclose()
    assert [row[3] for row in seen(session, who)] == [1]


async def test_a_release_whose_subject_nothing_shows_is_in_the_ledger_alone(
    store: Neo4jStore, link: Link, session: Session, who: str
) -> None:
    shared = f"{who} shared"
    await says_yes(store, who, shared)
    await says_yes(store, f"{who} other", shared)
    await store.disclose((released(who, shared), released(who), released(who, f"{who} unknown")))
    await rolled_up(link)
    assert seen(session, who) == seen(session, f"{who} other") == []


async def test_a_record_of_a_device_is_the_devices_own(
    store: Neo4jStore, link: Link, session: Session, who: str
) -> None:
    await store.append(change(f"{who} set", 0, kind=PartyKind.DEVICE, begins=(record(f"{who} d", sequence=1),)))
    await says_yes(store, who, f"{who} p")
    await store.disclose((released(who, f"{who} d", f"{who} p"),))
    await rolled_up(link)
    assert [row[2] for row in seen(session, who)] == [f"{who} p"]
    assert [row[2] for row in seen(session, f"{who} set")] == [f"{who} d"]


async def test_a_gap_in_the_chain_is_waited_for(store: Neo4jStore, link: Link, session: Session, who: str) -> None:
    await says_yes(store, who, who)
    await rolled_up(link)
    await store.rolling_up.aclose()
    await store.disclose((released(who, who), released(who, who)))
    hidden = "MATCH (entry:Entry) WITH max(entry.position) AS last MATCH (one:Entry {position: last - 1}) "
    place = session.run(hidden + "WITH one, one.position AS place SET one.position = -place RETURN place").single(
        strict=True
    )["place"]
    assert await roll_up(link) == 0
    session.run("MATCH (one:Entry {position: -$place}) SET one.position = $place", place=place).consume()
    await rolled_up(link)
    assert [row[3] for row in seen(session, who)] == [2]


async def test_soon_after_a_release_the_store_has_rolled_it_up(store: Neo4jStore, session: Session, who: str) -> None:
    await says_yes(store, who, who)
    await store.disclose((released(who, who),))
    await anyio.to_thread.run_sync(until, lambda: bool(seen(session, who)))
    assert [row[3] for row in seen(session, who)] == [1]


async def test_an_erased_persons_disclosures_stay_so_that_it_is_known_whom_to_tell(
    store: Neo4jStore, link: Link, session: Session, who: str
) -> None:
    await says_yes(store, who, who)
    await store.disclose((released(who, who),))
    await store.append(change(who, 1, NOON + HOUR, ends=(who,), standing=Standing.ERASED, erases_values=True))
    await rolled_up(link)
    assert [row[:4] for row in seen(session, who)] == [["acme", "play", who, 1]]
