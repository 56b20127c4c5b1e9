"""How far personalization may go: set by the person, on one channel or on all; it caps and never grants."""

import pytest

from graph.records import Subject
from graph.store import Change, Command
from graph.terms import AgeBand, Fidelity, Level, Reason, Standing
from resolvers.acts import BoundTo
from resolvers.consent import set_level
from resolvers.context import Rules
from resolvers.problems import ProblemKind
from tests.support.worlds_acts import hurried, rung, why
from tests.support.worlds_resolvers import GUESS, HOBBY, STUDIO, TURNING, World, done, problem, said_yes

pytestmark = pytest.mark.anyio

PHONE = {"channel": "phone", "device": "noor-phone"}


async def test_a_level_narrows_everything_above_it_and_nothing_below(world: World) -> None:
    await said_yes(world.of(), HOBBY, GUESS)
    answer = done(await set_level(world.of(), "k", None, Level.DECLARED))
    assert (answer.revision, answer.bound_to) == ("s3.d0", BoundTo.SUBJECT)
    assert [await rung(world.of(), key) for key in (HOBBY, GUESS)] == [Fidelity.PRECISE, Fidelity.NONE]
    assert (await why(world.of(), GUESS)).reasons == (Reason.LEVEL_TOO_LOW,)


async def test_a_level_grants_nothing(world: World) -> None:
    done(await set_level(world.of(), "k", None, Level.PREDICTIVE))
    assert (await why(world.of(), HOBBY)).reasons == (Reason.CONSENT_MISSING,)


async def test_a_level_for_one_channel_holds_there_and_the_one_for_all_elsewhere(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    done(await set_level(world.of(), "all", None, Level.DECLARED))
    done(await set_level(world.of(), "here", "headset", Level.OFF))
    assert await rung(world.of(), HOBBY) is Fidelity.NONE
    assert await rung(world.of(**PHONE), HOBBY) is Fidelity.PRECISE


async def test_the_effect_of_a_safety_setting_is_under_no_level(world: World) -> None:
    await said_yes(world.of(), TURNING)
    done(await set_level(world.of(), "k", None, Level.OFF))
    assert await rung(world.of(), TURNING) is Fidelity.EFFECT_ONLY


async def test_the_same_level_again_answers_the_same_revision(world: World) -> None:
    first = done(await set_level(world.of(), "one", "phone", Level.OFF))
    again = done(await set_level(world.of(), "two", "phone", Level.OFF))
    assert again.revision == first.revision == "s1.d0"
    assert again.receipt.id != first.receipt.id


async def test_the_same_level_for_one_channel_is_set_though_the_one_for_all_is_the_same(world: World) -> None:
    done(await set_level(world.of(), "one", None, Level.OFF))
    assert done(await set_level(world.of(), "two", "phone", Level.OFF)).revision == "s2.d0"


async def test_a_level_under_the_same_key_is_set_once(world: World) -> None:
    first = done(await set_level(world.of(), "k", None, Level.OFF))
    done(await set_level(world.of(), "another", None, Level.INFERRED))
    assert done(await set_level(world.of(), "k", None, Level.OFF)) == first
    assert (await world.store.snapshot("noor", world.of().parties)).subject.level("phone") is Level.INFERRED
    assert problem(await set_level(world.of(), "k", None, Level.INFERRED)).code == "IDEMPOTENCY_KEY_REUSED"


async def test_a_level_is_set_on_what_is_there_when_somebody_was_faster(world: World) -> None:
    assert done(await set_level(hurried(world.of(), 1), "k", "phone", Level.OFF)).revision == "s2.d0"


@pytest.mark.parametrize(("now", "asked"), [(None, Level.DECLARED), (Level.OBSERVED, Level.OBSERVED)])
async def test_a_device_alone_may_lower_the_level_for_the_whole_person(
    world: World, now: Level | None, asked: Level
) -> None:
    if now is not None:
        done(await set_level(world.of(), "before", None, now))
    answer = done(await set_level(world.of(assurance=1), "k", None, asked))
    assert answer.bound_to is BoundTo.SUBJECT


@pytest.mark.parametrize(("now", "asked"), [(None, Level.OBSERVED), (Level.CONTEXTUAL, Level.DECLARED)])
async def test_a_device_alone_raises_no_level(world: World, now: Level | None, asked: Level) -> None:
    if now is not None:
        done(await set_level(world.of(), "before", None, now))
    device = world.context(world.caller(assurance=1), rules=Rules(step_up_url="https://sign.in/"))
    found = problem(await set_level(device, "k", None, asked))
    assert (found.kind, found.url) == (ProblemKind.STEP_UP_REQUIRED, "https://sign.in/")


async def test_a_channel_that_is_unknown_is_refused(world: World) -> None:
    found = problem(await set_level(world.of(), "k", "nowhere", Level.OFF))
    assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, "UNKNOWN_CHANNEL", ("channel",))


async def test_an_app_of_a_third_party_sets_no_level(world: World) -> None:
    found = problem(await set_level(world.of(recipient=STUDIO), "k", None, Level.OFF))
    assert (found.kind, found.code) == (ProblemKind.INVALID_INPUT, "FORBIDDEN_HERE")


async def test_nothing_is_set_for_somebody_who_was_erased(world: World) -> None:
    await world.open(Subject("noor", age_band=AgeBand.ADULT, jurisdictions=("XX",)))
    await world.store.append(Change("noor", 0, world.now, Command("erase", ""), standing=Standing.ERASED))
    assert problem(await set_level(world.of(), "k", None, Level.OFF)).code == "SUBJECT_ERASED"
