"""Scopes as a client writes them: what is unknown or somebody else's is told by its path; and when two of them meet."""

import pytest

from graph.records import Scope
from graph.terms import DeviceKind, Operation
from resolvers.acts import BoundTo, ScopeAsked
from resolvers.consent import withdraw
from resolvers.devices import LinkDevice, link, unlink
from resolvers.problems import ProblemKind
from resolvers.scopes import overlap
from tests.support.worlds_governance import OFFICE_TABLES, office
from tests.support.worlds_resolvers import APP, HOBBY, PLAY, SIZE, STUDIO, SUNRISE, World, done, problem, shown

pytestmark = pytest.mark.anyio

USE, SELL = frozenset({Operation.USE}), frozenset({Operation.SELL})


async def _linked(world: World, device: str) -> None:
    done(await link(world.of(), f"link {device}", LinkDevice(device, "Mine", DeviceKind.PHONE, shared=False)))


async def test_a_scope_is_recorded_as_it_was_asked(world: World) -> None:
    await _linked(world, "noor-phone")
    asked = ScopeAsked("play", "body.height", SUNRISE, "phone", "noor-phone", (Operation.SELL, Operation.USE))
    done(await withdraw(world.of(), "k", asked))
    assert (await world.records())[-1].scope == Scope(
        "play", "body.height", SUNRISE, channel="phone", device="noor-phone", operations=USE | SELL
    )


async def test_an_absent_dimension_is_all_of_it(world: World) -> None:
    done(await withdraw(world.of(), "k", ScopeAsked()))
    assert (await world.records())[-1].scope == Scope()


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (ScopeAsked(purpose="nowhere"), "UNKNOWN_PURPOSE", "purpose"),
        (ScopeAsked(category="nothing"), "UNKNOWN_CATEGORY", "category"),
        (ScopeAsked(channel="pigeon"), "UNKNOWN_CHANNEL", "channel"),
        (ScopeAsked(recipient="nobody"), "UNKNOWN_RECIPIENT", "recipientId"),
        (ScopeAsked(device="no-device"), "UNKNOWN_DEVICE", "deviceId"),
        (ScopeAsked(operations=()), "NOTHING_CHOSEN", "operations"),
    ],
)
async def test_what_is_unknown_is_told_by_its_path_and_nothing_is_recorded(
    world: World, asked: ScopeAsked, code: str, field: str
) -> None:
    found = problem(await withdraw(world.of(), "k", asked))
    assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, code, ("scope", field))
    assert await world.records() == ()


async def test_a_no_for_ones_own_device_needs_no_list(world: World) -> None:
    made = done(await withdraw(world.of(device="kiosk", assurance=0), "k", ScopeAsked(device="kiosk")))
    assert made.bound_to is BoundTo.DEVICE


async def test_a_device_that_was_unlinked_may_still_be_named(world: World) -> None:
    await _linked(world, "noor-phone")
    done(await unlink(world.of(), "k", "noor-phone"))
    done(await withdraw(world.of(), "no", ScopeAsked(device="noor-phone")))


async def test_below_sign_in_a_no_for_another_device_would_bind_nothing_and_is_told_so(world: World) -> None:
    await _linked(world, "noor-phone")
    found = problem(await withdraw(world.of(assurance=1), "k", ScopeAsked(device="noor-phone")))
    assert (found.code, found.path) == ("DEVICE_FOREIGN", ("scope", "deviceId"))
    by_mail = world.of(channel="mail", device=None, assurance=1)
    assert done(await withdraw(by_mail, "k", ScopeAsked(device="noor-phone"))).bound_to is BoundTo.SUBJECT


async def test_an_app_of_a_third_party_speaks_of_itself_and_of_the_device_it_runs_on(world: World) -> None:
    await _linked(world, "noor-phone")
    studio = world.of(recipient=STUDIO)
    for key, asked in (("none", ScopeAsked()), ("own", ScopeAsked(recipient=STUDIO, device="noor-headset"))):
        done(await withdraw(studio, key, asked))
    assert {one.scope.recipient for one in await world.records()} == {STUDIO}
    for recipient in (APP, "nobody"):
        found = problem(await withdraw(studio, recipient, ScopeAsked(recipient=recipient)))
        assert (found.code, found.path) == ("RECIPIENT_FOREIGN", ("scope", "recipientId"))
    found = problem(await withdraw(studio, "device", ScopeAsked(device="noor-phone")))
    assert (found.code, found.path) == ("UNKNOWN_DEVICE", ("scope", "deviceId"))


MEETING = [
    (Scope(), Scope(), True),
    (Scope(operations=USE), Scope(operations=SELL), False),
    (Scope(operations=USE), Scope(operations=USE | SELL), True),
    (Scope(channel="tv"), Scope(channel="phone"), False),
    (Scope(channel="tv"), Scope(device="d"), True),
    (Scope(device="d"), Scope(device="e"), False),
    (Scope(session="s"), Scope(session="t"), False),
    (Scope(recipient=APP), Scope(recipient=STUDIO), False),
    (Scope(group="shops"), Scope(group="ad_group"), False),
    (Scope(group="shops"), Scope(recipient="mart"), True),
    (Scope(group="shops"), Scope(recipient=SUNRISE), False),
    (Scope(group="shops"), Scope(recipient=APP), False),
    (Scope(PLAY), Scope("play"), True),
    (Scope("play"), Scope(PLAY), True),
    (Scope(PLAY), Scope(SIZE), False),
    (Scope(category="body"), Scope(category="body.height"), True),
    (Scope(category="body"), Scope(category="hobby"), False),
    (Scope(PLAY, "hobby"), Scope(category="hobby", device="d"), True),
]


@pytest.mark.parametrize(("one", "other", "meets"), MEETING)
async def test_two_scopes_meet_where_some_cell_is_within_both(
    world: World, one: Scope, other: Scope, *, meets: bool
) -> None:
    trees = office(world.store, tables=OFFICE_TABLES).catalogue.trees
    assert (overlap(one, other, trees), overlap(other, one, trees)) == (meets, meets)
    assert (await shown(world.of(), HOBBY)).cells
