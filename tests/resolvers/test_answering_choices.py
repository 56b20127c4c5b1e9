"""What of an offer may be chosen, and how long, where and on what a yes may be limited to."""

from dataclasses import replace
from typing import Any

import pytest

from graph.catalogue import LawRow
from graph.records import Device
from graph.store import Change, Command
from graph.terms import AgeBand, DeviceKind, Fidelity, Level, Operation, RecordKind, Regime
from resolvers.acts import CellChoice
from resolvers.context import Rules, Session
from resolvers.offers import OfferShown
from resolvers.problems import Problem
from tests.support.worlds_answering import USES_HOBBIES, said, told, yes
from tests.support.worlds_resolvers import (
    GUESS,
    HEIGHT,
    HOBBY,
    HOUR,
    LAW,
    NOTE,
    PLAY,
    STUDIO,
    World,
    all_of,
    done,
    shown,
)

pytestmark = pytest.mark.anyio
# What may be chosen


async def test_no_choice_is_no_answer(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    assert told(await yes(world.of(), made, choices=())) == ("NOTHING_CHOSEN", ("choices",))


async def test_what_was_not_offered_or_less_far_or_was_chosen_before_cannot_be_chosen(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    (hobby,) = all_of(made)
    for bad in (
        CellChoice(PLAY, "body", Operation.USE),
        CellChoice(PLAY, "hobby", Operation.SELL),
        CellChoice("play.size", "hobby", Operation.USE),
        replace(hobby, fidelity=Fidelity.NONE),
        hobby,
    ):
        assert told(await yes(world.of(), made, choices=(hobby, bad))) == ("CHOICE_NOT_OFFERED", ("choices", "1"))
    channels = tuple(
        replace(one, max_sensitivity_to_ask=2) if one.id == "headset" else one for one in world.tables.channels
    )
    low = world.changed(channels=channels)
    coarse = await shown(low.of(), HEIGHT)
    exact = (replace(all_of(coarse)[0], fidelity=Fidelity.PRECISE),)
    assert told(await yes(low.of(), coarse, choices=exact)) == ("CHOICE_NOT_OFFERED", ("choices", "0"))
    assert await said(world) == []


async def test_cells_that_are_not_chosen_leave_no_record(world: World) -> None:
    made = await shown(world.of(), HOBBY, GUESS)
    done(await yes(world.of(), made, choices=all_of(made)[:1]))
    assert [one.scope for one in await world.records() if one.kind is RecordKind.GIVEN] == [USES_HOBBIES]


async def test_a_law_that_wants_a_surer_sign_asks_for_it(world: World) -> None:
    here = world.of(residence="SS", channel="phone")
    made = await shown(here, HOBBY)
    assert told(await yes(replace(here, rules=Rules(step_up_url="https://step.up")), made))[0] == "STEP_UP_REQUIRED"
    done(await yes(world.of(residence="SS", channel="phone", assurance=3), made))


async def _level_declared(world: World) -> OfferShown:
    """Return an offer of something intrusive to somebody whose level is set lower."""
    await shown(world.of(), HOBBY)
    base = (await world.store.snapshot("noor", world.of().parties)).own.revision
    await world.store.append(Change("noor", base, world.now, Command("l", ""), levels=(("*", Level.DECLARED),)))
    made = await shown(world.of(), GUESS)
    assert made.raises_level_to is Level.INFERRED
    return made


async def test_a_yes_that_raises_the_level_is_said_by_somebody_signed_in(world: World) -> None:
    made = await _level_declared(world)
    assert told(await yes(world.of(assurance=1), made))[0] == "STEP_UP_REQUIRED"
    done(await yes(world.of(), made))
    assert (await world.store.snapshot("noor", world.of().parties)).subject.level("headset") is Level.INFERRED


# How long, where and on what


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"channels": ()}, "NOTHING_CHOSEN", ("channels",)),
        ({"channels": ("phone", "nowhere")}, "UNKNOWN_CHANNEL", ("channels", "1")),
        ({"this_session_only": True}, "SESSION_REQUIRED", ("thisSessionOnly",)),
        ({"device": "nobodys"}, "UNKNOWN_DEVICE", ("deviceId",)),
        ({"device": "unlinked"}, "UNKNOWN_DEVICE", ("deviceId",)),
    ],
)
async def test_a_limit_that_names_nothing_is_refused(
    world: World, more: dict[str, Any], code: str, path: tuple[str, ...]
) -> None:
    made = await shown(world.of(), HOBBY)
    await _linked(world, "unlinked", unlinked_at=world.now)
    assert told(await yes(world.of(), made, **more)) == (code, path)
    assert await said(world) == []


