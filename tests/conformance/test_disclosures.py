"""The ledger: one chain, listed in order, found by what was asked."""

from collections.abc import Callable
from typing import Any

import pytest

from graph.ledger import LedgerState, seal, written
from graph.store import DisclosureQuery, Page, Store
from graph.terms import Fidelity, Operation
from tests.conformance.builders import HOUR, NOON, TICK, disclosure

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


async def found(store: Store, query: DisclosureQuery) -> list[str]:
    rows = await store.disclosures(query, Page(100))
    assert await store.count_disclosures(query) == len(rows)
    return [entry.id for _, entry in rows]


async def test_a_disclosure_comes_back_whole(store: Store, name: Name) -> None:
    whole = disclosure(
        name("ann"),
        recipient="acme",
        operation=Operation.SELL,
        released=(("b", Fidelity.COARSE), ("a", Fidelity.EFFECT_ONLY)),
        evidence=("r2", "r1"),
        revision="s7.d2",
        catalogue_version=3,
        document="sha256:0",
        trace="trace",
    )
    await store.disclose((whole, disclosure(name("ann"), id="plain")))
    rows = await store.disclosures(DisclosureQuery(subject=name("ann")), Page())
    assert [entry for _, entry in rows] == [whole, disclosure(name("ann"), id="plain")]


async def test_each_entry_is_the_next_link_of_the_chain(store: Store, name: Name) -> None:
    before = await store.ledger()
    one, another = disclosure(name("ann")), disclosure(name("bob"))
    await store.disclose((one, another))
    head = seal(seal(before.head, written(one)), written(another))
    assert await store.ledger() == LedgerState(before.length + 2, head)
    rows = await store.disclosures(DisclosureQuery(subject=name("bob")), Page())
    assert [position for position, _ in rows] == [before.length + 2]


async def test_disclosing_nothing_adds_nothing(store: Store) -> None:
    before = await store.ledger()
    await store.disclose(())
    assert await store.ledger() == before


async def test_the_chain_can_be_checked_from_any_position(store: Store, name: Name) -> None:
    await store.disclose(tuple(disclosure(name("ann")) for _ in range(5)))
    whole = await store.ledger()
    for start in (0, 1, whole.length - 3, whole.length, whole.length + 10):
        assert await store.ledger(start) == whole
    assert whole.intact


async def test_disclosures_are_listed_page_by_page_oldest_first(store: Store, name: Name) -> None:
    entries = tuple(disclosure(name("ann"), id=f"{number}") for number in range(5))
    await store.disclose(entries)
    pages, after, query = [], 0, DisclosureQuery(subject=name("ann"))
    while rows := await store.disclosures(query, Page(2, after)):
        pages.append([entry.id for _, entry in rows])
        after = rows[-1][0]
    assert pages == [["0", "1"], ["2", "3"], ["4"]]


async def test_each_filter_finds_what_it_names(store: Store, name: Name) -> None:
    await store.disclose(
        (
            disclosure(name("ann"), id="a", recipient=name("acme"), purpose=name("ads"), evidence=(name("r1"), "r2")),
            disclosure(
                name("bob"), id="b", recipient=name("acme"), purpose=name("fit"), released=((name("k"), Fidelity.NONE),)
            ),
            disclosure(name("ann"), id="c", recipient=name("zeta"), purpose=name("fit"), evidence=(name("r1"),)),
        )
    )
    assert await found(store, DisclosureQuery(subject=name("ann"))) == ["a", "c"]
    assert await found(store, DisclosureQuery(recipient=name("acme"))) == ["a", "b"]
    assert await found(store, DisclosureQuery(purpose=name("fit"))) == ["b", "c"]
    assert await found(store, DisclosureQuery(key=name("k"))) == ["b"]
    assert await found(store, DisclosureQuery(record=name("r1"))) == ["a", "c"]
    assert await found(store, DisclosureQuery(subject=name("nobody"))) == []


async def test_filters_narrow_together_whichever_is_narrowest(store: Store, name: Name) -> None:
    released = ((name("k"), Fidelity.PRECISE),)
    marked: dict[str, Any] = {"recipient": name("acme"), "purpose": name("fit"), "released": released}
    await store.disclose(
        (
            disclosure(name("ann"), id="all", evidence=(name("r"),), **marked),
            disclosure(name("ann"), id="another recipient", evidence=(name("r"),), **{**marked, "recipient": "x"}),
            disclosure(name("ann"), id="another purpose", evidence=(name("r"),), **{**marked, "purpose": "x"}),
            disclosure(name("ann"), id="another key", evidence=(name("r"),), **{**marked, "released": ()}),
            disclosure(name("ann"), id="another record", **marked),
            disclosure(name("bob"), id="another subject", evidence=(name("r"),), **marked),
        )
    )
    whole = {"subject": "ann", "recipient": "acme", "purpose": "fit", "key": "k", "record": "r"}
    asked: dict[str, Any] = {field: name(short) for field, short in whole.items()}
    assert await found(store, DisclosureQuery(**asked)) == ["all"]
    for left_out in asked:
        rest = {field: text for field, text in asked.items() if field != left_out}
        assert await found(store, DisclosureQuery(**rest)) == ["all", f"another {left_out}"]


async def test_instants_are_half_open(store: Store, name: Name) -> None:
    for number, at in enumerate((NOON - TICK, NOON, NOON + HOUR - TICK, NOON + HOUR)):
        await store.disclose((disclosure(name("ann"), at, id=f"{number}"),))
    ann = name("ann")
    assert await found(store, DisclosureQuery(subject=ann, since=NOON, until=NOON + HOUR)) == ["1", "2"]
    assert await found(store, DisclosureQuery(subject=ann, since=NOON)) == ["1", "2", "3"]
    assert await found(store, DisclosureQuery(subject=ann, until=NOON)) == ["0"]


async def test_without_a_filter_everything_is_listed(store: Store, name: Name) -> None:
    before = await store.ledger()
    await store.disclose((disclosure(name("ann"), id="a"), disclosure(name("bob"), id="b")))
    rows = await store.disclosures(DisclosureQuery(), Page(10, before.length))
    assert [entry.id for _, entry in rows] == ["a", "b"]
    assert await store.count_disclosures(DisclosureQuery()) == before.length + 2


async def test_a_key_or_record_named_twice_in_an_entry_is_found_once(store: Store, name: Name) -> None:
    twice = ((name("k"), Fidelity.COARSE), (name("k"), Fidelity.PRECISE))
    await store.disclose((disclosure(name("ann"), id="a", released=twice, evidence=(name("r"), name("r"))),))
    assert await found(store, DisclosureQuery(key=name("k"))) == ["a"]
    assert await found(store, DisclosureQuery(record=name("r"))) == ["a"]
