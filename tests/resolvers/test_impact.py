"""What would stop if something were withdrawn: said beforehand, for whom, and with what was received already."""

from dataclasses import replace
from typing import Any

import pytest

from graph.terms import DeviceKind, Fidelity, Operation
from resolvers.acts import ScopeAsked
from resolvers.consent import withdraw, withdraw_all
from resolvers.context import Context
from resolvers.devices import LinkDevice, link
from resolvers.impact import ImpactShown, impact
from resolvers.problems import BadUserInput
from tests.support.worlds_acts import given, rung
from tests.support.worlds_resolvers import (
    ADS,
    GUESS,
    HEIGHT,
    HOBBY,
    REGISTER,
    SIZE,
    STUDIO,
    SUNRISE,
    TABLES,
    TOPICS,
    TURNING,
    World,
    done,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

NOTHING = ImpactShown((), (), ())


@pytest.fixture
def quiet(world: World) -> World:
    """Return the world without what rests on an interest: nothing is given out that nobody said yes to."""
    return world.changed(register=REGISTER[:-2])


async def _impact(context: Context, **asked: Any) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    found = await impact(context, ScopeAsked(**asked))
    return found.attributes_stopped, found.recipients


async def test_what_would_be_withheld_is_told_with_who_would_lose_it(quiet: World) -> None:
    await said_yes(quiet.of(), HOBBY, HEIGHT)
    await said_yes(quiet.of(), HOBBY, recipient=STUDIO)
    found = await impact(quiet.of(), ScopeAsked())
    assert found == ImpactShown(
        (HOBBY, HEIGHT), (("The App", (HOBBY, HEIGHT)), ("Studio", (HOBBY,))), already_received=()
    )


async def test_asking_changes_nothing(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    before = await world.records()
    await impact(world.of(), ScopeAsked())
    assert (await world.records(), await rung(world.of(), HOBBY)) == (before, Fidelity.PRECISE)


async def test_what_is_foretold_is_what_happens(world: World) -> None:
    await said_yes(world.of(), HOBBY, HEIGHT, GUESS)
    keys = (HOBBY, HEIGHT, TURNING, GUESS)
    before = {key for key in keys if await rung(world.of(), key)}
    stopped, _ = await _impact(world.of(), category="hobby")
    done(await withdraw(world.of(), "k", ScopeAsked(category="hobby")))
    assert before - {key for key in keys if await rung(world.of(), key)} == set(stopped) == {HOBBY, GUESS}


async def test_what_a_contract_needs_does_not_stop(quiet: World) -> None:
    await shown(quiet.of(), TURNING)
    assert await _impact(quiet.of()) == ((), ())


async def test_what_was_withdrawn_already_cannot_stop_again(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    done(await withdraw_all(world.of(), "k"))
    assert await impact(world.of(), ScopeAsked()) == NOTHING


@pytest.mark.parametrize(
    ("asked", "stopped"),
    [
        ({"category": "body"}, (HEIGHT,)),
        ({"purpose": "play"}, (HOBBY, HEIGHT)),
        ({"purpose": SIZE}, ()),
        ({"purpose": "ads"}, ()),
        ({"recipient": STUDIO}, ()),
        ({"channel": "phone"}, (HOBBY, HEIGHT)),
        ({"channel": "partner_server"}, ()),
        ({"operations": (Operation.INFER,)}, ()),
        ({"operations": (Operation.USE,)}, (HOBBY, HEIGHT)),
    ],
)
async def test_only_what_the_scope_reaches_stops(quiet: World, asked: dict[str, Any], stopped: tuple[str, ...]) -> None:
    await said_yes(quiet.of(), HOBBY, HEIGHT)
    assert (await _impact(quiet.of(), **asked))[0] == stopped


async def test_what_is_inferred_stops_with_its_source(world: World) -> None:
    await said_yes(world.of(), HOBBY, GUESS)
    assert await _impact(world.of(), category="hobby", operations=(Operation.INFER,)) == (
        (GUESS,),
        (("The App", (GUESS,)),),
    )


async def test_a_withdrawal_for_one_device_stops_what_is_given_there(quiet: World) -> None:
    phone = LinkDevice("noor-phone", "Phone", DeviceKind.PHONE, shared=False)
    done(await link(quiet.of(), "l", phone))
    await said_yes(quiet.of(), HOBBY, device="noor-headset")
    await said_yes(quiet.of(), HEIGHT, device="noor-phone")
    assert [await _impact(quiet.of(), device=one) for one in ("noor-headset", "noor-phone")] == [
        ((HOBBY,), (("The App", (HOBBY,)),)),
        ((HEIGHT,), (("The App", (HEIGHT,)),)),
    ]


@pytest.mark.parametrize("assurance", [0, 1])
async def test_below_sign_in_it_is_foretold_for_the_device_the_no_would_bind(quiet: World, assurance: int) -> None:
    await said_yes(quiet.of(), HEIGHT)
    assert (await _impact(quiet.of(assurance=assurance)))[0] == (HEIGHT,)


@pytest.mark.parametrize(("operation", "told"), [(Operation.USE, []), (Operation.INFER, [(GUESS,)])])
async def test_what_was_received_of_an_inference_is_told_where_the_inferring_is_withdrawn(
    world: World, operation: Operation, told: list[tuple[str, ...]]
) -> None:
    await given(world, released=((GUESS, Fidelity.PRECISE),))
    found = await impact(world.of(), ScopeAsked(category="hobby", operations=(operation,)))
    assert [one.keys for one in found.already_received] == told


async def test_what_an_interest_lets_out_stops_too(world: World) -> None:
    oo = world.of(residence="OO")
    await shown(oo, TOPICS, purpose=ADS, recipient=SUNRISE)
    assert await _impact(oo, purpose="ads") == ((TOPICS,), ((SUNRISE, (TOPICS,)),))


async def test_an_attribute_no_channel_carries_cannot_stop(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    here = world.changed(attributes=tuple(replace(one, channels=frozenset()) for one in TABLES.attributes))
    assert await _impact(here.of()) == ((), ())


async def test_an_app_of_a_third_party_is_told_what_it_would_lose_itself(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    await said_yes(world.of(), HOBBY, recipient=STUDIO)
    assert await _impact(world.of(recipient=STUDIO)) == ((HOBBY,), (("Studio", (HOBBY,)),))


@pytest.mark.parametrize("asked", [{"purpose": "nowhere"}, {"recipient": "nobody"}, {"device": "no-device"}])
async def test_a_scope_nobody_could_withdraw_is_bad_input(world: World, asked: dict[str, Any]) -> None:
    with pytest.raises(BadUserInput, match="unknown"):
        await impact(world.of(), ScopeAsked(**asked))


async def test_what_was_received_already_is_told_and_stays_received(world: World) -> None:
    await given(world, released=((HOBBY, Fidelity.PRECISE), (HEIGHT, Fidelity.COARSE)))
    await given(world, recipient=SUNRISE, purpose=ADS, released=((TOPICS, Fidelity.PRECISE),))
    (studio, sunrise) = (await impact(world.of(), ScopeAsked())).already_received
    assert (studio.recipient_name, studio.keys, studio.count) == ("Studio", (HOBBY, HEIGHT), 1)
    assert (sunrise.recipient_name, sunrise.keys) == (SUNRISE, (TOPICS,))


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"category": "hobby"}, [(HOBBY,)]),
        ({"purpose": "play"}, [(HOBBY, "gone")]),
        ({"recipient": STUDIO}, [(HOBBY, "gone")]),
        ({"recipient": SUNRISE}, []),
        ({"purpose": SIZE}, []),
        ({"category": "body"}, []),
    ],
)
async def test_only_what_was_received_of_the_scope_is_told(
    world: World, asked: dict[str, Any], keys: list[tuple[str, ...]]
) -> None:
    await given(world, released=((HOBBY, Fidelity.PRECISE), ("gone", Fidelity.PRECISE)))
    assert [one.keys for one in (await impact(world.of(), ScopeAsked(**asked))).already_received] == keys
