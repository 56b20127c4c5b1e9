"""What was answered is there after a restart."""

from collections.abc import Awaitable, Callable

import pytest

from graph.catalogue import Recipient
from graph.errors import KeyReused, OfferUsed, StoreUnavailable
from graph.records import Subject
from graph.store import Additions, DisclosureQuery, Page, Parties, Store
from graph.terms import AgeBand, Level
from tests.conformance.builders import ALONE, EVER, NOON, TICK, command, device, disclosure, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
Another = Callable[[], Awaitable[Store]]


async def everything(store: Store, subject: str) -> tuple[object, ...]:
    return (
        await store.snapshot(subject, Parties(device="set")),
        await store.history(subject, Parties(device="set")),
        await store.records(subject, Page(), EVER),
        await store.devices(subject),
        await store.held(subject),
        await store.disclosures(DisclosureQuery(subject=subject), Page()),
        await store.ledger(),
        await store.additions(),
        await store.secret(subject),
    )


async def test_everything_is_there_after_reopening(another: Another, name: Name) -> None:
    first = await another()
    await first.open_subject(Subject(name("ann"), age_band=AgeBand.ADULT), device("set"), NOON)
    await first.append(given(name("ann"), 0, "a", levels=(("*", Level.OFF),), offer=name("offer")))
    await first.append(given(name("ann"), 1, "b", at=NOON + TICK, ends=("a",), command=command("key")))
    await first.put(name("ann"), (value("k"),), command(), NOON)
    await first.disclose((disclosure(name("ann")),))
    await first.add(Additions(recipients=(Recipient(name("acme")),)), command(), NOON)
    before = await everything(first, name("ann"))
    await first.aclose()
    again = await another()
    assert await everything(again, name("ann")) == before
    with pytest.raises(OfferUsed):
        await again.append(given(name("ann"), 2, "c", at=NOON + TICK, offer=name("offer")))
    with pytest.raises(KeyReused):
        await again.append(given(name("ann"), 2, "c", at=NOON + TICK, command=command("key", "another")))


async def test_a_closed_store_is_unavailable(store: Store, name: Name) -> None:
    await store.snapshot(name("ann"), ALONE)
    await store.ready()
    await store.aclose()
    with pytest.raises(StoreUnavailable):
        await store.snapshot(name("ann"), ALONE)
    with pytest.raises(StoreUnavailable):
        await store.append(given(name("ann"), 0, "r"))
    with pytest.raises(StoreUnavailable):
        await store.disclose((disclosure(name("ann")),))
    with pytest.raises(StoreUnavailable):
        await store.ready()
