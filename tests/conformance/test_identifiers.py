"""Ids are one string each, as they are; instants are exact to the microsecond."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from graph.records import Subject
from graph.store import DisclosureQuery, Page, Parties, Store
from graph.terms import Fidelity, Standing
from tests.conformance.builders import (
    ALONE,
    EVER,
    NOON,
    change,
    command,
    device,
    disclosure,
    given,
    record,
    value,
    values,
)

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]

SPELLINGS = [
    ("Ann", "ann"),
    ("Zoë", "Zoe\u0308"),  # composed and decomposed: the same to the eye, two ids
    ("ß", "ss"),
    ("a", "a "),
    ("1", "01"),
    ("日本🎧", "日本🎮"),
    ("%", "_"),
    ("'; DROP TABLE subject; --", '"'),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
async def test_two_spellings_are_two_subjects(store: Store, name: Name, one: str, other: str) -> None:
    await store.append(given(name(one), 0, "r"))
    await store.put(name(one), (value("k"),), command("key"), NOON)
    assert (await store.snapshot(name(one), ALONE)).subject.id == name(one)
    assert (await store.snapshot(name(other), ALONE)).subject.standing is Standing.UNKNOWN
    assert await store.held(name(other)) == ()
    assert await store.answered(name(other), command("key"), NOON) is None


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
async def test_two_spellings_are_two_of_everything_else(store: Store, name: Name, one: str, other: str) -> None:
    await store.append(
        change(name("ann"), begins=(record(one), record(other)), devices=(device(one), device(other)), offer=name(one))
    )
    await store.append(given(name("bob"), 0, "r", offer=name(other)))
    await store.put(name("ann"), (value(one, 1), value(other, 2)), command(one), NOON)
    await store.put(name("ann"), (), command(other, "another"), NOON)
    await store.append(change(name("ann"), 1, ends=(one,)))
    assert [row.id for row in (await store.snapshot(name("ann"), ALONE)).own.records] == [other]
    assert [row.id for row in await store.devices(name("ann"))] == [one, other]
    found = await values(store, name("ann"), (one,))
    assert [(key, row.held) for key, row in found.items()] == [(one, 1)]
    assert await store.secret(name(one)) != await store.secret(name(other))


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
async def test_two_spellings_are_two_in_the_ledger(store: Store, name: Name, one: str, other: str) -> None:
    for short in (one, other):
        await store.disclose(
            (
                disclosure(
                    name(short),
                    id=short,
                    recipient=name(short),
                    purpose=name(short),
                    released=((name(short), Fidelity.PRECISE),),
                    evidence=(name(short),),
                ),
            )
        )
    for field in ("subject", "recipient", "purpose", "key", "record"):
        asked: dict[str, Any] = {field: name(one)}
        rows = await store.disclosures(DisclosureQuery(**asked), Page())
        assert [entry.id for _, entry in rows] == [one]


@pytest.mark.parametrize(
    "at",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, 0, 999999, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
    ids=str,
)
async def test_an_instant_comes_back_to_the_microsecond(store: Store, name: Name, at: datetime) -> None:
    yes = record("r", at, valid_from=at, valid_until=at)
    await store.open_subject(Subject(name("ann")), device("set", at, unlinked_at=at), at)
    await store.append(change(name("ann"), 0, at, begins=(yes,)))
    await store.append(change(name("ann"), 1, at, ends=("r",)))
    await store.put(name("ann"), (value("k", expires_at=at, observed_at=at),), command(), at)
    await store.disclose((disclosure(name("ann"), at),))
    ((_, entry),) = await store.disclosures(DisclosureQuery(subject=name("ann")), Page())
    own = (await store.history(name("ann"), ALONE)).own
    (listed,) = await store.records(name("ann"), Page(), EVER)
    (linked,) = await store.devices(name("ann"))
    (held,) = await store.held(name("ann"))
    read = [own.latest, own.records[0].recorded_at, own.records[0].valid_from, own.records[0].valid_until]
    read += [listed.ended_at, linked.linked_at, linked.unlinked_at, held.expires_at, held.observed_at, entry.at]
    assert read == [at] * len(read)


async def test_an_instant_without_a_zone_is_refused(store: Store, name: Name) -> None:
    with pytest.raises(TypeError):
        await store.append(given(name("ann"), 0, "r", at=NOON.replace(tzinfo=None)))
    assert (await store.snapshot(name("ann"), Parties())).subject.standing is Standing.UNKNOWN
