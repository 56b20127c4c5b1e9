"""Values on their way in: all or none are well formed, each is stored only as far as consent lets in, and each ends."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from graph.catalogue import Source
from graph.decision.explain import Told
from graph.incoming import Given
from graph.records import Subject, Value
from graph.store import Change, Command, Store
from graph.terms import (
    AgeBand,
    Basis,
    Level,
    NextActionKind,
    Operation,
    Origin,
    Reason,
    Sensitivity,
    Standing,
    ValueKind,
)
from resolvers.acts import GivenValue, ScopeAsked, ValuesRecorded, WithheldKey
from resolvers.consent import set_level, withdraw
from resolvers.context import Context
from resolvers.problems import Problem, ProblemKind
from resolvers.values import CLOCK_AHEAD, record_values
from tests.support.worlds_resolvers import (
    APP,
    DAY,
    GUESS,
    HEIGHT,
    HOBBY,
    NOON,
    NOTE,
    PLAY,
    REGISTER,
    SIZE,
    STUDIO,
    TABLES,
    TURNING,
    World,
    attribute,
    done,
    problem,
    row,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

SNAP = GivenValue(TURNING, Given(string="snap"))
TALL = GivenValue(HEIGHT, Given(float_=172.4))
CHESS = GivenValue(HOBBY, Given(string_list=("chess",)))
INSTANT = timedelta(microseconds=1)
INVALID = ProblemKind.INVALID_INPUT
MISSING = Told((Reason.CONSENT_MISSING,), NextActionKind.ASK_CONSENT)


async def _recorded(world: World, *values: GivenValue, **more: Any) -> ValuesRecorded | Problem:
    context = world.of(**more.pop("caller", {}))
    return await record_values(context, more.get("key", "k"), more.get("purpose", PLAY), values)


async def _held(world: World) -> tuple[Value, ...]:
    return await world.store.held("noor")


async def _collecting(world: World) -> World:
    """Let the app collect hobbies and bodies on a contract, with the notice served."""
    collecting = [
        *(one for one in REGISTER if one.operation is Operation.COLLECT),
        row(APP, PLAY, "guess", Operation.COLLECT),
    ]
    others = [one for one in REGISTER if one.operation is not Operation.COLLECT]
    here = world.changed(register=(*others, *(replace(one, basis=Basis.CONTRACT) for one in collecting)))
    await shown(here.of(), HOBBY)
    return here


async def test_a_value_is_stored_with_where_it_came_from(world: World) -> None:
    await shown(world.of(), TURNING)
    seen = replace(SNAP, observed_at=NOON - DAY)
    assert done(await _recorded(world, seen)) == ValuesRecorded((TURNING,))
    assert await _held(world) == (
        Value(TURNING, "snap", NOON, PLAY, None, NOON - DAY, "noor-headset", (), input_revision=1),
    )


async def test_storing_a_value_is_no_change_of_consent(world: World) -> None:
    await shown(world.of(), TURNING)
    done(await _recorded(world, SNAP))
    assert (await world.store.snapshot("noor", world.of().parties)).revision == "s1.d0"


async def test_what_consent_does_not_let_in_is_told_and_the_rest_is_stored(world: World) -> None:
    await shown(world.of(), TURNING)
    made = done(await _recorded(world, CHESS, SNAP))
    assert made == ValuesRecorded((TURNING,), (WithheldKey(HOBBY, MISSING),))
    assert [one.key for one in await _held(world)] == [TURNING]


async def test_what_is_let_in_less_far_than_the_value_itself_is_not_stored(world: World) -> None:
    here = await _collecting(world)
    made = done(await _recorded(here, TALL))
    assert made.keys == (HEIGHT,)
    watched = replace(TABLES.attributes[2], key="comfort.sway", intrusion=4)
    deeper = here.changed(attributes=(*TABLES.attributes, watched))
    made = done(await _recorded(deeper, GivenValue("comfort.sway", Given(string="much")), key="sway"))
    too_low = Told((Reason.LEVEL_TOO_LOW,), NextActionKind.RAISE_LEVEL)
    assert made == ValuesRecorded((), (WithheldKey("comfort.sway", too_low),))


async def test_what_nothing_is_let_in_of_leaves_the_store_as_it_was_and_the_answer_stands(world: World) -> None:
    first = done(await _recorded(world, CHESS))
    assert first == ValuesRecorded((), (WithheldKey(HOBBY, MISSING),))
    await _collecting(world)
    assert done(await _recorded(world, CHESS)) == first
    assert await _held(world) == ()


async def test_where_a_value_may_go_out_has_no_say_in_whether_it_may_come_in(world: World) -> None:
    here = await _collecting(world)
    made = done(await _recorded(here, TALL, caller={"device": "unlinked", "assurance": 0, "attested": False}))
    assert made == ValuesRecorded((HEIGHT,))


async def test_a_value_is_taken_where_it_is_observed_and_not_where_it_is_shown(world: World) -> None:
    watched = replace(TABLES.attributes[2], channels=frozenset({"tv"}), observed_on=frozenset({"headset"}))
    here = world.changed(attributes=(*TABLES.attributes[:2], watched, *TABLES.attributes[3:]))
    await shown(here.of(), HOBBY)
    assert done(await _recorded(here, SNAP)).keys == (TURNING,)
    (left,) = done(await _recorded(here, SNAP, key="tv", caller={"channel": "tv"})).not_recorded
    assert left == WithheldKey(TURNING, Told((Reason.NOT_FOR_THIS_PURPOSE,), None))


async def test_what_is_inferred_comes_in_with_consent_to_infer_it_from_its_sources(world: World) -> None:
    here = await _collecting(world)
    done(await set_level(here.of(), "level", None, Level.INFERRED))
    guess = GivenValue(GUESS, Given(string="likes chess"), sources=(HOBBY,))
    (left,) = done(await _recorded(here, guess)).not_recorded
    assert left == WithheldKey(GUESS, Told((Reason.SOURCE_WITHHELD,), NextActionKind.ASK_CONSENT))
    await said_yes(here.of(), GUESS)
    assert done(await _recorded(here, guess, key="again")).keys == (GUESS,)
    assert [one.sources for one in await _held(here)] == [(HOBBY,)]


@pytest.mark.parametrize("sources", [(), (HOBBY,), (HOBBY, HEIGHT), (HEIGHT, HOBBY)])
async def test_the_sources_that_are_stated_are_those_of_the_catalogue(world: World, sources: tuple[str, ...]) -> None:
    here = await _made_of_two(world)
    done(await _recorded(here, GivenValue("made", Given(string="x"), sources=sources)))


@pytest.mark.parametrize("sources", [(HOBBY, HEIGHT, NOTE), (NOTE,), ("no.such",), ("made",)])
async def test_other_sources_than_those_of_the_catalogue_are_refused(world: World, sources: tuple[str, ...]) -> None:
    here = await _made_of_two(world)
    found = problem(await _recorded(here, SNAP, GivenValue("made", Given(string="x"), sources=sources)))
    assert (found.kind, found.code, found.path) == (INVALID, "SOURCE_UNKNOWN", ("values", "1", "sources"))
    assert await _held(here) == ()
    assert problem(await _recorded(here, replace(CHESS, sources=(HEIGHT,)))).code == "SOURCE_UNKNOWN", "said by herself"


async def _made_of_two(world: World) -> World:
    made = attribute(
        "made", "guess", Sensitivity.S2, origin=Origin.DERIVED, intrusion=4, sources=(Source(HOBBY), Source(HEIGHT))
    )
    return world.changed(attributes=(*TABLES.attributes, made))


@pytest.mark.parametrize(
    ("bad", "code", "field"),
    [
        (GivenValue(HEIGHT, Given(float_=20.0)), "OUT_OF_BOUNDS", ("float",)),
        (GivenValue(HEIGHT, Given(int_=900)), "OUT_OF_BOUNDS", ("int",)),
        (GivenValue(HEIGHT, Given(string="tall")), "WRONG_KIND", ("string",)),
        (GivenValue(HEIGHT, Given(boolean=True)), "WRONG_KIND", ("boolean",)),
        (GivenValue(HEIGHT, Given(float_list=(1.0, 2.0))), "WRONG_KIND", ("floatList",)),
        (GivenValue(HEIGHT, Given(string_list=("tall",))), "WRONG_KIND", ("stringList",)),
        (GivenValue(HEIGHT, Given(int_=170, float_=170.0)), "WRONG_KIND", ()),
        (GivenValue(HEIGHT, Given()), "WRONG_KIND", ()),
        (GivenValue("no.such", Given(string="x")), "UNKNOWN_KEY", ("key",)),
        (GivenValue("gaze.stream", Given(string="x")), "RAW_SENSOR", ("key",)),
        (GivenValue("friend.name", Given(string="Kim")), "BYSTANDER", ("key",)),
        (SNAP, "DUPLICATE_KEY", ("key",)),
        (replace(TALL, observed_at=NOON + CLOCK_AHEAD + INSTANT), "OBSERVED_IN_THE_FUTURE", ("observedAt",)),
    ],
)
async def test_one_bad_value_refuses_them_all_with_its_path(
    world: World, bad: GivenValue, code: str, field: tuple[str, ...]
) -> None:
    await shown(world.of(), TURNING)
    found = problem(await _recorded(world, SNAP, bad))
    assert (found.kind, found.code, found.path) == (INVALID, code, ("values", "1", *field))
    assert await _held(world) == ()


async def test_the_message_about_a_bad_value_does_not_repeat_it(world: World) -> None:
    found = problem(await _recorded(world, GivenValue(HEIGHT, Given(float_=1234.5))))
    assert "1234" not in found.message


@pytest.mark.parametrize("ahead", [timedelta(), CLOCK_AHEAD])
async def test_a_device_whose_clock_is_a_little_ahead_observed_now(world: World, ahead: timedelta) -> None:
    await shown(world.of(), TURNING)
    assert done(await _recorded(world, replace(SNAP, observed_at=NOON + ahead))).keys == (TURNING,)
    assert [one.observed_at for one in await _held(world)] == [NOON]


@pytest.mark.parametrize("purpose", ["play", "no.such", ""])
async def test_values_are_for_a_leaf_purpose(world: World, purpose: str) -> None:
    found = problem(await _recorded(world, SNAP, purpose=purpose))
    assert (found.kind, found.code, found.path) == (INVALID, "UNKNOWN_PURPOSE", ("purpose",))


async def test_no_value_at_all_is_told_so(world: World) -> None:
    found = problem(await _recorded(world))
    assert (found.code, found.path) == ("NOTHING_CHOSEN", ("values",))


async def test_a_node_takes_no_value(world: World) -> None:
    node = replace(TABLES.attributes[0], key="a.node", kind=ValueKind.NODE)
    here = world.changed(attributes=(*TABLES.attributes, node))
    found = problem(await _recorded(here, GivenValue("a.node", Given(string="x"))))
    assert (found.code, found.path) == ("UNKNOWN_KEY", ("values", "0", "key"))


@pytest.mark.parametrize(("purpose", "days"), [(PLAY, 7), (SIZE, 30)])
async def test_a_value_ends_at_the_shortest_retention_of_its_purpose(world: World, purpose: str, days: int) -> None:
    here = await _collecting(world)
    done(await _recorded(here, CHESS, purpose=purpose))
    (value,) = await _held(here)
    assert value.expires_at == NOON + days * DAY
    known = await here.store.snapshot("noor", here.of().parties)
    last = await here.store.values(known, (HOBBY,), NOON + days * DAY - INSTANT)
    over = await here.store.values(known, (HOBBY,), NOON + days * DAY)
    assert (set(last.values), set(over.values)) == ({HOBBY}, set())


async def test_a_value_without_a_retention_does_not_end(world: World) -> None:
    here = await _collecting(world)
    done(await _recorded(here, TALL))
    assert [one.expires_at for one in await _held(here)] == [None]


async def test_values_are_stored_once_under_their_key(world: World) -> None:
    here = await _collecting(world)
    first = done(await _recorded(here, TALL))
    done(await _recorded(here, replace(TALL, given=Given(float_=180.0)), key="newer"))
    assert done(await _recorded(here, TALL)) == first
    assert [one.held for one in await _held(here)] == [180.0]
    reused = problem(await _recorded(here, replace(TALL, given=Given(float_=160.0))))
    assert reused.code == "IDEMPOTENCY_KEY_REUSED"


async def test_a_value_is_decided_on_again_when_consent_changed_meanwhile(world: World) -> None:
    here = await _collecting(world)
    narrowed = set_level(here.of(), "off", None, Level.OFF)
    made = done(await record_values(_overtaken(here, narrowed), "k", PLAY, (TALL,)))
    assert [(one.key, one.told.reasons) for one in made.not_recorded] == [(HEIGHT, (Reason.LEVEL_TOO_LOW,))]
    assert await _held(here) == ()


def _overtaken(world: World, act: Awaitable[Any]) -> Context:
    """Return a context whose store sees another act done just before the first value is put."""

    class Overtaken:
        pending: Awaitable[Any] | None = act

        def __getattr__(self, name: str) -> Any:
            return getattr(world.store, name)

        async def put(self, *args: Any, **more: Any) -> Any:
            if self.pending is not None:
                overtaking, self.pending = self.pending, None
                done(await overtaking)
            return await world.store.put(*args, **more)

    return replace(world.of(), store=cast(Store, Overtaken()))


async def test_an_app_of_a_third_party_is_told_that_consent_is_missing(world: World) -> None:
    here = world.changed(register=(*REGISTER, row(STUDIO, PLAY, "hobby", Operation.COLLECT)))
    done(await withdraw(here.of(), "no", ScopeAsked(category="hobby")))
    made = done(await _recorded(here, CHESS, caller={"recipient": STUDIO}))
    assert made.not_recorded == (WithheldKey(HOBBY, MISSING),)


@pytest.mark.parametrize("standing", [Standing.RESTRICTED, Standing.ERASED])
async def test_about_somebody_restricted_or_erased_nothing_is_stored(world: World, standing: Standing) -> None:
    await world.open(Subject("noor", age_band=AgeBand.ADULT, jurisdictions=("XX",)))
    await world.store.append(Change("noor", 0, world.now, Command("standing", ""), standing=standing))
    (left,) = done(await _recorded(world, SNAP)).not_recorded
    assert left.told.reasons[0] is Reason.SUBJECT_RESTRICTED
