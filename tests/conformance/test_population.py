"""Counting over everybody, naming nobody; others' records are there too, so each test counts what it added."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from graph.reach import NOWHERE_ELSE, Population, Reach
from graph.records import Scope
from graph.store import Store
from graph.terms import Fidelity, PartyKind, RecordKind, Standing
from tests.conformance.builders import HOUR, NOON, TICK, change, disclosure, record

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
Grown = Callable[..., Awaitable[Population]]


@pytest.fixture
async def grown(store: Store) -> Grown:
    """Ask what a scope touches, less what the records of other tests, given for everything, make of it."""

    async def of_others(purpose: str | None, category: str | None, at: datetime) -> int:
        return (await store.population(Scope(purpose, category, "nobody"), at)).subjects

    others = {
        (purpose, category, at): await of_others(purpose, category, at)
        for purpose in (None, "nothing")
        for category in (None, "none")
        for at in (NOON, NOON + HOUR - TICK, NOON + HOUR, NOON + 2 * HOUR - TICK, NOON + 2 * HOUR)
    }

    async def asked(scope: Scope, at: datetime = NOON, reach: Reach = NOWHERE_ELSE) -> Population:
        found = await store.population(scope, at, reach)
        theirs = others[scope.purpose and "nothing", scope.category and "none", at]
        return replace(found, subjects=found.subjects - theirs)

    return asked


async def says_yes(store: Store, subject: str, **scope: Any) -> None:
    await store.append(change(subject, begins=(record("yes", scope=Scope(**scope), sequence=1),)))


async def test_nobody_is_touched_by_what_nobody_gave_or_got(grown: Grown, name: Name) -> None:
    assert await grown(Scope(recipient=name("acme"), purpose=name("p"))) == Population()


async def test_each_subject_with_a_yes_in_force_counts_once(store: Store, grown: Grown, name: Name) -> None:
    scope = Scope(recipient=name("acme"), purpose=name("fit"), category=name("body"))
    two = tuple(record(one, scope=scope, sequence=1) for one in ("a", "b"))
    await store.append(change(name("ann"), begins=two))
    await store.append(change(name("bob"), begins=two[:1]))
    for asked in (
        scope,
        Scope(recipient=name("acme")),
        Scope(purpose=name("fit"), recipient=name("acme")),
        Scope(category=name("body"), recipient=name("acme")),
    ):
        assert await grown(asked) == Population(2, frozenset({name("acme")}))


async def test_an_erased_subject_counts_by_what_was_disclosed_alone(store: Store, grown: Grown, name: Name) -> None:
    acme = Scope(recipient=name("acme"))
    await says_yes(store, name("ann"), recipient=name("acme"))
    await store.append(change(name("ann"), 1, standing=Standing.ERASED))
    assert await grown(acme) == Population()
    entry = disclosure(name("ann"), recipient=name("acme"), released=((name("key"), Fidelity.PRECISE),))
    await store.disclose((entry,))
    assert await grown(acme) == Population(1, frozenset({name("acme")}), frozenset({name("key")}))


async def test_a_yes_elsewhere_does_not_count(store: Store, grown: Grown, name: Name) -> None:
    await says_yes(store, name("ann"), recipient=name("acme"), purpose=name("fit"), category=name("body"))
    for asked in (
        Scope(recipient=name("zeta"), purpose=name("fit")),
        Scope(recipient=name("acme"), purpose=name("ads")),
        Scope(recipient=name("acme"), category=name("taste")),
    ):
        assert (await grown(asked)).subjects == 0


async def test_only_a_yes_that_counts_at_the_instant_counts(store: Store, grown: Grown, name: Name) -> None:
    scope = Scope(recipient=name("acme"), purpose=name("fit"))
    yes = record("yes", scope=scope, valid_from=NOON + HOUR, valid_until=NOON + 2 * HOUR, sequence=1)
    await store.append(change(name("ann"), begins=(yes,)))
    await store.append(change(name("bob"), begins=(record("no", kind=RecordKind.REFUSED, scope=scope),)))
    await store.append(change(name("set"), begins=(record("yes", scope=scope),), kind=PartyKind.DEVICE))
    instants = (NOON + HOUR - TICK, NOON + HOUR, NOON + 2 * HOUR - TICK, NOON + 2 * HOUR)
    assert [(await grown(scope, at)).subjects for at in instants] == [0, 1, 1, 0]


async def test_a_yes_that_ended_does_not_count(store: Store, grown: Grown, name: Name) -> None:
    await says_yes(store, name("ann"), recipient=name("acme"), purpose=name("fit"))
    no = record("no", NOON + HOUR, RecordKind.WITHDRAWN, sequence=2)
    await store.append(change(name("ann"), 1, NOON + HOUR, begins=(no,), ends=("yes",)))
    assert (await grown(Scope(recipient=name("acme")), NOON + HOUR)).subjects == 0


async def test_who_only_received_counts_with_recipient_and_keys(store: Store, grown: Grown, name: Name) -> None:
    released = ((name("k"), Fidelity.PRECISE), (name("l"), Fidelity.COARSE))
    await store.disclose(
        (
            disclosure(name("ann"), recipient=name("acme"), purpose=name("fit"), released=released),
            disclosure(name("ann"), recipient=name("acme"), purpose=name("fit"), released=released[:1]),
            disclosure(name("bob"), recipient=name("acme"), purpose=name("ads")),
        )
    )
    assert await grown(Scope(recipient=name("acme"), purpose=name("fit"))) == Population(
        1, frozenset({name("acme")}), frozenset({name("k"), name("l")})
    )
    assert (await grown(Scope(recipient=name("acme")))).subjects == 2


async def test_who_gave_and_received_counts_once_even_under_another_name_in_the_ledger(
    store: Store, grown: Grown, name: Name
) -> None:
    await says_yes(store, name("ann"), recipient=name("acme"), purpose=name("fit"))
    await store.disclose((disclosure(f"sealed {name('ann')}", recipient=name("acme"), purpose=name("fit")),))
    reach = Reach(sealed=lambda subject: f"sealed {subject}")
    assert (await grown(Scope(recipient=name("acme")), reach=reach)).subjects == 1


async def test_a_scope_reaches_the_nodes_it_is_said_to_touch(store: Store, grown: Grown, name: Name) -> None:
    await says_yes(store, name("ann"), recipient=name("acme"), purpose=name("fit.size"), category=name("body.height"))
    await says_yes(store, name("bob"), group=name("brands"), purpose=name("fit"), category=name("body"))
    released = ((name("height"), Fidelity.PRECISE),)
    await store.disclose(
        (disclosure(name("eve"), recipient=name("acme"), purpose=name("fit.size"), released=released),)
    )
    asked = Scope(name("fit"), name("body"), name("acme"))
    reach = Reach(
        purposes=frozenset({name("fit"), name("fit.size")}),
        categories=frozenset({name("body"), name("body.height")}),
        recipients=frozenset({name("acme")}),
        groups=frozenset({name("brands")}),
        keys=frozenset({name("height")}),
    )
    assert await grown(asked, reach=reach) == Population(3, frozenset({name("acme")}), frozenset({name("height")}))
    assert (await grown(asked, reach=replace(reach, purposes=None))).subjects == 1  # the group's yes
    assert (await grown(asked, reach=replace(reach, groups=frozenset()))).subjects == 2
    assert (await grown(asked, reach=replace(reach, keys=None))).subjects == 2
    assert (await grown(asked)).subjects == 0


async def test_a_scope_of_a_group_touches_a_yes_to_that_group(store: Store, grown: Grown, name: Name) -> None:
    await says_yes(store, name("ann"), group=name("brands"), purpose=name("fit"))
    assert (await grown(Scope(group=name("brands"), purpose=name("fit")))).subjects == 1
    assert (await grown(Scope(group=name("others"), purpose=name("fit")))).subjects == 0


async def test_a_yes_to_every_recipient_is_touched_by_any(store: Store, grown: Grown, name: Name) -> None:
    await says_yes(store, name("ann"), purpose=name("fit"))
    assert (await grown(Scope(recipient=name("acme"), purpose=name("fit")))).subjects == 1
