"""What a query touches in the graph is the same however many people there are, and however much of hers has ended."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import LiteralString

import anyio
import pytest

from graph.catalogue import Catalogue
from graph.neo4j_store import Neo4jStore, dumping, open_store
from graph.neo4j_store.background import Background
from graph.neo4j_store.connection import Server
from graph.neo4j_store.rolling_up import roll_up
from graph.pack import REFERENCE
from graph.pack import load as reference
from graph.records import Scope, Subject
from graph.store import DisclosureQuery, Page, Parties, Seen
from graph.terms import AgeBand, PartyKind, RecordKind, Standing
from tests.conformance.builders import (
    EVER,
    FULL_SCOPE,
    HOUR,
    NOON,
    change,
    command,
    device,
    disclosure,
    record,
    value,
)
from tests.graph.neo4j_store.copying import original
from tests.graph.neo4j_store.profiled import ProfiledLink
from tests.support.neo4j_server import Neo4jServer, once, own

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]

NAME, LONG, DEEP = "template", "long", "deep"
SIZES = (100, 1_000, 10_000)
ENDED, AT_ONCE = 5_000, 250
PARTIES = Parties(device="set", household="home")
PAGE, LATE = Page(first=20), Page(after=40_000, first=20)

Call = Callable[[Neo4jStore, str], Awaitable[object]]
Hits = dict[str, dict[str, int]]


async def _values(store: Neo4jStore, who: str) -> object:
    return await store.values(await store.snapshot(who, PARTIES), ("source", "derived"), NOON)


def told(query: LiteralString, **asked: object) -> Call:
    """Return the reading of one page of a dump."""
    return lambda store, _: store._link.scan(query, {**asked, "most": PAGE.first})


# In this order on one person: each finds what the one before left, as everywhere.
CALLS: dict[str, Call] = {
    "snapshot": lambda store, who: store.snapshot(who, PARTIES),
    "values": lambda store, who: _values(store, who),
    "held": lambda store, who: store.held(who),
    "devices": lambda store, who: store.devices(who),
    "records": lambda store, who: store.records(who, Page(first=3), EVER),
    "open": lambda store, who: store.open_subject(_person(who), device("set"), NOON),
    "open on another device": lambda store, who: store.open_subject(_person(who), device("phone"), NOON),
    "open older": lambda store, who: store.open_subject(_person(who, AgeBand.TEEN), None, NOON),
    "open for the first time": lambda store, who: store.open_subject(_person(f"{who} again"), device("set"), NOON),
    "answered": lambda store, who: store.answered(who, command("given"), NOON),
    "say yes": lambda store, who: _says_yes(store, who),
    "say no": lambda store, who: _says_no(store, who),
    "say it again": lambda store, who: _says_no(store, who),
    "put": lambda store, who: store.put(
        who, (value("source", device="set"), value("derived", sources=("source",))), command(), NOON
    ),
    "discard": lambda store, who: store.discard(who, ("derived",)),
    "disclose": lambda store, who: store.disclose((disclosure(who, evidence=("open",)),)),
    "disclosures": lambda store, who: store.disclosures(DisclosureQuery(subject=who), Page(first=1)),
    "disclosures under a record": lambda store, who: store.disclosures(
        DisclosureQuery(record=f"{who} open"), Page(first=1)
    ),
    "additions": lambda store, who: store.additions(),
    "secret": lambda store, who: store.secret("pairwise"),
    "ready": lambda store, who: store.ready(),
    "sweep": lambda store, who: store.sweep(NOON - timedelta(days=2)),
    "moved": lambda store, who: _moves(store, who),
    "stale": lambda store, who: store.stale(((PartyKind.SUBJECT, who, 2), (PartyKind.SUBJECT, f"{who} again", 0))),
    "read after what was seen": lambda store, who: store.after(Seen(((PartyKind.SUBJECT, who, 2),))).devices(who),
    "mirror what is mirrored": lambda store, who: store.mirror(served()),
    "people told": told(dumping.PARTIES, kind="PERSON", after=f"{NAME}2", together=PAGE.first),
    "entries told": told(dumping.LEDGER, after=0),
    "commands told": told(dumping.OWNERS, kind="PERSON", party=f"{NAME}2"),
    "holders": lambda store, who: store.holders(PAGE),
    "everybody's disclosures": lambda store, who: store.disclosures(DisclosureQuery(), PAGE),
    "a recipient's disclosures": lambda store, who: store.disclosures(DisclosureQuery(recipient="recipient"), PAGE),
    "a key's disclosures": lambda store, who: store.disclosures(DisclosureQuery(key="some.key"), PAGE),
    "a purpose's disclosures": lambda store, who: store.disclosures(DisclosureQuery(purpose="some.purpose"), PAGE),
}


@cache
def served() -> Catalogue:
    return replace(reference(REFERENCE).catalogue, version=1)


def _person(who: str, age: AgeBand = AgeBand.ADULT) -> Subject:
    return Subject(who, age_band=age, jurisdictions=("DE",))


# By twos: an early page, and one as long that begins late.
PAGES: dict[str, Call] = {
    "records": lambda store, who: store.records(who, PAGE, EVER),
    "late records": lambda store, who: store.records(who, Page(after=4_000, first=PAGE.first), EVER),
    "disclosures": lambda store, who: store.disclosures(DisclosureQuery(), PAGE),
    "late disclosures": lambda store, who: store.disclosures(DisclosureQuery(), LATE),
    "of a recipient": lambda store, who: store.disclosures(DisclosureQuery(recipient="recipient"), PAGE),
    "late of a recipient": lambda store, who: store.disclosures(DisclosureQuery(recipient="recipient"), LATE),
    "of a key": lambda store, who: store.disclosures(DisclosureQuery(key="some.key"), PAGE),
    "late of a key": lambda store, who: store.disclosures(DisclosureQuery(key="some.key"), LATE),
}


async def _moves(store: Neo4jStore, who: str) -> None:
    """See one change after a moment, as a gateway beside."""
    then, base = (await store.moved(None)).after, (await store.snapshot(who, PARTIES)).own.revision
    await store.append(change(who, base, NOON + 4 * HOUR, command=command("move"), standing=Standing.RESTRICTED))
    await store.moved(then)


async def _says_yes(store: Neo4jStore, who: str) -> None:
    base = (await store.snapshot(who, PARTIES)).own.revision
    yes = record("yes", NOON + 2 * HOUR, scope=FULL_SCOPE, sequence=base + 1)
    await store.append(change(who, base, NOON + 2 * HOUR, begins=(yes,), offer=f"{who} is asked"))


async def _says_no(store: Neo4jStore, who: str) -> None:
    base = (await store.snapshot(who, PARTIES)).own.revision
    no = record("no", NOON + 3 * HOUR, RecordKind.WITHDRAWN, scope=FULL_SCOPE, sequence=base + 1)
    await store.append(change(who, base, NOON + 3 * HOUR, begins=(no,), ends=("yes",), command=command("no")))


async def lived(store: Neo4jStore, who: str) -> None:
    """Let somebody sign in, say yes and no, hold a value and one inferred from it, and be disclosed."""
    await store.open_subject(_person(who), device("set"), NOON)
    rows = (record(f"{who} open", scope=Scope(), sequence=1), record("full", scope=FULL_SCOPE, sequence=1))
    await store.append(change(who, 0, begins=rows))
    no = record("earlier no", NOON + HOUR, RecordKind.WITHDRAWN, scope=FULL_SCOPE, sequence=2)
    await store.append(change(who, 1, NOON + HOUR, begins=(no,), ends=("full",)))
    await store.put(who, (value("source", device="set"), value("derived", sources=("source",))), command(), NOON)
    await store.disclose((disclosure(who, evidence=(f"{who} open",)),))


async def lived_on(store: Neo4jStore, who: str) -> None:
    """Let somebody say yes and take it back thousands of times."""
    earlier: tuple[str, ...] = ()
    for start in range(0, ENDED + 1, AT_ONCE):
        names = tuple(f"r{number}" for number in range(start, min(start + AT_ONCE, ENDED)))
        base = 2 + start // AT_ONCE
        begins = tuple(record(name, NOON + HOUR, scope=FULL_SCOPE, sequence=base + 1) for name in names)
        await store.append(change(who, base, NOON + HOUR, begins=begins, ends=earlier))
        earlier = names


async def hits(server: Server, who: str, calls: Mapping[str, Call]) -> Hits:
    """Return what each query of each call touches."""
    link = ProfiledLink(server)
    store = Neo4jStore(link, bytes)
    store.rolling_up = Background(partial(roll_up, link), soon=3600.0)  # or its queries were counted with a call's
    found = {}
    try:
        for name, call in calls.items():
            link.hits.clear()
            await call(store, who)
            found[name] = dict(link.hits)
    finally:
        await store.aclose()
    return found


@pytest.fixture(autouse=True)
def alone() -> None:
    """Nobody else uses this server."""


@pytest.fixture(scope="module")
def measured() -> dict[str, Hits]:
    """Return what is touched at each size, and of somebody of whom much has ended; one worker of a run looks."""
    found: dict[str, Hits] = once("flatness", lambda: looked(own()))
    return found


def looked(running: Neo4jServer) -> dict[str, Hits]:
    """Look at a server with nobody else's people on it."""
    server = Server(running.uri, running.user, running.password)
    found: dict[str, Hits] = {}
    anyio.run(begun, server)
    with running.driver() as driver, driver.session(database=server.database) as session:
        one, many = original(session, NAME), 0
        for size in SIZES:
            one.copy(session, range(many + 1, size + 1))
            many = size
            if size == SIZES[0]:
                anyio.run(hits, server, f"{NAME}1", CALLS)  # so that every label and every property was seen once
            session.run("CALL db.clearQueryCaches()").consume()
            found[str(size)] = anyio.run(hits, server, f"{NAME}{size // 2}", CALLS)
        found[LONG] = anyio.run(lived_and_measured, server)
        found[DEEP] = anyio.run(hits, server, LONG, PAGES)
    return found


