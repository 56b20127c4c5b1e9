"""All of a store or nothing: where something is already, where entries break off or make no store, before the end."""

from collections.abc import AsyncIterator, Callable, Iterable

import pytest

from graph.archive import Entry, LedgerEnd, Party
from graph.catalogue import Recipient
from graph.errors import ArchiveRefused, StoreError, StoreNotEmpty, StoreUnavailable
from graph.records import Subject
from graph.store import Additions
from tests.conformance.acts import Act
from tests.conformance.builders import NOON, change, command, disclosure, value
from tests.conformance.histories import NOTHING, everything_happens, moved, stream, told
from tests.conformance.stores import Opener, Room

pytestmark = pytest.mark.anyio

ONE_EACH: dict[str, Act] = {
    "a secret": lambda store: store.secret("pairwise"),
    "a party": lambda store: store.open_subject(Subject("ann"), None, NOON),
    "a disclosure": lambda store: store.disclose((disclosure("ann"),)),
    "an addition": lambda store: store.add(Additions(recipients=(Recipient("acme"),)), command(), NOON),
    "a command": lambda store: store.append(change("ann")),
    "a value": lambda store: store.put("ann", (value("k"),), command(), NOON),
}

FAULTS: dict[str, Callable[[list[Entry]], list[Entry]]] = {
    "a party twice": lambda told: [one for entry in told for one in (entry,) * (1 + isinstance(entry, Party))],
    "an own thing without its party": lambda told: [entry for entry in told if not isinstance(entry, Party)],
    "no end of the ledger": lambda told: [entry for entry in told if not isinstance(entry, LedgerEnd)],
}


class Cut(Exception):
    """The archive cannot be read on."""


async def cut(entries: Iterable[Entry]) -> AsyncIterator[Entry]:
    for entry in entries:
        yield entry
    raise Cut


async def left_alone(opener: Opener) -> bool:
    """Tell whether nothing is found in a place, or nobody can open it."""
    try:
        return await told(await opener()) == NOTHING
    except StoreError:
        return True


@pytest.mark.parametrize("kept", ONE_EACH)
async def test_a_store_that_keeps_anything_asks_for_no_entry(target: Room, kept: str) -> None:
    store = await (await target())()
    await ONE_EACH[kept](store)
    before, asked = await told(store), cut(())

    with pytest.raises(StoreNotEmpty):
        await store.restore(asked)

    assert await told(store) == before
    with pytest.raises(Cut):
        await anext(asked)


async def test_a_store_takes_nothing_in_twice(source: Room, target: Room) -> None:
    store = await moved(source, target)
    before = await told(store)

    with pytest.raises(StoreNotEmpty):
        await store.restore(stream(before))

    assert await told(store) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
async def test_what_breaks_off_leaves_nothing_behind(source: Room, target: Room, share: float) -> None:
    first = await (await source())()
    await everything_happens(first)
    entries = await told(first)
    opener = await target()
    second = await opener()

    with pytest.raises(Cut):
        await second.restore(cut(entries[: round(share * len(entries))]))

    await second.aclose()
    assert await left_alone(opener)


async def test_nothing_is_seen_of_what_is_not_taken_in_whole(source: Room, target: Room) -> None:
    first = await (await source())()
    await everything_happens(first)
    entries = await told(first)
    opener = await target()
    found: list[bool] = []

    async def watched() -> AsyncIterator[Entry]:
        for entry in entries:
            yield entry
        found.append(await left_alone(opener))

    await (await opener()).restore(watched())

    assert found == [True]


@pytest.mark.parametrize("fault", FAULTS)
async def test_entries_that_make_no_store_are_refused(source: Room, target: Room, fault: str) -> None:
    first = await (await source())()
    await everything_happens(first)
    entries = await told(first)
    opener = await target()
    second = await opener()

    with pytest.raises(ArchiveRefused, match="export it again"):
        await second.restore(stream(FAULTS[fault](entries)))

    await second.aclose()
    assert await left_alone(opener)


async def test_a_closed_store_neither_tells_nor_takes(source: Room) -> None:
    store = await (await source())()
    await store.ready()
    await store.aclose()

    with pytest.raises(StoreUnavailable):
        await told(store)
    with pytest.raises(StoreUnavailable):
        await store.restore(stream(NOTHING))
