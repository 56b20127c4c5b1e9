"""Who saw a change begins where a member of the cluster had it: its bookmark goes with every later session."""

import asyncio
import base64
from collections.abc import AsyncIterator
from time import monotonic
from uuid import uuid4

import pytest
from neo4j import AsyncGraphDatabase, Bookmarks

from graph.errors import StoreUnavailable
from graph.neo4j_store import Neo4jStore
from graph.neo4j_store.connection import READ_SECONDS, Attempt, Link, Server
from graph.neo4j_store.seen import Awaited
from graph.neo4j_store.store import PROBE
from graph.store import Seen
from graph.terms import PartyKind
from tests.conformance.builders import ALONE, NOON, TICK, given

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]
PROMISED_SECONDS = 5.0  # the port's
# A bookmark of Neo4j 5: a packed list of the database's id (16 bytes) and a transaction's number, and an empty list.
DATABASE_BYTES = 19
FAR = b"\xca\x7f\xff\xff\xff"  # the number of a transaction that is years away


@pytest.fixture
async def link(loaded: Server) -> AsyncIterator[Link]:
    link = Link(loaded)
    yield link
    await link.aclose()


async def changed(store: Neo4jStore) -> Seen:
    who = uuid4().hex
    return Seen(((PartyKind.SUBJECT, who, (await store.append(given(who, 0, "a"))).revision),))


async def reached(server: Server, seen: Seen) -> Awaited:
    """Return what is awaited as it is once a session had it."""
    awaited = Awaited(seen)
    async with AsyncGraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
        async with driver.session(database=server.database) as session:
            await awaited.reached(session, READ_SECONDS)
        await awaited.reached(session, READ_SECONDS)  # closed: it is not asked again
    return awaited


def coming(bookmarks: Bookmarks) -> Bookmarks:
    """Return the bookmark of a transaction of the same database that is yet to come."""
    (text,) = bookmarks.raw_values
    database = base64.b64decode(text.removeprefix("FB:"))[:DATABASE_BYTES]
    return Bookmarks.from_raw_values(["FB:" + base64.b64encode(database + FAR + b"\x90").decode()])


async def test_the_first_session_that_has_what_was_seen_hands_its_bookmark_on(
    server: Server, store: Neo4jStore
) -> None:
    seen = await changed(store)
    found = await reached(server, seen)
    assert found.seen == seen
    assert found.bookmarks is not None
    assert len(found.bookmarks.raw_values) == 1


async def test_who_saw_nothing_brings_no_bookmark(server: Server) -> None:
    assert await reached(server, Seen()) == Awaited()


@pytest.mark.parametrize("act", ["read", "write"])
async def test_every_session_begins_at_the_bookmark_and_waits_for_it_no_longer_than_promised(
    server: Server, store: Neo4jStore, link: Link, act: str
) -> None:
    found = await reached(server, await changed(store))
    assert found.bookmarks is not None
    link.awaited = Awaited(bookmarks=coming(found.bookmarks))
    began = monotonic()
    with pytest.raises(StoreUnavailable):
        await (link.read("RETURN 1 AS one", {}) if act == "read" else link.write(nothing))
    assert monotonic() - began < PROMISED_SECONDS


async def test_what_a_gateway_wrote_itself_is_waited_for_without_being_asked(link: Link) -> None:
    await link.write(probed)
    own = await link.bookmarks.get_bookmarks()
    await link.bookmarks.update_bookmarks(own, coming(Bookmarks.from_raw_values(own)).raw_values)
    with pytest.raises(StoreUnavailable):
        await link.after(Seen()).read("RETURN 1 AS one", {})


async def probed(attempt: Attempt) -> None:
    await attempt.run(PROBE, {"lock": attempt.lock})


async def nothing(_: Attempt) -> None:
    """Write nothing."""


async def test_who_is_waited_for_is_answered_when_the_change_is_there(store: Neo4jStore) -> None:
    seen = await changed(store)
    ((kind, who, _),) = seen.parties
    later = store.after(Seen(((kind, who, 2),)))
    found, appended = await asyncio.gather(later.snapshot(who, ALONE), store.append(given(who, 1, "b", at=NOON + TICK)))
    assert (found.own.revision, appended.revision) == (2, 2)
