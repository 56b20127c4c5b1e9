"""Laws of the transforms, for every kind, rung and transform there is."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.catalogue import Attribute
from graph.fidelity import check_ladder, shown
from graph.fidelity.sorts import fits
from graph.fidelity.times import daypart, hour
from graph.fidelity.words import ancestor
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import CONTEXT, EVERY_SORT, VOCABULARIES, attribute, held_values

F, K = Fidelity, ValueKind
NUMBERS = st.floats(-1e9, 1e9)
STEPS = st.sampled_from([0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 1000])

SAID = {
    F.EFFECT_ONLY: {"effect"},
    F.PRESENCE: set[str](),
    F.CATEGORY: {"low", "high", "value"},
    F.COARSE: {"value"},
    F.PRECISE: {"value"},
}

# How long an example takes says more of the machine than of the law.
law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def sights(draw: st.DrawFn) -> tuple[Attribute, Held, Fidelity]:
    row = draw(st.sampled_from(EVERY_SORT))
    return row, draw(held_values(row)), draw(st.sampled_from(row.rungs[1:]))


def test_every_hand_made_ladder_holds() -> None:
    assert [check_ladder(row, VOCABULARIES) for row in EVERY_SORT] == [None] * len(EVERY_SORT)


@law
@given(sights())
def test_the_same_value_is_always_shown_the_same(sight: tuple[Attribute, Held, Fidelity]) -> None:
    row, held, fidelity = sight
    twice = [shown(row, held, fidelity, context=replace(CONTEXT)) for _ in range(2)]
    assert twice[0] == twice[1]


@law
@given(sights())
def test_an_answer_holds_what_its_rung_may_and_fits_the_attributes_kind(
    sight: tuple[Attribute, Held, Fidelity],
) -> None:
    row, held, fidelity = sight
    found = shown(row, held, fidelity, context=CONTEXT)
    said = {name for name in ("value", "low", "high", "effect") if getattr(found, name) is not None}
    assert found.fidelity is fidelity
    assert said <= SAID[fidelity]
    assert found.value is None or fits(row.kind, found.value)
    if fidelity is F.CATEGORY:
        assert ("value" in said) is False or row.kind not in (K.FLOAT, K.INT)


@law
@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=6, unique=True).map(sorted))
def test_a_band_contains_its_value_and_no_edge_within(held: float, edges: list[float]) -> None:
    row = attribute(K.FLOAT, {F.CATEGORY: {"transform": "band", "edges": edges}})
    found = shown(row, held, F.CATEGORY, context=CONTEXT)
    low = float("-inf") if found.low is None else found.low
    high = float("inf") if found.high is None else found.high
    assert low <= held < high
    assert not any(low < edge < high for edge in edges)


@law
@given(st.lists(NUMBERS, min_size=1, max_size=6, unique=True).map(sorted), NUMBERS, NUMBERS)
def test_values_of_one_band_cannot_be_told_apart(edges: list[float], one: float, other: float) -> None:
    row = attribute(K.FLOAT, {F.CATEGORY: {"transform": "band", "edges": edges}})
    same_band = not any(min(one, other) < edge <= max(one, other) for edge in edges)
    answers = [shown(row, held, F.CATEGORY, context=CONTEXT) for held in (one, other)]
    assert (answers[0] == answers[1]) is same_band


@law
@given(st.decimals(-10_000, 10_000, places=3), STEPS)
def test_rounding_stays_within_half_a_step_and_lands_on_one(held: object, step: float) -> None:
    row = attribute(K.FLOAT, {F.COARSE: {"transform": "round", "step": step}})
    found = shown(row, float(str(held)), F.COARSE, context=CONTEXT).value
    exact, landed, width = Fraction(str(held)), Fraction(repr(found)), Fraction(repr(step))
    assert (landed / width).denominator == 1
    assert -width / 2 < landed - exact <= width / 2


@law
@given(NUMBERS, STEPS)
def test_rounding_again_changes_nothing(held: float, step: float) -> None:
    row = attribute(K.FLOAT, {F.COARSE: {"transform": "round", "step": step}})
    once = shown(row, held, F.COARSE, context=CONTEXT).value
    assert isinstance(once, float)
    assert shown(row, once, F.COARSE, context=CONTEXT).value == once


@law
@given(st.integers(0, 24), st.integers(0, 59), st.integers(0, 59))
def test_times_of_one_hour_have_one_part_of_the_day(at: int, one: int, other: int) -> None:
    times = [f"{at:02}:{minute:02}" for minute in (one, other) if at < 24 or minute == 0]
    assert len({hour(time) for time in times}) <= 1
    assert len({daypart(time) for time in times}) <= 1


@pytest.mark.parametrize(("coarser", "finer"), [("region", "city"), ("country", "region"), ("continent", "country")])
@law
@given(st.sampled_from(["store-17", "Kassel", "Hesse", "DE", "AR", "Atlantis"]))
def test_a_coarser_place_follows_from_a_finer_one(coarser: str, finer: str, word: str) -> None:
    place = ancestor(word, finer, VOCABULARIES)
    if place is not None:
        assert ancestor(word, coarser, VOCABULARIES) == ancestor(place, coarser, VOCABULARIES)


@law
@given(st.lists(st.sampled_from(sorted(VOCABULARIES["parent"])), max_size=8))
def test_a_list_of_ancestors_tells_no_more_than_the_ancestors(words: list[str]) -> None:
    row = attribute(K.LIST, {F.CATEGORY: {"transform": "ancestor", "level": "parent"}})
    table = VOCABULARIES["parent"]
    stand_in = {parent: word for word, parent in table.items()}
    disguised = tuple(stand_in[table[word]] for word in words)
    plain = shown(row, tuple(words), F.CATEGORY, context=CONTEXT)
    assert plain == shown(row, disguised, F.CATEGORY, context=CONTEXT)
