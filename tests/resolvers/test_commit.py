"""How a change is made: once for each key, on what was read, again when somebody was faster."""

from datetime import timedelta

import pytest

from graph.errors import StoreUnavailable
from graph.terms import RecordKind
from resolvers.acts import Changed, ScopeAsked
from resolvers.commit import LONGEST_KEY, TRIES, kept, keyed, told_again
from resolvers.consent import withdraw, withdraw_all
from resolvers.problems import ProblemKind
from tests.support.worlds_acts import hurried
from tests.support.worlds_resolvers import DAY, PLAY, SIZE, World, done, problem

pytestmark = pytest.mark.anyio

INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize("key", ["", "k" * (LONGEST_KEY + 1), "one\ntwo"])
async def test_a_key_that_cannot_be_kept_is_refused(world: World, key: str) -> None:
    found = problem(await withdraw_all(world.of(), key))
    assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, "OUT_OF_BOUNDS", ("idempotencyKey",))
    assert await world.records() == ()


async def test_the_longest_key_is_kept(world: World) -> None:
    assert done(await withdraw_all(world.of(), "k" * LONGEST_KEY)).revision == "s1.d0"


async def test_the_same_key_and_input_get_the_same_answer_until_a_day_is_over(world: World) -> None:
    first = done(await withdraw(world.of(), "k", ScopeAsked(purpose=PLAY)))
    again = done(await withdraw(world.later(DAY - INSTANT).of(), "k", ScopeAsked(purpose=PLAY)))
    assert again == first
    anew = done(await withdraw(world.later(INSTANT).of(), "k", ScopeAsked(purpose=PLAY)))
    assert anew.receipt.id != first.receipt.id


async def test_the_same_key_with_another_input_is_refused_until_a_day_is_over(world: World) -> None:
    done(await withdraw(world.of(), "k", ScopeAsked(purpose=PLAY)))
    world.later(DAY - INSTANT)
    for again in (await withdraw(world.of(), "k", ScopeAsked(purpose=SIZE)), await withdraw_all(world.of(), "k")):
        found = problem(again)
        assert (found.kind, found.code) == (ProblemKind.INVALID_INPUT, "IDEMPOTENCY_KEY_REUSED")
        assert found.path == ("idempotencyKey",)
    assert [one.scope.purpose for one in await world.records()] == [PLAY]
    done(await withdraw(world.later(INSTANT).of(), "k", ScopeAsked(purpose=SIZE)))
    assert [one.scope.purpose for one in await world.records()] == [PLAY, SIZE]


async def test_the_same_key_of_somebody_else_or_of_another_app_is_another_key(world: World) -> None:
    mine = done(await withdraw_all(world.of(), "k"))
    hers = done(await withdraw_all(world.of(subject="jon", device=None), "k"))
    apps = done(await withdraw_all(world.of(recipient="studio"), "k"))
    assert len({mine.receipt.id, hers.receipt.id, apps.receipt.id}) == 3


async def test_an_act_that_somebody_overtook_is_computed_again_on_what_is_there_now(world: World) -> None:
    made = done(await withdraw_all(hurried(world.of(), TRIES - 1), "k"))
    assert made.revision == f"s{TRIES}.d0"
    assert [(one.kind, one.sequence) for one in await world.records()] == [(RecordKind.WITHDRAWN, TRIES)]


async def test_an_act_that_is_always_overtaken_gives_up_and_records_nothing(world: World) -> None:
    with pytest.raises(StoreUnavailable, match="same key"):
        await withdraw_all(hurried(world.of(), TRIES), "k")
    assert await world.records() == ()


async def test_a_key_tells_who_used_it_only_in_her_own_tree(world: World) -> None:
    key = keyed(world.of(), "my key", "withdraw")
    own, other = key.command("noor"), key.command("noor-headset")
    assert own.key == "act:app:my key"
    assert other.key.startswith("for:")
    assert not any(word in other.key for word in ("noor", "app", "my key"))
    assert own.fingerprint == other.fingerprint


async def test_an_answer_is_told_again_as_it_was(world: World) -> None:
    made = done(await withdraw_all(world.of(), "k"))
    assert told_again(kept(made), Changed) == made
