"""A no that stands already is answered and not recorded again; what a contract needs is told."""

from dataclasses import replace

import pytest

from graph.catalogue import LawRow
from graph.records import Scope, Subject
from graph.store import Change, Command
from graph.terms import AgeBand, Basis, Fidelity, Operation, RecordKind, Regime, Signal, Standing
from resolvers.acts import ScopeAsked
from resolvers.consent import refuse, withdraw, withdraw_all
from tests.support.worlds_acts import rung
from tests.support.worlds_resolvers import (
    HEIGHT,
    HOBBY,
    LAW,
    PLAY,
    STUDIO,
    TABLES,
    TURNING,
    World,
    done,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

HOBBIES = ScopeAsked(category="hobby")
COMFORT = ScopeAsked(category="comfort")
CALM = "health.calm"


async def _nos(world: World) -> list[tuple[RecordKind, str | None]]:
    return [(one.kind, one.scope.category) for one in await world.records() if one.is_no]


async def test_a_no_within_an_older_wider_one_is_recorded_in_its_own_scope(world: World) -> None:
    done(await withdraw_all(world.of(), "all"))
    done(await withdraw(world.of(), "hobby", HOBBIES))
    assert await _nos(world) == [(RecordKind.WITHDRAWN, None), (RecordKind.WITHDRAWN, "hobby")]


async def test_a_wider_no_stays_the_last_word_until_something_in_it_is_said_yes_to(world: World) -> None:
    first = done(await withdraw_all(world.of(), "one"))
    done(await withdraw(world.of(), "hobby", HOBBIES))
    assert done(await withdraw_all(world.of(), "two")).revision == "s2.d0"
    await said_yes(world.of(), HEIGHT)
    assert done(await withdraw_all(world.of(), "three")).revision == "s5.d0"
    assert first.revision == "s1.d0"


async def test_a_refusal_after_a_withdrawal_of_the_same_cell_is_recorded_in_its_own_right(world: World) -> None:
    cell = ScopeAsked(PLAY, "hobby", "app", operations=(Operation.USE,))
    done(await withdraw(world.of(), "one", cell))
    done(await refuse(world.of(), "two", (await shown(world.of(), HOBBY)).token))
    assert await _nos(world) == [(RecordKind.WITHDRAWN, "hobby"), (RecordKind.REFUSED, "hobby")]


async def test_the_same_no_of_a_device_and_of_its_person_are_two(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    done(await withdraw(world.of(assurance=1), "device", HOBBIES))
    done(await withdraw(world.of(), "person", HOBBIES))
    assert len(await _nos(world)) == 2


async def test_a_signal_is_no_withdrawal(world: World) -> None:
    sells = ScopeAsked(operations=(Operation.SELL, Operation.TARGET))
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    done(await withdraw(world.of(), "k", sells))
    assert [kind for kind, _ in await _nos(world)] == [RecordKind.SIGNAL, RecordKind.WITHDRAWN]


async def test_a_signal_since_takes_nothing_from_a_withdrawal_of_the_same(world: World) -> None:
    sells = ScopeAsked(operations=(Operation.SELL, Operation.TARGET))
    done(await withdraw(world.of(), "one", sells))
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    done(await withdraw(world.of(), "two", sells))
    assert [kind for kind, _ in await _nos(world)] == [RecordKind.WITHDRAWN, RecordKind.SIGNAL]


async def test_refusing_again_answers_what_stands(world: World) -> None:
    made = [await shown(world.of(), HOBBY) for _ in range(2)]
    first = done(await refuse(world.of(), "one", made[0].token))
    assert done(await refuse(world.of(), "two", made[1].token)).revision == first.revision
    assert await _nos(world) == [(RecordKind.REFUSED, "hobby")]


async def test_what_a_contract_needs_is_told_and_still_given(world: World) -> None:
    await shown(world.of(), TURNING)
    made = done(await withdraw(world.of(), "k", COMFORT))
    assert made.needed_for_contract == (TURNING,)
    assert await rung(world.of(), TURNING) is Fidelity.PRECISE
    assert (await world.records())[-1].scope == Scope(category="comfort"), "the no is kept all the same"


async def test_what_a_contract_needs_is_told_again_when_the_no_stands_already(world: World) -> None:
    await shown(world.of(), TURNING)
    for key in ("one", "two"):
        assert done(await withdraw(world.of(), key, COMFORT)).needed_for_contract == (TURNING,)


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        (ScopeAsked(), (TURNING,)),
        (ScopeAsked(purpose="play"), (TURNING,)),
        (ScopeAsked(recipient="app", channel="headset", device="noor-headset"), (TURNING,)),
        (ScopeAsked(purpose="ads"), ()),
        (ScopeAsked(category="hobby"), ()),
        (ScopeAsked(recipient=STUDIO), ()),
        (ScopeAsked(channel="phone"), ()),
        (ScopeAsked(operations=(Operation.INFER, Operation.DISCLOSE)), ()),
    ],
)
async def test_only_what_the_no_speaks_of_is_told_as_needed(
    world: World, asked: ScopeAsked, needed: tuple[str, ...]
) -> None:
    await shown(world.of(), TURNING)
    assert done(await withdraw(world.of(), "k", asked)).needed_for_contract == needed


async def test_a_no_for_another_device_is_nothing_this_one_needs(world: World) -> None:
    await shown(world.of(channel="phone", device="noor-phone"), TURNING)
    asked = ScopeAsked(device="noor-phone")
    assert done(await withdraw(world.of(), "k", asked)).needed_for_contract == ()


async def test_without_the_served_notice_nothing_is_given_in_spite_of_a_no(world: World) -> None:
    assert done(await withdraw(world.of(), "k", COMFORT)).needed_for_contract == ()


async def test_where_the_law_asks_for_consent_all_the_same_a_no_stops_what_a_contract_needs(world: World) -> None:
    here = world.changed(law=(LawRow("XX", Regime.CONSENT, purpose=PLAY, source="XX 9"), *LAW))
    await shown(here.of(), TURNING)
    made = done(await withdraw(here.of(), "k", COMFORT))
    assert (made.needed_for_contract, await rung(here.of(), TURNING)) == ((), Fidelity.NONE)


async def test_of_a_special_category_a_contract_needs_the_safety_effect_and_nothing_behind_it(world: World) -> None:
    contract = replace(TABLES.register[3], basis=Basis.CONTRACT)
    here = world.changed(register=(contract, *TABLES.register[:3], *TABLES.register[4:]))
    await shown(here.of(), CALM)
    made = done(await withdraw(here.of(), "k", ScopeAsked(category="health")))
    assert (made.needed_for_contract, await rung(here.of(), CALM)) == ((CALM,), Fidelity.EFFECT_ONLY)


async def test_of_somebody_erased_nothing_is_recorded_and_she_is_answered(world: World) -> None:
    await world.open(Subject("noor", age_band=AgeBand.ADULT, jurisdictions=("XX",)))
    await world.store.append(Change("noor", 0, world.now, Command("erase", ""), standing=Standing.ERASED))
    made = done(await withdraw(world.of(), "k", HOBBIES))
    assert (made.revision, made.needed_for_contract, await world.records()) == ("s1.d0", (), ())
