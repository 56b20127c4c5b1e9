"""A person's devices: linked at the first signed-in call, unlinked and linked again by her, each an interval."""

from dataclasses import replace

import pytest

from graph.records import Device, Scope
from graph.store import Change, Command
from graph.terms import DeviceKind, Fidelity, Reason, RecordKind, Signal, Standing
from resolvers.acts import DeviceChanged, ScopeAsked
from resolvers.consent import withdraw, withdraw_all
from resolvers.devices import LONGEST_NAME, LinkDevice, devices, link, unlink
from resolvers.problems import ProblemKind
from tests.support.worlds_acts import hurried, rung, why
from tests.support.worlds_resolvers import (
    HEIGHT,
    HOBBY,
    HOUR,
    NOON,
    STUDIO,
    TABLES,
    World,
    done,
    problem,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

PHONE = LinkDevice("noor-phone", "Noor's phone", DeviceKind.PHONE, shared=False)
HEADSET = Device("noor-headset", "Headset", DeviceKind.HEADSET, False, NOON)


async def _again(world: World) -> DeviceChanged:
    return done(
        await link(world.of(), "again", LinkDevice("noor-headset", "Headset", DeviceKind.HEADSET, shared=False))
    )


async def test_the_first_signed_in_call_links_the_device(world: World) -> None:
    assert await devices(world.of(assurance=1)) == ()
    assert await devices(world.of()) == (HEADSET,)
    assert await devices(world.later().of()) == (HEADSET,)


async def test_a_device_on_a_channel_that_is_shared_by_default_is_linked_as_shared(world: World) -> None:
    shared = (replace(TABLES.channels[0], shared_by_default="yes"), *TABLES.channels[1:])
    assert [one.shared for one in await devices(world.changed(channels=shared).of())] == [True]


async def test_a_device_is_registered_by_its_person(world: World) -> None:
    await devices(world.of())
    made = done(await link(world.later().of(), "k", PHONE))
    phone = Device("noor-phone", "Noor's phone", DeviceKind.PHONE, False, world.now)
    assert made == DeviceChanged(phone, "s1.d0")
    assert await devices(world.of()) == (HEADSET, phone)


async def test_a_device_registered_anew_keeps_when_it_was_linked(world: World) -> None:
    await devices(world.of())
    done(await link(world.later().of(), "k", LinkDevice("noor-headset", "Shared one", DeviceKind.TV, shared=True)))
    assert await devices(world.of()) == (Device("noor-headset", "Shared one", DeviceKind.TV, True, NOON),)


async def test_the_same_registration_again_answers_the_same_revision(world: World) -> None:
    first = done(await link(world.of(), "one", PHONE))
    assert done(await link(world.later().of(), "two", PHONE)) == first


async def test_unlinking_ends_the_grants_of_a_device_and_no_others(world: World) -> None:
    await said_yes(world.of(), HOBBY, device="noor-headset")
    await said_yes(world.of(), HEIGHT)
    world.later()
    made = done(await unlink(world.of(), "k", "noor-headset"))
    gone = Device("noor-headset", "Headset", DeviceKind.HEADSET, False, NOON, world.now)
    assert made == DeviceChanged(gone, "s4.d0", ended_sessions=1)
    assert (await why(world.of(), HOBBY)).reasons == (Reason.CONSENT_WITHDRAWN,)
    assert await rung(world.of(), HEIGHT) is Fidelity.NONE
    assert await rung(world.of(channel="phone", device="noor-phone"), HEIGHT) is Fidelity.PRECISE
    (ending,) = (one for one in await world.records() if one.is_no)
    assert (ending.kind, ending.scope, ending.sequence) == (RecordKind.WITHDRAWN, Scope(device="noor-headset"), 4)


async def test_what_was_unlinked_only_linking_links_again_and_what_ended_stays_ended(world: World) -> None:
    await said_yes(world.of(), HOBBY, device="noor-headset")
    await said_yes(world.of(), HEIGHT)
    done(await unlink(world.of(), "k", "noor-headset"))
    assert [one.unlinked_at for one in await devices(world.later().of())] == [NOON]
    made = await _again(world)
    assert (made.device.linked_at, made.device.unlinked_at) == (world.now, None)
    for key in (HOBBY, HEIGHT):
        assert (await why(world.of(), key)).reasons == (Reason.CONSENT_WITHDRAWN,)
    await said_yes(world.of(), HEIGHT, device="noor-headset")
    assert await rung(world.of(), HEIGHT) is Fidelity.PRECISE


async def test_unlinking_again_changes_nothing(world: World) -> None:
    await devices(world.of())
    first = done(await unlink(world.of(), "one", "noor-headset"))
    again = done(await unlink(world.later().of(), "two", "noor-headset"))
    assert again == first
    assert len(await world.records()) == 1


async def test_a_device_links_and_unlinks_once_under_a_key(world: World) -> None:
    linked = done(await link(world.of(), "l", PHONE))
    unlinked = done(await unlink(world.of(), "u", "noor-phone"))
    assert done(await link(world.of(), "l", PHONE)) == linked
    assert done(await unlink(world.of(), "u", "noor-phone")) == unlinked
    assert problem(await link(world.of(), "u", PHONE)).code == "IDEMPOTENCY_KEY_REUSED"
    assert (await devices(world.of()))[1].unlinked_at == NOON


async def test_a_device_is_unlinked_on_what_is_there_when_somebody_was_faster(world: World) -> None:
    await devices(world.of())
    assert done(await unlink(hurried(world.of(), 1), "k", "noor-headset")).revision == "s2.d0"


@pytest.mark.parametrize(
    ("later", "ended"),
    [("nothing", 1), ("taken back", 0), ("over", 0), ("raised", 1), ("a signal", 1), ("for all devices", 1)],
)
async def test_only_grants_that_still_stand_are_said_to_end(world: World, later: str, ended: int) -> None:
    limits = {"device": "noor-headset", "fidelity": Fidelity.COARSE, "expires_at": NOON + 2 * HOUR}
    await said_yes(world.of(), HEIGHT, **limits)
    world.later()
    if later == "taken back":
        done(await withdraw(world.of(), "no", ScopeAsked(category="body")))
    if later == "over":
        world.later()
    if later == "raised":
        await said_yes(world.of(), HEIGHT, device="noor-headset")
    if later == "a signal":
        await shown(world.context(signals=frozenset({Signal.GPC})), HEIGHT)
    if later == "for all devices":
        await said_yes(world.of(), HOBBY)
    assert done(await unlink(world.of(), "k", "noor-headset")).ended_sessions == ended


async def test_a_grant_said_after_a_no_still_stands(world: World) -> None:
    await devices(world.of())
    done(await withdraw_all(world.of(), "all"))
    await said_yes(world.of(), HOBBY, device="noor-headset")
    assert done(await unlink(world.of(), "k", "noor-headset")).ended_sessions == 1


async def test_a_yes_bound_to_the_device_ends_with_it(world: World) -> None:
    await devices(world.of())
    await said_yes(world.of(assurance=1), HOBBY)
    assert done(await unlink(world.of(), "k", "noor-headset")).ended_sessions == 1
    await _again(world)
    assert await rung(world.of(), HOBBY) is Fidelity.NONE


async def test_on_the_device_itself_nobody_has_to_be_signed_in_to_unlink_it(world: World) -> None:
    await said_yes(world.of(), HOBBY, device="noor-headset")
    done(await link(world.of(), "l", PHONE))
    found = problem(await unlink(world.of(assurance=1), "other", "noor-phone"))
    assert found.kind is ProblemKind.STEP_UP_REQUIRED
    made = done(await unlink(world.of(assurance=0), "own", "noor-headset"))
    assert (made.ended_sessions, made.device.unlinked_at) == (1, NOON)
    await _again(world)
    assert await rung(world.of(), HOBBY) is Fidelity.NONE


async def test_linking_needs_a_signed_in_person(world: World) -> None:
    assert problem(await link(world.of(assurance=1), "k", PHONE)).kind is ProblemKind.STEP_UP_REQUIRED


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (LinkDevice("", "Mine", DeviceKind.PHONE, shared=False), "deviceId"),
        (LinkDevice("d" * (LONGEST_NAME + 1), "Mine", DeviceKind.PHONE, shared=False), "deviceId"),
        (LinkDevice("d", "", DeviceKind.PHONE, shared=False), "name"),
        (LinkDevice("d", "two\nlines", DeviceKind.PHONE, shared=False), "name"),
    ],
)
async def test_a_name_that_no_list_can_show_is_refused(world: World, asked: LinkDevice, field: str) -> None:
    found = problem(await link(world.of(), "k", asked))
    assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, "OUT_OF_BOUNDS", (field,))


