"""Whose states changed, told to who asks on from where it stopped: nobody is missed; which of those known are stale."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from graph.feed import PartyName
from graph.records import Subject
from graph.store import Store
from graph.terms import PartyKind
from tests.conformance.builders import NOON, TICK, command, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
Another = Callable[[], Awaitable[Store]]
SUBJECT, DEVICE, HOUSEHOLD = PartyKind.SUBJECT, PartyKind.DEVICE, PartyKind.HOUSEHOLD


async def follow(store: Store, after: str) -> tuple[str, list[PartyName]]:
    """Ask on until nobody more has moved; return the cursor, and who did."""
    found: list[PartyName] = []
    while True:
        page = await store.moved(after)
        after = page.after
        found += page.parties
        if not page.parties:
            return after, found


async def test_it_begins_at_now(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    _, found = await follow(store, (await store.moved(None)).after)
    assert (SUBJECT, name("ann")) not in found


async def test_each_party_that_moved_is_told_with_its_kind(store: Store, name: Name) -> None:
    after = (await store.moved(None)).after
    for kind in (SUBJECT, DEVICE, HOUSEHOLD):
        await store.append(given(name("a/n%n"), 0, "r", kind=kind))
    await store.open_subject(Subject(name("bob")), None, NOON)
    await store.open_subject(Subject(name("bob"), jurisdictions=("DE",)), None, NOON)
    after, found = await follow(store, after)
    assert {*found} >= {(kind, name("a/n%n")) for kind in PartyKind} | {(SUBJECT, name("bob"))}
    again, none = await follow(store, after)
    assert [one for one in none if one[1].startswith(name(""))] == []
    assert (await store.moved(again)).after == again


async def test_who_moves_again_is_told_again(store: Store, name: Name) -> None:
    after = (await store.moved(None)).after
    for number in range(3):
        await store.append(given(name("ann"), number, f"r{number}", at=NOON + number * TICK))
        after, found = await follow(store, after)
        assert (SUBJECT, name("ann")) in found


async def test_a_value_moves_nobody(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    after = (await store.moved(None)).after
    await store.put(name("ann"), (value("k"),), command(), NOON)
    _, found = await follow(store, after)
    assert (SUBJECT, name("ann")) not in found


async def test_of_many_who_write_at_once_nobody_is_missed(store: Store, another: Another, name: Name) -> None:
    handles, done, found = (await another(), await another()), anyio.Event(), list[PartyName]()
    after, left = (await store.moved(None)).after, 4

    async def writes(handle: Store, who: str) -> None:
        nonlocal left
        for number in range(10):
            await handle.append(given(name(f"{who}{number}"), 0, "r"))
        left -= 1
        if left == 0:
            done.set()

    async with anyio.create_task_group() as tasks:
        for place, who in enumerate("abcd"):
            tasks.start_soon(writes, handles[place % 2], who)
        while not done.is_set():
            page = await store.moved(after)
            after, found = page.after, [*found, *page.parties]
    _, rest = await follow(store, after)
    mine = [party for _, party in (*found, *rest) if party.startswith(name(""))]
    assert sorted(mine) == sorted(name(f"{who}{number}") for who in "abcd" for number in range(10))


async def test_more_than_a_page_is_told_page_by_page(store: Store, name: Name) -> None:
    after = (await store.moved(None)).after
    for number in range(30):
        await store.append(given(name(f"p{number}"), 0, "r"))
    _, found = await follow(store, after)
    assert {party for _, party in found} >= {name(f"p{number}") for number in range(30)}


async def test_of_those_known_the_ones_that_moved_on_are_stale(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    await store.append(given(name("ann"), 0, "r", kind=DEVICE))
    known = (
        (SUBJECT, name("ann"), 1),
        (DEVICE, name("ann"), 0),
        (HOUSEHOLD, name("ann"), 0),
        (SUBJECT, name("nobody"), 0),
        (SUBJECT, name("gone"), 7),
    )
    assert sorted(await store.stale(known)) == [(DEVICE, name("ann")), (SUBJECT, name("gone"))]
    assert await store.stale(()) == ()
