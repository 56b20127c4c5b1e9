"""A view's name, and what may be had before a session starts: granted, to be asked for, or not to be had."""

import pytest

from graph.decision.request import TokenEntry
from graph.terms import AgeBand, Fidelity, Level
from resolvers.acts import ScopeAsked
from resolvers.consent import set_level, withdraw
from resolvers.context import Context
from resolvers.offers import OfferShown
from resolvers.problems import BadUserInput
from resolvers.profile import Preflight, preflight, view_id
from tests.support.worlds_resolvers import (
    DAY,
    GUESS,
    HEIGHT,
    HOBBY,
    NOON,
    PLAY,
    SIZE,
    STUDIO,
    TOPICS,
    TURNING,
    World,
    done,
    notice,
    said_yes,
)

pytestmark = pytest.mark.anyio


async def _sorted(
    context: Context, *required: str, optional: tuple[str, ...] = (), purpose: str = PLAY
) -> tuple[tuple[tuple[str, ...], ...], OfferShown | None]:
    found = await preflight(context, purpose, required, optional)
    keys = (found.granted, found.consent_required, found.consent_optional, found.unavailable)
    return keys, found.offer


async def test_a_view_is_named_by_subject_purpose_channel_and_recipient(world: World) -> None:
    views = [
        view_id(world.of(), PLAY, "noor"),
        view_id(world.of(), PLAY, "jon"),
        view_id(world.of(), SIZE, "noor"),
        view_id(world.of(channel="phone"), PLAY, "noor"),
        view_id(world.of(recipient=STUDIO), PLAY, "noor"),
    ]
    assert len(set(views)) == 5
    assert view_id(world.of(device="other", assurance=1), PLAY, "noor") == views[0]
    assert "noor" not in views[0]


async def test_keys_are_sorted_by_what_can_be_done_about_them(world: World) -> None:
    await said_yes(world.of(), HEIGHT)
    keys, offer = await _sorted(world.of(), TOPICS, HEIGHT, HOBBY, optional=(GUESS, HEIGHT, TURNING))
    assert keys == ((HEIGHT, TURNING), (HOBBY,), (GUESS,), (TOPICS,))
    assert offer is not None
    assert [cell.category for cell in offer.cells] == ["hobby", "guess", "hobby"]


async def test_a_key_that_is_required_and_optional_is_required_once(world: World) -> None:
    keys, _ = await _sorted(world.of(), HOBBY, HOBBY, optional=(HOBBY,))
    assert keys == ((), (HOBBY,), (), ())


async def test_without_anything_to_ask_there_is_no_offer_and_no_notice_is_served(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    before = await world.records()
    assert await preflight(world.of(), PLAY, (HOBBY,), (TOPICS,)) == Preflight((HOBBY,), (), (), (TOPICS,), None)
    assert await world.records() == before


async def test_what_only_a_notice_stands_before_is_asked_for(world: World) -> None:
    keys, offer = await _sorted(world.of(), TURNING)
    assert (keys, offer is not None) == (((), (TURNING,), (), ()), True)
    assert (await _sorted(world.of(), TURNING))[0] == ((TURNING,), (), (), ())


async def test_a_level_that_a_yes_would_raise_is_asked_for(world: World) -> None:
    await said_yes(world.of(), HOBBY, GUESS)
    done(await set_level(world.of(), "k", None, Level.DECLARED))
    keys, offer = await _sorted(world.of(), GUESS)
    assert keys == ((), (GUESS,), (), ())
    assert offer is not None
    assert offer.raises_level_to is Level.INFERRED


async def test_what_less_than_the_top_is_let_out_of_is_granted(world: World) -> None:
    await said_yes(world.of(), HEIGHT, fidelity=Fidelity.CATEGORY)
    assert (await _sorted(world.of(), HEIGHT))[0] == ((HEIGHT,), (), (), ())


async def test_what_only_a_guardian_may_say_yes_to_is_unavailable_to_the_child(world: World) -> None:
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)
    assert (await _sorted(pia, HOBBY))[0] == ((), (), (), (HOBBY,))


async def test_what_she_objected_to_after_a_yes_or_the_token_leaves_out_is_not_asked_again(world: World) -> None:
    done(await withdraw(world.of(), "k", ScopeAsked(category="hobby", channel="headset")))
    await said_yes(world.of(), HOBBY)
    assert (await _sorted(world.of(), HOBBY))[0] == ((), (), (), (HOBBY,))
    narrow = world.of(token=(TokenEntry(categories=frozenset({"hobby"})),))
    assert (await _sorted(narrow, HEIGHT))[0] == ((), (), (), (HEIGHT,))


async def test_an_app_of_a_third_party_asks_for_itself(world: World) -> None:
    keys, offer = await _sorted(world.of(recipient=STUDIO), HOBBY, HEIGHT)
    assert keys == ((), (HOBBY,), (), (HEIGHT,))
    assert offer is not None
    assert [cell.recipient_name for cell in offer.cells] == ["Studio"]


async def test_before_any_notice_is_in_force_the_question_is_answered_without_an_offer(world: World) -> None:
    here = world.changed(notices=(notice("later", 1, NOON + DAY),))
    keys, offer = await _sorted(here.of(), HOBBY)
    assert (keys, offer) == (((), (HOBBY,), (), ()), None)


@pytest.mark.parametrize(("purpose", "key"), [("play", HOBBY), ("nowhere", HOBBY), (PLAY, "no.such")])
async def test_what_the_catalogue_does_not_have_cannot_be_asked_about(world: World, purpose: str, key: str) -> None:
    with pytest.raises(BadUserInput):
        await preflight(world.of(), purpose, (), (key,))
    assert await world.records() == ()
