"""Moving a store: what one tells, another takes in, and life goes on there as if nothing had been moved."""

from contextlib import AsyncExitStack, suppress
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings

from graph.archive import AdditionsAt, Answered, Entry, LedgerEnd, Party, Secret, UsedOffer
from graph.catalogue import Recipient, Tables, compiled
from graph.errors import CatalogueTooOld, KeyReused, OfferUsed, RevisionConflict, StoreUnavailable
from graph.ledger import GENESIS, LedgerState
from graph.records import Subject
from graph.store import Additions, Appended, Page, StoredRecord
from graph.terms import PartyKind
from tests.conformance import builders
from tests.conformance.acts import Act, histories, lived
from tests.conformance.builders import ALONE, EVER, HOUR, NOON, TICK, change, command, disclosure, value
from tests.conformance.conftest import Rooms
from tests.conformance.histories import DAY, NOTHING, SERVED, everything_happens, moved, seen, stream, told
from tests.conformance.stores import EMPTY, Room
from tests.support.neo4j_server import each_store

pytestmark = pytest.mark.anyio
MANY = 3_000  # entries: more than a store reads at once


async def test_a_store_tells_what_it_took_in_just_as_it_was_told(source: Room, target: Room) -> None:
    first = await (await source())()
    await everything_happens(first)
    before, shown = await told(first), await seen(first)
    second = await (await target())()

    await second.restore(stream(before))

    assert await told(second) == before
    assert await seen(second) == shown


async def test_what_was_taken_in_is_there_for_every_handle_and_after_a_restart(source: Room, target: Room) -> None:
    first = await (await source())()
    await everything_happens(first)
    before, shown = await told(first), await seen(first)
    opener = await target()
    second, beside = await opener(), await opener()
    await second.restore(stream(before))
    await second.aclose()

    assert await seen(beside) == shown
    assert await told(await opener()) == before


async def test_life_goes_on_after_the_move(source: Room, target: Room) -> None:
    store = await moved(source, target)

    with pytest.raises(RevisionConflict):
        await store.append(builders.given("ann", 2, "late", at=NOON + HOUR))
    with pytest.raises(RevisionConflict):
        await store.append(builders.given("ann", 3, "early", at=NOON + HOUR - TICK))
    await store.append(builders.given("ann", 3, "next", at=NOON + HOUR, ends=("new",)))
    await store.append(builders.given("set", 1, "next", at=NOON + HOUR, kind=PartyKind.DEVICE))
    await store.disclose((disclosure("ann"),))

    rows = await store.records("ann", Page(), EVER)
    assert [(row.record.id, row.ended_at) for row in rows] == [
        ("whole", None),
        ("old", NOON + HOUR),
        ("new", NOON + HOUR),
        ("next", None),
    ]
    assert rows == tuple(sorted(rows, key=lambda row: row.position))
    assert [one.id for one in (await store.snapshot("ann", ALONE)).own.records] == ["whole", "next"]
    assert (await store.ledger()).intact
    assert (await store.ledger()).length == 3


async def test_a_key_of_the_last_day_is_answered_as_before_the_move(source: Room, target: Room) -> None:
    store = await moved(source, target)

    assert await store.answered("ann", command("said"), NOON) == Appended(2, "answer", replayed=True)
    again = await store.append(change("nobody", command=command("nothing", answer="another")))
    assert again == Appended(0, "done", replayed=True)
    with pytest.raises(KeyReused):
        await store.put("bob:1", (value("k"),), command("put", "another"), NOON)
    with pytest.raises(KeyReused):
        await store.add(Additions(recipients=(Recipient("more"),)), command("add", "another"), NOON)


async def test_a_used_offer_stays_used_after_the_move(source: Room, target: Room) -> None:
    store = await moved(source, target)

    for offer in ("offer", "unwanted"):
        with pytest.raises(OfferUsed):
            await store.append(builders.given("bob:1", 1, "yes", offer=offer))


async def test_an_older_catalogue_than_was_served_before_the_move_is_refused(source: Room, target: Room) -> None:
    store = await moved(source, target)

    with pytest.raises(CatalogueTooOld):
        await store.mirror(compiled(Tables(), version=SERVED - 1))
    await store.mirror(compiled(Tables(), version=SERVED))


