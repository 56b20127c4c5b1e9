"""A key is answered once, an offer too."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from graph.errors import KeyReused, OfferUsed, RevisionConflict
from graph.store import Appended, Store
from graph.terms import PartyKind
from tests.conformance.builders import ALONE, HOUR, NOON, TICK, change, command, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
DAY = timedelta(hours=24)


async def test_the_same_key_and_input_get_the_same_answer_and_change_nothing(store: Store, name: Name) -> None:
    first = given(name("ann"), 0, "r", command=command("key", answer="first"))
    await store.append(first)
    await store.append(given(name("ann"), 1, "s"))
    again = given(name("ann"), 2, "t", at=NOON + HOUR, command=command("key", answer="second"))
    assert await store.append(again) == Appended(1, "first", replayed=True)
    assert [one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records] == ["r", "s"]


async def test_a_key_answers_before_anything_else_is_looked_at(store: Store, name: Name) -> None:
    first = given(name("ann"), 0, "r", offer=name("offer"))
    await store.append(first)
    assert (await store.append(first)).replayed  # its base is stale, its offer used


async def test_the_same_key_with_another_input_is_refused(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r", command=command("key", "one input")))
    with pytest.raises(KeyReused):
        await store.append(given(name("ann"), 1, "s", command=command("key", "another")))
    assert (await store.snapshot(name("ann"), ALONE)).own.revision == 1


async def test_a_change_without_effect_keeps_its_key_too(store: Store, name: Name) -> None:
    once = change(name("ann"), command=command("key", answer="nothing"))
    await store.append(once)
    assert await store.append(once) == Appended(0, "nothing", replayed=True)


async def test_keys_of_two_subjects_do_not_meet(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r", command=command("key", "hers", "her answer")))
    assert (await store.append(given(name("bob"), 0, "r", command=command("key", "his")))).answer == "answer"


async def test_a_key_is_forgotten_after_a_day_and_not_before(store: Store, name: Name) -> None:
    kept = command("key")
    await store.append(change(name("ann"), command=kept))
    assert await store.answered(name("ann"), kept, NOON + DAY - TICK) == Appended(0, "answer", replayed=True)
    assert await store.answered(name("ann"), kept, NOON + DAY) is None
    reused = change(name("ann"), 0, NOON + DAY, command=command("key", "another", "new answer"))
    assert await store.append(reused) == Appended(0, "new answer")
    assert await store.answered(name("ann"), reused.command, NOON + DAY) == Appended(0, "new answer", replayed=True)


async def test_answered_tells_what_a_key_was_answered(store: Store, name: Name) -> None:
    asked = command("key", answer="the answer")
    assert await store.answered(name("ann"), asked, NOON) is None
    await store.append(given(name("ann"), 0, "r", command=asked))
    assert await store.answered(name("ann"), asked, NOON) == Appended(1, "the answer", replayed=True)
    assert await store.answered(name("bob"), asked, NOON) is None
    with pytest.raises(KeyReused):
        await store.answered(name("ann"), command("key", "another"), NOON)


async def test_answered_can_be_asked_for_a_device_profile(store: Store, name: Name) -> None:
    asked = command("key")
    await store.append(given(name("it"), 0, "r", command=asked, kind=PartyKind.DEVICE))
    assert await store.answered(name("it"), asked, NOON) is None
    assert await store.answered(name("it"), asked, NOON, kind=PartyKind.DEVICE) == Appended(1, "answer", replayed=True)


async def test_values_and_changes_share_the_keys_of_a_subject(store: Store, name: Name) -> None:
    await store.put(name("ann"), (value("k"),), command("key", "values"), NOON)
    with pytest.raises(KeyReused):
        await store.append(given(name("ann"), 0, "r", command=command("key", "consent")))


async def test_an_offer_is_good_for_one_answer(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r", offer=name("offer")))
    with pytest.raises(OfferUsed):
        await store.append(given(name("ann"), 1, "s", offer=name("offer")))
    with pytest.raises(OfferUsed):  # whoever else answers it
        await store.append(given(name("bob"), 0, "s", offer=name("offer")))
    assert (await store.snapshot(name("ann"), ALONE)).own.revision == 1


async def test_an_offer_answered_with_nothing_is_used_all_the_same(store: Store, name: Name) -> None:
    await store.append(change(name("ann"), offer=name("offer")))
    with pytest.raises(OfferUsed):
        await store.append(given(name("ann"), 0, "r", offer=name("offer")))


async def test_a_used_offer_is_named_before_a_base_that_is_stale(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r", offer=name("offer")))
    with pytest.raises(OfferUsed):
        await store.append(given(name("ann"), 0, "s", offer=name("offer")))


async def test_an_offer_whose_answer_was_refused_can_be_answered(store: Store, name: Name) -> None:
    with pytest.raises(RevisionConflict):
        await store.append(given(name("ann"), 5, "r", offer=name("offer")))
    assert (await store.append(given(name("ann"), 0, "r", offer=name("offer")))).revision == 1