async def begun(server: Server) -> None:
    store = await open_store(server)
    await store.mirror(served())
    await lived(store, NAME)
    await lived(store, LONG)
    await store.aclose()


async def lived_and_measured(server: Server) -> Hits:
    store = await open_store(server)
    await lived_on(store, LONG)
    await store.aclose()
    return await hits(server, LONG, CALLS)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_touches_as_much_whether_there_are_a_hundred_people_or_ten_thousand(
    measured: dict[str, Hits], call: str
) -> None:
    few, more, many = (measured[str(size)][call] for size in SIZES)
    assert few == more == many
    assert few


@pytest.mark.parametrize("call", CALLS)
def test_a_call_touches_no_more_of_somebody_who_has_thousands_of_ended_records(
    measured: dict[str, Hits], call: str
) -> None:
    usual, long = measured[str(SIZES[-1])][call], measured[LONG][call]
    assert long.keys() == usual.keys()
    assert {query: hits for query, hits in long.items() if hits > usual[query]} == {}


def test_a_page_costs_the_same_wherever_it_begins(measured: dict[str, Hits]) -> None:
    pages = [measured[DEEP][name] for name in PAGES]
    assert [early == late for early, late in zip(pages[::2], pages[1::2], strict=True)] == [True] * (len(pages) // 2)