async def test_the_longest_name_is_taken(world: World) -> None:
    name = "n" * LONGEST_NAME
    made = done(await link(world.of(), "k", LinkDevice(name, name, DeviceKind.PHONE, shared=False)))
    assert (made.device.id, made.device.name) == (name, name)


async def test_a_device_nobody_linked_cannot_be_unlinked(world: World) -> None:
    await devices(world.of(subject="jon", device="jon-phone"))
    for device in ("no-device", "jon-phone"):
        found = problem(await unlink(world.of(), device, device))
        assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, "UNKNOWN_DEVICE", ("deviceId",))


async def test_an_app_of_a_third_party_sees_the_device_it_runs_on_and_changes_none(world: World) -> None:
    done(await link(world.of(), "l", PHONE))
    studio = world.of(recipient=STUDIO)
    assert await devices(studio) == (HEADSET,)
    answers = [await link(studio, "k", PHONE), await unlink(studio, "j", "noor-headset")]
    assert [problem(one).code for one in answers] == ["FORBIDDEN_HERE"] * 2


async def test_of_somebody_erased_no_device_is_told_and_none_is_linked(world: World) -> None:
    await devices(world.of())
    base = (await world.store.snapshot("noor", world.of().parties)).own.revision
    await world.store.append(Change("noor", base, world.now, Command("erase", ""), standing=Standing.ERASED))
    assert await devices(world.of()) == ()
    assert problem(await link(world.of(), "k", PHONE)).code == "SUBJECT_ERASED"
