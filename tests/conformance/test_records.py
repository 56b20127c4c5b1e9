"""Every record ever made, and what counted when, by what was known when."""

from collections.abc import Callable
from datetime import datetime

import pytest

from graph.store import AsOf, Page, Store, StoredRecord
from graph.terms import RecordKind
from tests.conformance.builders import EVER, HOUR, NOON, TICK, change, given, record

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


def ids(rows: tuple[StoredRecord, ...]) -> list[str]:
    return [row.record.id for row in rows]


async def as_of(store: Store, subject: str, valid_at: datetime | None, known_at: datetime | None = None) -> list[str]:
    asked = AsOf(valid_at, known_at)
    rows = await store.records(subject, Page(), asked)
    assert await store.count_records(subject, asked) == len(rows)
    return ids(rows)


async def test_an_unknown_subject_has_no_records(store: Store, name: Name) -> None:
    assert await store.records(name("nobody"), Page(), EVER) == ()
    assert await store.count_records(name("nobody"), EVER) == 0


async def test_records_are_listed_page_by_page_oldest_first(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, *(f"r{number}" for number in range(7))))
    pages, after = [], 0
    while rows := await store.records(name("ann"), Page(3, after), EVER):
        pages.append(ids(rows))
        after = rows[-1].position
    assert pages == [["r0", "r1", "r2"], ["r3", "r4", "r5"], ["r6"]]
    assert await store.count_records(name("ann"), EVER) == 7


async def test_a_page_is_stable_while_records_come(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a", "b"))
    first = await store.records(name("ann"), Page(1), EVER)
    await store.append(given(name("ann"), 1, "c", ends=("a",)))
    assert ids(await store.records(name("ann"), Page(5, first[-1].position), EVER)) == ["b", "c"]


async def test_a_record_counts_from_its_start_until_its_end_half_open(store: Store, name: Name) -> None:
    yes = record("yes", NOON, valid_from=NOON + HOUR, valid_until=NOON + 2 * HOUR, sequence=1)
    await store.append(change(name("ann"), begins=(yes,)))
    assert await as_of(store, name("ann"), NOON + HOUR - TICK) == []
    assert await as_of(store, name("ann"), NOON + HOUR) == ["yes"]
    assert await as_of(store, name("ann"), NOON + 2 * HOUR - TICK) == ["yes"]
    assert await as_of(store, name("ann"), NOON + 2 * HOUR) == []


async def test_a_no_counts_from_its_recording_and_has_no_end(store: Store, name: Name) -> None:
    no = record("no", NOON, RecordKind.REFUSED, valid_from=NOON + HOUR, valid_until=NOON + HOUR)
    await store.append(change(name("ann"), begins=(no,)))
    assert await as_of(store, name("ann"), NOON - TICK) == []
    assert await as_of(store, name("ann"), NOON) == ["no"]
    assert await as_of(store, name("ann"), NOON + 1000 * HOUR) == ["no"]


async def test_what_ended_counts_until_the_instant_it_ended(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "old"))
    await store.append(given(name("ann"), 1, "new", at=NOON + HOUR, ends=("old",)))
    assert await as_of(store, name("ann"), NOON + HOUR - TICK) == ["old"]
    assert await as_of(store, name("ann"), NOON + HOUR) == ["new"]


async def test_what_was_not_known_yet_is_not_listed(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "old"))
    await store.append(given(name("ann"), 1, "new", at=NOON + HOUR, ends=("old",)))
    assert await as_of(store, name("ann"), None, NOON - TICK) == []
    assert await as_of(store, name("ann"), None, NOON + HOUR - TICK) == ["old"]
    assert await as_of(store, name("ann"), None, NOON + HOUR) == ["old", "new"]


async def test_an_end_that_was_not_known_yet_did_not_count(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "old"))
    await store.append(given(name("ann"), 1, "new", at=NOON + HOUR, ends=("old",)))
    assert await as_of(store, name("ann"), NOON + 2 * HOUR, NOON) == ["old"]
    (row,) = await store.records(name("ann"), Page(), AsOf(NOON + 2 * HOUR, NOON))
    assert row.ended_at is None
    assert await as_of(store, name("ann"), NOON + 2 * HOUR, NOON + HOUR) == ["new"]


async def test_the_end_shows_where_it_was_known(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "old"))
    await store.append(given(name("ann"), 1, "new", at=NOON + HOUR, ends=("old",)))
    rows = await store.records(name("ann"), Page(), AsOf(NOON, NOON + HOUR))
    assert [(row.record.id, row.ended_at) for row in rows] == [("old", NOON + HOUR)]


async def test_pages_are_of_what_counted(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a", "b", "c", "d"))
    await store.append(given(name("ann"), 1, "e", at=NOON + HOUR, ends=("a", "c")))
    asked = AsOf(valid_at=NOON + HOUR)
    first = await store.records(name("ann"), Page(2), asked)
    rest = await store.records(name("ann"), Page(2, first[-1].position), asked)
    assert (ids(first), ids(rest)) == (["b", "d"], ["e"])