async def _linked(world: World, device: str, **more: Any) -> None:
    base = (await world.store.snapshot("noor", world.of().parties)).own.revision
    row = Device(device, "", DeviceKind.PHONE, shared=False, linked_at=world.now, **more)
    await world.store.append(Change("noor", base, world.now, Command(f"link {device}", ""), devices=(row,)))


async def test_an_end_that_is_not_in_the_future_is_refused(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    assert told(await yes(world.of(), made, expires_at=world.now)) == ("EXPIRES_IN_THE_PAST", ("expiresAt",))
    done(await yes(world.of(), made, expires_at=world.now + HOUR))
    assert (await world.records())[-1].valid_until == world.now + HOUR


async def test_a_yes_may_be_for_some_channels_one_linked_device_and_this_session_only(world: World) -> None:
    await _linked(world, "noor-phone")
    context = replace(world.of(), session=Session("s1"))
    made = await shown(context, HOBBY)
    done(await yes(context, made, channels=("phone", "headset"), device="noor-phone", this_session_only=True))
    given = [one.scope for one in await world.records() if one.kind is RecordKind.GIVEN]
    limited = replace(USES_HOBBIES, device="noor-phone", session="s1")
    assert given == [replace(limited, channel="phone"), replace(limited, channel="headset")]


async def test_a_yes_for_another_device_is_said_by_somebody_signed_in(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    await _linked(world, "noor-phone")
    unsigned = world.of(assurance=1)
    assert told(await yes(unsigned, made, device="noor-phone"))[0] == "STEP_UP_REQUIRED"
    done(await yes(unsigned, made, device="noor-headset"))


@pytest.mark.parametrize(("device", "code"), [("noor-headset", None), ("noor-phone", "UNKNOWN_DEVICE")])
async def test_an_app_of_a_third_party_knows_of_no_device_but_the_one_it_runs_on(
    world: World, device: str, code: str | None
) -> None:
    studio = world.of(recipient=STUDIO)
    made = await shown(studio, HOBBY)
    await _linked(world, "noor-phone")
    found = await yes(studio, made, device=device)
    assert (found.code if isinstance(found, Problem) else None) == code


async def test_where_no_device_is_known_an_app_of_a_third_party_names_none(world: World) -> None:
    studio = world.of(recipient=STUDIO, device=None)
    made = await shown(studio, HOBBY)
    assert told(await yes(studio, made, device="noor-headset")) == ("UNKNOWN_DEVICE", ("deviceId",))


async def test_a_guardian_names_a_device_of_the_child_and_no_session_of_her_own(world: World) -> None:
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)
    made = await shown(pia, HOBBY)
    phone = replace(world.of(channel="phone", device="noor-phone"), session=Session("hers"))
    assert told(await yes(phone, made, device="noor-phone")) == ("UNKNOWN_DEVICE", ("deviceId",))
    assert told(await yes(phone, made, this_session_only=True)) == ("SESSION_REQUIRED", ("thisSessionOnly",))
    done(await yes(phone, made, device="pia-headset"))


async def test_a_special_category_is_named_by_the_yes_to_it(world: World) -> None:
    there = world.changed(law=(*LAW, LawRow("XX", Regime.CONSENT)))
    done(await yes(there.of(), await shown(there.of(), NOTE)))
    assert (await world.records())[-1].names == {"health"}
