"""What the network and the server do to a store: every wait is bounded, nothing is lost or done twice."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from graph.errors import StoreError, StoreUnavailable
from graph.neo4j_store import Neo4jStore, open_store
from graph.neo4j_store.connection import Server
from graph.neo4j_store.faults import LoginRefused
from graph.neo4j_store.fitness import refuse_older
from graph.store import Appended, DisclosureQuery, Page
from tests.conformance.builders import ALONE, NOON, command, disclosure, given, value
from tests.support.relay import Relay, relaying

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

PROMISED_SECONDS = 5.0


@pytest.fixture
async def relay(server: Server) -> AsyncIterator[Relay]:
    where = urlsplit(server.uri)
    async with relaying(where.hostname or "", where.port or 0) as relay:
        yield relay


@pytest.fixture
async def relayed(server: Server, relay: Relay) -> AsyncIterator[Neo4jStore]:
    """Return a store that reaches its server through the relay, with a connection in its pool."""
    handle = await open_store(replace(server, uri=relay.uri))
    await handle.ready()
    yield handle
    relay.thaw()
    await handle.aclose()


@pytest.fixture
def ann() -> str:
    return uuid4().hex


CALLS: dict[str, Callable[[Neo4jStore, str], Awaitable[object]]] = {
    "snapshot": lambda store, who: store.snapshot(who, ALONE),
    "append": lambda store, who: store.append(given(who, 0, "r")),
    "disclose": lambda store, who: store.disclose((disclosure(who),)),
    "count_disclosures": lambda store, who: store.count_disclosures(DisclosureQuery(subject=who)),
    "ready": lambda store, who: store.ready(),
}


async def seconds_until_unavailable(call: Awaitable[object]) -> float:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await call
    return time.monotonic() - began


@pytest.mark.parametrize("call", CALLS)
async def test_a_frozen_server_is_unavailable_in_time_and_is_used_again_when_it_thaws(
    relay: Relay, relayed: Neo4jStore, ann: str, call: str
) -> None:
    relay.freeze()
    assert await seconds_until_unavailable(CALLS[call](relayed, ann)) < PROMISED_SECONDS
    relay.thaw()
    await CALLS[call](relayed, f"{ann} again")


async def test_a_server_that_is_away_is_unavailable_at_once_and_is_used_again_when_it_is_back(
    relay: Relay, relayed: Neo4jStore, ann: str
) -> None:
    relay.away = True
    relay.cut()
    assert await seconds_until_unavailable(relayed.append(given(ann, 0, "r"))) < PROMISED_SECONDS
    relay.away = False
    assert (await relayed.append(given(ann, 0, "r"))).revision == 1


async def test_connections_cut_between_calls_are_made_again_unseen(relay: Relay, relayed: Neo4jStore, ann: str) -> None:
    for revision in range(3):
        relay.cut()
        assert (await relayed.append(given(ann, revision, f"r{revision}"))).revision == revision + 1
        relay.cut()
        assert (await relayed.snapshot(ann, ALONE)).own.revision == revision + 1


@pytest.mark.parametrize("lost", ["lost_answers", "lost_commits", "denied_commits"])
async def test_a_commit_that_got_lost_or_whose_answer_did_or_was_wrong_is_made_once(
    relay: Relay, relayed: Neo4jStore, ann: str, lost: str
) -> None:
    setattr(relay, lost, 1)
    appended = await relayed.append(given(ann, 0, "r", offer=ann))
    setattr(relay, lost, 1)
    stored = await relayed.put(ann, (value("k"),), command(answer="stored"), NOON)
    setattr(relay, lost, 1)
    await relayed.disclose((disclosure(ann), disclosure(ann)))
    assert getattr(relay, lost) == 0
    assert (appended, stored) == (Appended(1, "answer"), Appended(1, "stored"))
    assert [one.id for one in (await relayed.history(ann, ALONE)).own.records] == ["r"]
    assert len(await relayed.disclosures(DisclosureQuery(subject=ann), Page())) == 2
    assert (await relayed.ledger()).intact


async def test_whoever_gave_up_in_the_act_of_committing_learns_from_the_same_key_what_became_of_it(
    relay: Relay, relayed: Neo4jStore, ann: str
) -> None:
    once = given(ann, 0, "r")
    relay.lost_answers, relay.away = 1, True  # nor can the store ask by itself what became of it
    with pytest.raises(StoreUnavailable):
        await relayed.append(once)
    relay.away = False
    assert await relayed.append(once) == Appended(1, "answer", replayed=True)


async def test_a_wrong_password_is_told_at_once_however_patient_one_is(server: Server) -> None:
    began = time.monotonic()
    with pytest.raises(LoginRefused, match="refuses user or password; check `STORE_USER` and `STORE_PASSWORD_FILE`"):
        await open_store(replace(server, password="not the password"), patience=60)
    assert time.monotonic() - began < PROMISED_SECONDS


async def test_a_server_that_is_not_there_is_waited_for_and_then_unavailable(relay: Relay, server: Server) -> None:
    relay.away = True
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await open_store(replace(server, uri=relay.uri), patience=1)
    assert 1 <= time.monotonic() - began < PROMISED_SECONDS


@pytest.mark.parametrize("agent", ["Neo4j/4.4.30", "Neo4j/5.25.1"])
def test_a_server_that_is_too_old_is_refused_with_what_to_do(agent: str) -> None:
    with pytest.raises(StoreError, match=f"the store's server is `{agent}`; start Neo4j 5.26 or newer"):
        refuse_older(agent)


@pytest.mark.parametrize("agent", ["Neo4j/5.26.0", "Neo4j/2025.06.1", "another"])
def test_a_server_that_is_new_enough_or_does_not_say_is_used(agent: str) -> None:
    refuse_older(agent)
