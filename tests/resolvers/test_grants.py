"""A yes on its way into a tree: where it holds, how long, how far, and what level it raises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from graph.catalogue import NoticeCell
from graph.decision.snapshot import MOST_RECORDS
from graph.records import NoticeRef, Record, Scope
from graph.store import Change, Command
from graph.terms import DeviceKind, Fidelity, GivenBy, Level, Operation, Reason, RecordKind, Signal
from resolvers.acts import BoundTo, CellChoice, Changed, GiveConsent
from resolvers.consent import give, set_level, withdraw_all
from resolvers.context import Session
from resolvers.devices import LinkDevice, link, unlink
from resolvers.problems import Problem, ProblemKind
from tests.support.worlds_acts import decided, rung, why
from tests.support.worlds_resolvers import (
    ADS,
    DAY,
    GENERAL,
    GUESS,
    HEIGHT,
    HOBBY,
    HOUR,
    NOON,
    PLAY,
    STUDIO,
    SUNRISE,
    TOPICS,
    World,
    all_of,
    done,
    notice,
    problem,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

INSTANT = timedelta(microseconds=1)


async def _answer(world: World, **more: object) -> Changed | Problem:
    made = await shown(world.of(), HOBBY)
    return await give(
        world.of(), GiveConsent(**{"key": "k", "offer_token": made.token, "choices": all_of(made), **more})
    )


async def _given(world: World) -> list[Record]:
    return [one for one in await world.records() if one.kind is RecordKind.GIVEN]


async def test_a_yes_for_channels_is_a_record_for_each_and_holds_nowhere_else(world: World) -> None:
    done(await _answer(world, channels=("headset", "tablet", "headset")))
    found = await _given(world)
    assert [(one.scope.channel, one.sequence) for one in found] == [("headset", 2), ("tablet", 2)]
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE
    assert await rung(world.of(channel="phone"), HOBBY) is Fidelity.NONE


async def test_a_yes_for_one_device_holds_on_that_device(world: World) -> None:
    done(await _answer(world, device="noor-headset"))
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE
    assert await rung(world.of(channel="phone", device="noor-phone"), HOBBY) is Fidelity.NONE


async def test_a_yes_for_one_session_holds_in_that_session(world: World) -> None:
    evening = world.context(session=Session("evening"))
    made = await shown(evening, HOBBY)
    done(await give(evening, GiveConsent("k", made.token, all_of(made), this_session_only=True)))
    assert await rung(evening, HOBBY) is Fidelity.PRECISE
    for other in (world.of(), world.context(session=Session("morning"))):
        assert await rung(other, HOBBY) is Fidelity.NONE


async def test_a_yes_with_an_end_ends_at_its_instant(world: World) -> None:
    done(await _answer(world, expires_at=NOON + HOUR))
    world.later(HOUR - INSTANT)
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE
    world.later(INSTANT)
    assert (await why(world.of(), HOBBY)).reasons == (Reason.CONSENT_EXPIRED,)


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"expires_at": NOON}, "EXPIRES_IN_THE_PAST", ("expiresAt",)),
        ({"expires_at": NOON - DAY}, "EXPIRES_IN_THE_PAST", ("expiresAt",)),
        ({"device": "no-device"}, "UNKNOWN_DEVICE", ("deviceId",)),
        ({"channels": ("headset", "pigeon")}, "UNKNOWN_CHANNEL", ("channels", "1")),
        ({"channels": ()}, "NOTHING_CHOSEN", ("channels",)),
        ({"choices": ()}, "NOTHING_CHOSEN", ("choices",)),
        ({"this_session_only": True}, "SESSION_REQUIRED", ("thisSessionOnly",)),
    ],
)
async def test_what_a_yes_cannot_be_limited_to_is_told_by_its_path(
    world: World, more: dict[str, object], code: str, path: tuple[str, ...]
) -> None:
    found = problem(await _answer(world, **more))
    assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, code, path)
    assert await _given(world) == []


async def test_a_yes_for_a_device_that_was_unlinked_or_is_anothers_is_refused(world: World) -> None:
    done(await link(world.of(), "l", LinkDevice("noor-phone", "Phone", DeviceKind.PHONE, shared=False)))
    done(await unlink(world.of(), "u", "noor-phone"))
    await shown(world.of(subject="jon", device="jon-phone"), HOBBY)
    for device in ("noor-phone", "jon-phone"):
        assert problem(await _answer(world, device=device)).code == "UNKNOWN_DEVICE"


async def test_below_sign_in_a_yes_is_for_no_other_device(world: World) -> None:
    done(await link(world.of(), "l", LinkDevice("noor-phone", "Phone", DeviceKind.PHONE, shared=False)))
    device = world.of(assurance=1)
    made = await shown(device, HOBBY)
    asked = GiveConsent("k", made.token, all_of(made), device="noor-phone")
    assert problem(await give(device, asked)).kind is ProblemKind.STEP_UP_REQUIRED
    assert done(await give(device, replace(asked, device="noor-headset"))).bound_to is BoundTo.DEVICE


async def test_an_app_of_a_third_party_names_the_device_it_runs_on_and_no_other(world: World) -> None:
    done(await link(world.of(), "l", LinkDevice("noor-phone", "Phone", DeviceKind.PHONE, shared=False)))
    studio = world.of(recipient=STUDIO)
    for device, code in (("noor-phone", "UNKNOWN_DEVICE"), ("noor-headset", None)):
        made = await shown(studio, HOBBY)
        answer = await give(studio, GiveConsent(device, made.token, all_of(made), device=device))
        assert getattr(answer, "code", None) == code


async def test_coarse_from_now_on_lowers_an_earlier_precise_yes(world: World) -> None:
    await said_yes(world.of(), HEIGHT)
    assert await rung(world.of(), HEIGHT) is Fidelity.PRECISE
    await said_yes(world.of(), HEIGHT, fidelity=Fidelity.COARSE)
    assert await rung(world.of(), HEIGHT) is Fidelity.COARSE


async def test_a_yes_raises_a_level_that_is_set_and_too_low_where_it_was_set(world: World) -> None:
    for where, levels in ((None, {"*": Level.INFERRED}), ("headset", {"*": Level.INFERRED, "headset": Level.INFERRED})):
        done(await set_level(world.of(), f"down on {where}", where, Level.DECLARED))
        await said_yes(world.of(), HOBBY, GUESS)
        assert dict((await world.store.snapshot("noor", world.of().parties)).subject.levels) == levels
        assert await rung(world.of(), GUESS) is Fidelity.PRECISE


async def test_a_yes_sets_no_level_and_lowers_none(world: World) -> None:
    await said_yes(world.of(), HOBBY, GUESS)
    assert (await world.store.snapshot("noor", world.of().parties)).subject.levels == ()
    done(await set_level(world.of(), "k", None, Level.DECLARED))
    made = await shown(world.of(), GUESS)
    done(await set_level(world.of(), "up", None, Level.PREDICTIVE))
    done(await give(world.of(), GiveConsent("yes", made.token, all_of(made))))
    assert (await world.store.snapshot("noor", world.of().parties)).subject.level("headset") is Level.PREDICTIVE


async def test_a_device_alone_raises_no_level_by_saying_yes(world: World) -> None:
    done(await set_level(world.of(), "k", None, Level.DECLARED))
    device = world.of(assurance=1)
    made = await shown(device, HOBBY, GUESS)
    found = problem(await give(device, GiveConsent("yes", made.token, all_of(made))))
    assert found.kind is ProblemKind.STEP_UP_REQUIRED


async def test_where_the_law_wants_a_step_up_a_signed_in_yes_asks_for_one(world: World) -> None:
    phone = {"channel": "phone", "residence": "SS"}
    made = await shown(world.of(**phone), HOBBY)
    asked = GiveConsent("k", made.token, all_of(made))
    assert problem(await give(world.of(**phone), asked)).kind is ProblemKind.STEP_UP_REQUIRED
    done(await give(world.of(assurance=3, **phone), asked))
    assert [one.assurance for one in await _given(world)] == [3]


async def test_a_notice_that_changed_the_cell_meanwhile_ends_the_offer(world: World) -> None:
    made = [await shown(world.of(), key) for key in (HOBBY, HEIGHT)]
    newer = notice("general", 2, NOON, (NoticeCell(category="hobby"),))
    here = world.changed(notices=(GENERAL, newer))
    asked = [GiveConsent(f"k{place}", one.token, all_of(one)) for place, one in enumerate(made)]
    assert problem(await give(here.of(), asked[0])).kind is ProblemKind.OFFER_EXPIRED
    done(await give(here.of(), asked[1]))


async def test_a_notice_that_is_gone_ends_its_offers(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    here = world.changed(notices=(replace(GENERAL, ref=NoticeRef("other", 1)),))
    answer = await give(here.of(), GiveConsent("k", made.token, all_of(made)))
    assert problem(answer).kind is ProblemKind.OFFER_EXPIRED


async def test_a_yes_after_a_signal_names_it_and_answers_it(world: World) -> None:
    await said_yes(world.of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    signalled = world.context(world.caller(recipient=SUNRISE), signals=frozenset({Signal.GPC}))
    (stopped,) = (await decided(signalled, TOPICS, ADS)).decisive
    assert stopped.reasons == (Reason.OBJECTED,)
    await said_yes(world.later().of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    assert [one.answers_signal for one in await _given(world)] == [False, False, True, True]
    assert await rung(replace(signalled, at=world.now), TOPICS, ADS) is Fidelity.PRECISE


async def test_a_tree_that_is_too_long_takes_no_more_yeses_and_every_no(world: World) -> None:
    await shown(world.of(), HOBBY)
    rows = tuple(
        Record(f"r{one}", RecordKind.REFUSED, world.now, Scope(session=f"s{one}"), Fidelity.NONE)
        for one in range(MOST_RECORDS + 1)
    )
    base = (await world.store.snapshot("noor", world.of().parties)).own.revision
    await world.store.append(Change("noor", base, world.now, Command("many", ""), begins=rows[:-1]))
    done(await _answer(world))
    base += 2
    await world.store.append(Change("noor", base, world.now, Command("one more", ""), begins=rows[-1:]))
    assert (await why(world.of(), HOBBY)).reasons == (Reason.TOO_MANY_RECORDS,)
    made = await shown(world.of(), HEIGHT)
    assert problem(await give(world.of(), GiveConsent("late", made.token, all_of(made)))).code == "TOO_MANY_RECORDS"
    done(await withdraw_all(world.of(), "all"))


async def test_a_yes_of_a_cell_goes_as_far_as_was_chosen(world: World) -> None:
    made = await shown(world.of(), HEIGHT)
    choice = CellChoice(PLAY, "body.height", Operation.USE, Fidelity.CATEGORY)
    done(await give(world.of(), GiveConsent("k", made.token, (choice,))))
    (record,) = await _given(world)
    assert (record.cap, record.given_by) == (Fidelity.CATEGORY, GivenBy.SUBJECT)
    assert await rung(world.of(), HEIGHT) is Fidelity.CATEGORY
