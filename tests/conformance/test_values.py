"""Held values: read no later than the states that prove them, stored once for each key, gone at their end."""

from collections.abc import Callable

import pytest

from graph.errors import KeyReused, RevisionConflict
from graph.records import Held, Subject, Value
from graph.store import Appended, Page, Store
from graph.terms import Standing
from tests.conformance.builders import ALONE, HOUR, NOON, TICK, change, command, given, value, values

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


async def test_a_value_comes_back_whole(store: Store, name: Name) -> None:
    whole = Value("k", 172.4, NOON, "purpose", NOON + HOUR, NOON - HOUR, "set", ("one", "another"), 7)
    plain = Value("plain", "word", NOON, "purpose")
    await store.put(name("ann"), (whole, plain), command(), NOON)
    assert await values(store, name("ann"), ("k", "plain")) == {"k": whole, "plain": plain}
    assert await store.held(name("ann")) == (whole, plain)


@pytest.mark.parametrize(
    "held", [0, -(2**60), 172.0, 0.1, True, False, "", "Zoë 🎧", (), ("a", "b"), (1.0, -2.5, 0.0)], ids=repr
)
async def test_a_value_keeps_its_kind(store: Store, name: Name, held: Held) -> None:
    await store.put(name("ann"), (value("k", held),), command(), NOON)
    read = (await values(store, name("ann"), ("k",)))["k"].held
    assert (read, type(read)) == (held, type(held))


async def test_only_the_keys_asked_for_are_read(store: Store, name: Name) -> None:
    await store.put(name("ann"), tuple(value(key) for key in "abc"), command(), NOON)
    assert set(await values(store, name("ann"), ("a", "c", "z"))) == {"a", "c"}
    assert await values(store, name("ann"), ()) == {}


async def test_a_value_is_held_until_its_end_and_not_at_it(store: Store, name: Name) -> None:
    await store.put(name("ann"), (value("k", expires_at=NOON + HOUR), value("for good")), command(), NOON)
    keys = ("k", "for good")
    assert set(await values(store, name("ann"), keys, NOON + HOUR - TICK)) == {"k", "for good"}
    assert set(await values(store, name("ann"), keys, NOON + HOUR)) == {"for good"}


async def test_the_sweep_deletes_what_is_past_its_end_and_nothing_else(store: Store, name: Name) -> None:
    long_ago = NOON.replace(year=1990)  # so that the values of other tests stay
    await store.sweep(long_ago)
    ends = {"before": long_ago - TICK, "at": long_ago, "after": long_ago + TICK, "never": None}
    await store.put(name("ann"), tuple(value(key, expires_at=end) for key, end in ends.items()), command(), NOON)
    assert await store.sweep(long_ago) == 2
    assert await store.sweep(long_ago) == 0
    assert [one.key for one in await store.held(name("ann"))] == ["after", "never"]


async def test_storing_keeps_the_revision(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    assert await store.put(name("ann"), (value("k"),), command(answer="stored"), NOON) == Appended(1, "stored")
    assert (await store.snapshot(name("ann"), ALONE)).own.revision == 1


async def test_a_later_value_takes_the_place_of_an_earlier_one(store: Store, name: Name) -> None:
    await store.put(name("ann"), (value("k", 1, device="set", sources=("s",)), value("other")), command(), NOON)
    await store.put(name("ann"), (value("k", 2),), command(), NOON)
    assert await store.held(name("ann")) == (value("k", 2), value("other"))


async def test_the_same_key_stores_once(store: Store, name: Name) -> None:
    once = command("key", answer="first")
    await store.put(name("ann"), (value("k", 1),), once, NOON)
    await store.put(name("ann"), (value("k", 2),), command(), NOON)
    again = await store.put(name("ann"), (value("k", 1),), command("key", answer="second"), NOON)
    assert again == Appended(0, "first", replayed=True)
    assert (await store.held(name("ann")))[0].held == 2


async def test_the_same_key_with_other_values_is_refused(store: Store, name: Name) -> None:
    await store.put(name("ann"), (value("k", 1),), command("key", "one"), NOON)
    with pytest.raises(KeyReused):
        await store.put(name("ann"), (value("k", 2),), command("key", "another"), NOON)
    assert (await store.held(name("ann")))[0].held == 1


async def test_values_decided_on_another_revision_are_refused(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    with pytest.raises(RevisionConflict):
        await store.put(name("ann"), (value("k"),), command("key"), NOON, base=0)
    assert await store.held(name("ann")) == ()
    assert (await store.put(name("ann"), (value("k"),), command("key"), NOON, base=1)).replayed is False


async def test_an_erased_subject_takes_no_value(store: Store, name: Name) -> None:
    await store.append(change(name("ann"), standing=Standing.ERASED, erases_values=True))
    with pytest.raises(RevisionConflict):
        await store.put(name("ann"), (value("k"),), command(), NOON)
    assert await store.held(name("ann")) == ()


async def test_held_lists_by_key(store: Store, name: Name) -> None:
    await store.put(name("ann"), tuple(value(key) for key in ("b", "a", "C")), command(), NOON)
    assert [one.key for one in await store.held(name("ann"))] == ["C", "a", "b"]
    assert await store.held(name("nobody")) == ()


async def test_discarding_deletes_the_keys_named(store: Store, name: Name) -> None:
    await store.put(name("ann"), tuple(value(key) for key in "abc"), command(), NOON)
    await store.put(name("bob"), (value("a"),), command(), NOON)
    await store.discard(name("ann"), ("a", "c", "unknown"))
    await store.discard(name("nobody"), ("a",))
    assert [one.key for one in await store.held(name("ann"))] == ["b"]
    assert [one.key for one in await store.held(name("bob"))] == ["a"]


async def test_what_was_decided_on_another_revision_is_not_discarded(store: Store, name: Name) -> None:
    await store.put(name("ann"), (value("a"),), command("1"), NOON)
    with pytest.raises(RevisionConflict):
        await store.discard(name("ann"), ("a",), base=7)
    assert [one.key for one in await store.held(name("ann"))] == ["a"]
    await store.discard(name("ann"), ("a",), base=0)
    assert await store.held(name("ann")) == ()


async def test_only_subjects_with_values_are_listed_as_holders_page_by_page(store: Store, name: Name) -> None:
    for one in ("ann", "bob"):
        await store.put(name(one), (value("a"),), command("1"), NOON)
    await store.open_subject(Subject(name("cid")), None, NOON)
    found, after = [], 0
    while page := await store.holders(Page(1, after)):
        after = page[-1][0]
        found += [subject for _, subject in page]
    assert [one for one in found if one.startswith(name(""))] == [name("ann"), name("bob")]
