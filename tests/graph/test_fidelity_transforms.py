"""Effects, bands, rounding, groups and first items at their boundaries."""

import pytest

from graph.fidelity import Shown, shown
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import CONTEXT, attribute

F, K = Fidelity, ValueKind


def effect(kind: ValueKind, held: Held, **rung: object) -> bool | None:
    return shown(attribute(kind, {F.EFFECT_ONLY: rung}), held, F.EFFECT_ONLY, context=CONTEXT).effect


@pytest.mark.parametrize(
    ("held", "low", "high"),
    [
        (-1.0, None, 0.0),
        (0.0, 0.0, 0.34),
        (0.33999999999999997, 0.0, 0.34),
        (0.34, 0.34, 0.67),
        (0.67, 0.67, None),
        (99, 0.67, None),
    ],
)
def test_a_band_begins_at_its_edge_and_ends_before_the_next(held: float, low: float | None, high: float | None) -> None:
    rung = {"transform": "band", "edges": [0, 0.34, 0.67]}
    found = shown(attribute(K.FLOAT, {F.CATEGORY: rung}), held, F.CATEGORY, context=CONTEXT)
    assert found == Shown(F.CATEGORY, low=low, high=high)


@pytest.mark.parametrize(
    ("held", "step", "expected"),
    [
        (172.5, 5, 175.0),
        (172.4, 5, 170.0),
        (172.49999999999997, 5, 170.0),
        (-172.5, 5, -170.0),
        (-172.6, 5, -175.0),
        (-2.5, 5, 0.0),
        (0.125, 0.05, 0.15),
        (1.005, 0.01, 1.01),
        (0.15, 0.1, 0.2),
        (0.35, 0.1, 0.4),
        (2.675, 0.01, 2.68),
        (0.3, 0.1, 0.3),
        (172, 0.3, 171.9),
        (1e16, 0.05, 1e16),
        (0.0, 5, 0.0),
    ],
)
def test_rounding_is_to_the_nearest_step_with_halves_up_as_the_decimals_read(
    held: float, step: float, expected: float
) -> None:
    rung = {"transform": "round", "step": step}
    found = shown(attribute(K.FLOAT, {F.COARSE: rung}), held, F.COARSE, context=CONTEXT)
    assert found == Shown(F.COARSE, value=expected)


@pytest.mark.parametrize(("held", "expected"), [(22, 15), (23, 30), (-7, 0), (-8, -15), (90, 90)])
def test_a_whole_number_stays_whole(held: int, expected: int) -> None:
    rung = {"transform": "round", "step": 15}
    found = shown(attribute(K.INT, {F.COARSE: rung}), held, F.COARSE, context=CONTEXT).value
    assert found == expected
    assert type(found) is int


def test_a_step_on_three_numbers_rounds_each() -> None:
    rung = {"transform": "round", "step": 0.05}
    found = shown(attribute(K.VEC3, {F.COARSE: rung}), (1.024, 1.025, -1.0), F.COARSE, context=CONTEXT)
    assert found == Shown(F.COARSE, value=(1.0, 1.05, -1.0))


@pytest.mark.parametrize(
    ("kind", "held", "op", "value", "expected"),
    [
        (K.ENUM, "smooth", "in", ["smooth", "both"], True),
        (K.ENUM, "teleport", "in", ["smooth", "both"], False),
        (K.BOOLEAN, True, "eq", True, True),
        (K.BOOLEAN, False, "eq", True, False),
        (K.INT, 1, "eq", True, False),
        (K.STRING, "default", "eq", "default", True),
        (K.ENUM, "off", "ne", "off", False),
        (K.ENUM, "on", "ne", "off", True),
        (K.FLOAT, 0.0, "ne", 0, False),
        (K.FLOAT, 240.0, "lt", 240, False),
        (K.INT, 239, "lt", 240, True),
        (K.INT, 240, "le", 240, True),
        (K.INT, 241, "le", 240, False),
        (K.FLOAT, 0.0, "gt", 0, False),
        (K.FLOAT, 0.1, "gt", 0, True),
        (K.INT, 800, "ge", 800, True),
        (K.INT, 799, "ge", 800, False),
    ],
)
def test_an_effect_compares_the_value(kind: ValueKind, held: Held, op: str, value: object, expected: bool) -> None:
    assert effect(kind, held, op=op, value=value) is expected


@pytest.mark.parametrize(
    ("kind", "held", "op", "expected"),
    [
        (K.LIST, (), "non_empty", False),
        (K.LIST, ("nuts",), "non_empty", True),
        (K.STRING, "", "non_empty", False),
        (K.STRING, "they", "held", True),
        (K.BOOLEAN, False, "held", True),
    ],
)
def test_an_effect_asks_whether_there_is_anything(kind: ValueKind, held: Held, op: str, expected: bool) -> None:
    assert effect(kind, held, op=op) is expected


def test_a_group_names_the_group_of_a_word_and_the_distinct_groups_of_a_list() -> None:
    rung = {"transform": "group", "map": {"seated": "low", "lying": "low", "standing": "high"}}
    word = shown(attribute(K.ENUM, {F.CATEGORY: rung}), "lying", F.CATEGORY, context=CONTEXT)
    words = ("standing", "seated", "flying", "lying")
    listed = shown(attribute(K.LIST, {F.CATEGORY: rung}), words, F.CATEGORY, context=CONTEXT)
    assert word == Shown(F.CATEGORY, value="low")
    assert listed == Shown(F.CATEGORY, value=("high", "low"))


def test_top_k_keeps_the_first_in_the_subjects_own_order() -> None:
    rung = {"transform": "top_k", "k": 2}
    found = shown(attribute(K.LIST, {F.COARSE: rung}), ("b", "a", "c"), F.COARSE, context=CONTEXT)
    assert found == Shown(F.COARSE, value=("b", "a"))