async def test_records_keep_their_positions_whatever_those_of_other_parties_are(target: Room) -> None:
    store = await (await target())()
    rows = [StoredRecord(position, builders.record(name), None) for position, name in ((3, "a"), (900, "b"))]
    people = [[Party(Subject(name), 1, NOON, GENESIS), *rows] for name in ("ann", "bob")]

    await store.restore(stream([AdditionsAt(0), *people[0], *people[1], LedgerEnd(0, GENESIS)]))

    assert [await store.records(name, Page(), EVER) for name in ("ann", "bob")] == [tuple(rows)] * 2
    await store.append(builders.given("ann", 1, "c"))
    (row,) = await store.records("ann", Page(5, 900), EVER)
    assert (row.record.id, row.position > 900) == ("c", True)


async def test_commands_older_than_a_day_are_not_told(source: Room) -> None:
    store = await (await source())()
    await store.append(change("ann", command=command("key")))

    def keys(entries: list[Entry]) -> list[str]:
        return [entry.command.key for entry in entries if isinstance(entry, Answered)]

    assert keys(await told(store, NOON + DAY - TICK)) == ["key"]
    assert keys(await told(store, NOON + DAY)) == []


async def test_an_empty_store_tells_only_its_ends_and_can_be_moved(source: Room, target: Room) -> None:
    assert await told(await (await source())()) == NOTHING
    store = await (await target())()

    await store.restore(stream(NOTHING))

    assert await told(store) == NOTHING
    assert await store.ledger() == LedgerState(0, GENESIS)


async def test_what_is_written_during_a_dump_is_not_half_told(source: Room) -> None:
    opener = await source()
    store, beside = await opener(), await opener()
    await everything_happens(store)
    await store.disclose(tuple(disclosure("ann") for _ in range(MANY)))
    before = await told(store)

    dump = store.dump(NOON)
    found = [await anext(dump)]
    await beside.append(builders.given("zoe", 0, "meanwhile", offer="meanwhile"))
    await beside.disclose((disclosure("ann"),))
    with suppress(StoreUnavailable):
        found += [entry async for entry in dump]
        assert found == before


async def test_the_order_of_what_is_told_is_not_that_of_what_happened(source: Room) -> None:
    store = await (await source())()
    for kind, party in ((PartyKind.SUBJECT, "b"), (PartyKind.SUBJECT, "a"), (PartyKind.DEVICE, "c")):
        for key in "yx":
            revision = int(key == "x")
            more = {"kind": kind, "offer": f"{key}{party}", "command": command(key)}
            await store.append(builders.given(party, revision, key, at=NOON + revision * TICK, **more))
    await store.add(Additions(recipients=(Recipient("zeta"),)), command("k"), NOON)
    for name in "qp":
        await store.secret(name)

    entries = await told(store)

    parties = [(PartyKind.DEVICE, "c"), (PartyKind.SUBJECT, "a"), (PartyKind.SUBJECT, "b")]
    assert [one.name for one in entries if isinstance(one, Secret)] == ["p", "q"]
    assert [(one.subject.kind, one.subject.id) for one in entries if isinstance(one, Party)] == parties
    assert [one.id for one in entries if isinstance(one, UsedOffer)] == ["xa", "xb", "xc", "ya", "yb", "yc"]
    assert [(one.kind, one.party, one.command.key) for one in entries if isinstance(one, Answered)] == [
        (None, "", "k"),
        *((*party, key) for party in parties for key in "xy"),
    ]


@pytest.mark.parametrize("into", each_store(EMPTY))
@pytest.mark.parametrize("store", each_store(EMPTY))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=histories)
def test_whatever_happened_told_taken_in_and_told_again_is_the_same(
    store: str, into: str, history: list[Act], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def both() -> tuple[Any, Any]:
        async with AsyncExitStack() as handles:
            rooms = Rooms(handles, lambda: tmp_path_factory.mktemp("room"))
            first = await (await rooms.empty(store))()
            await lived(first, history)
            before = (await seen(first), await told(first))
            second = await (await rooms.empty(into))()
            await second.restore(stream(before[1]))
            return before, (await seen(second), await told(second))

    before, after = anyio.run(both)

    assert after == before
