"""Whoever was told what is on record finds no less of it, at every handle, or is told that the store is away."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import pytest

from graph.decision.snapshot import PartyState, Snapshot
from graph.errors import StoreUnavailable
from graph.reach import NOWHERE_ELSE
from graph.records import Scope, Subject
from graph.store import Additions, DisclosureQuery, Page, Parties, Seen, Store
from graph.terms import PartyKind
from tests.conformance.builders import ALONE, EVER, NOON, TICK, command, disclosure, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
Another = Callable[[], Awaitable[Store]]
Call = Callable[[Store, str], Awaitable[object]]
MOST_SECONDS = 5.0  # the port's promise


def at(subject: str, revision: int, kind: PartyKind = PartyKind.SUBJECT) -> Seen:
    return Seen(((kind, subject, revision),))


def _unread(subject: str) -> Snapshot:
    return Snapshot(Subject(subject), (PartyState(PartyKind.SUBJECT, subject),))


LOOKING: dict[str, Call] = {
    "snapshot": lambda store, ann: store.snapshot(ann, ALONE),
    "history": lambda store, ann: store.history(ann, ALONE),
    "answered": lambda store, ann: store.answered(ann, command(), NOON),
    "records": lambda store, ann: store.records(ann, Page(), EVER),
    "count_records": lambda store, ann: store.count_records(ann, EVER),
    "devices": lambda store, ann: store.devices(ann),
    "values": lambda store, ann: store.values(_unread(ann), ("k",), NOON),
    "held": lambda store, ann: store.held(ann),
    "disclosures": lambda store, ann: store.disclosures(DisclosureQuery(subject=ann), Page()),
    "additions": lambda store, _: store.additions(),
    "population": lambda store, _: store.population(Scope(), NOON, NOWHERE_ELSE),
}
WRITING: dict[str, Call] = {
    "open_subject": lambda store, ann: store.open_subject(Subject(ann), None, NOON),
    "append": lambda store, ann: store.append(given(ann, 1, "b", at=NOON + TICK)),
    "put": lambda store, ann: store.put(ann, (value("k"),), command(), NOON),
    "add": lambda store, _: store.add(Additions(), command(), NOON),
}


@pytest.mark.parametrize("call", LOOKING | WRITING)
async def test_who_saw_a_change_finds_it_at_another_handle(another: Another, name: Name, call: str) -> None:
    here, there = await another(), await another()
    seen = at(name("ann"), (await here.append(given(name("ann"), 0, "a"))).revision)
    found = await (LOOKING | WRITING)[call](there.after(seen), name("ann"))
    assert (await there.snapshot(name("ann"), ALONE)).subject.id == name("ann")
    assert call in WRITING or found == await LOOKING[call](here, name("ann"))


async def test_what_was_seen_is_there_after_a_restart(another: Another, name: Name) -> None:
    first = await another()
    seen = at(name("ann"), (await first.append(given(name("ann"), 0, "a"))).revision)
    await first.aclose()
    found = await (await another()).after(seen).snapshot(name("ann"), ALONE)
    assert [one.id for one in found.own.records] == ["a"]


async def refused(*calls: Awaitable[object]) -> bool:
    """Tell whether every one of these calls finds the store away; together, because each may wait for seconds."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    return all(isinstance(one, StoreUnavailable) for one in found)


async def test_a_store_that_lacks_what_was_seen_answers_nothing(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a"))
    began = monotonic()
    lacking = store.after(at(name("ann"), 2))
    assert await refused(*(call(lacking, name("ann")) for call in (LOOKING | WRITING).values()))
    assert monotonic() - began < MOST_SECONDS
    assert (await store.snapshot(name("ann"), ALONE)).own.revision == 1
    assert await store.held(name("ann")) == ()


async def test_each_party_seen_must_be_there(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a"))
    await store.append(given(name("set"), 0, "b", kind=PartyKind.DEVICE))
    both = Seen(((PartyKind.SUBJECT, name("ann"), 1), (PartyKind.DEVICE, name("set"), 1)))
    found = await store.after(both).snapshot(name("ann"), Parties(device=name("set")))
    assert [party.revision for party in found.parties] == [1, 1]
    lacking = (at(name("set"), 1), at(name("ann"), 1, PartyKind.DEVICE), at(name("ANN"), 1))
    assert await refused(*(store.after(one).snapshot(name("ann"), ALONE) for one in lacking))


@pytest.mark.parametrize("seen", [Seen(), Seen(((PartyKind.HOUSEHOLD, "nobody", 0),))])
async def test_who_saw_nothing_waits_for_nothing(store: Store, name: Name, seen: Seen) -> None:
    assert (await store.after(seen).snapshot(name("ann"), ALONE)).own.revision == 0


async def test_what_was_seen_before_still_holds(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a"))
    there, lacking = at(name("ann"), 1), at(name("ann"), 2)
    both = (store.after(lacking).after(there), store.after(there).after(lacking))
    assert await refused(*(one.snapshot(name("ann"), ALONE) for one in both))
    assert (await store.after(there).after(there).snapshot(name("ann"), ALONE)).own.revision == 1


async def test_many_calls_of_one_who_saw_something_are_answered_together(store: Store, name: Name) -> None:
    view = store.after(at(name("ann"), (await store.append(given(name("ann"), 0, "a"))).revision))
    assert (await view.append(given(name("ann"), 1, "b", at=NOON + TICK))).revision == 2
    assert (await view.snapshot(name("ann"), ALONE)).own.revision == 2
    await view.disclose((disclosure(name("ann")),))
    assert await store.count_disclosures(DisclosureQuery(subject=name("ann"))) == 1


async def test_a_store_is_closed_with_its_views(store: Store, name: Name) -> None:
    view = store.after(at(name("ann"), 0))
    await view.snapshot(name("ann"), ALONE)
    await view.aclose()
    for one in (store, view):
        with pytest.raises(StoreUnavailable):
            await one.snapshot(name("ann"), ALONE)
