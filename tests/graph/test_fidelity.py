"""What an answer holds at each rung."""

import pytest

from graph.fidelity import Shown, shown
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import CONTEXT, attribute

F, K = Fidelity, ValueKind

HEIGHT = attribute(
    K.FLOAT,
    {
        F.EFFECT_ONLY: {"op": "ge", "value": 150},
        F.PRESENCE: {},
        F.CATEGORY: {"transform": "band", "edges": [150, 160]},
        F.COARSE: {"transform": "round", "step": 5},
        F.NOISED: {"mechanism": "bounded_laplace"},
    },
)


@pytest.mark.parametrize(
    ("fidelity", "expected"),
    [
        (F.EFFECT_ONLY, Shown(F.EFFECT_ONLY, effect=True)),
        (F.PRESENCE, Shown(F.PRESENCE)),
        (F.CATEGORY, Shown(F.CATEGORY, low=150.0, high=160.0)),
        (F.COARSE, Shown(F.COARSE, value=155.0)),
        (F.PRECISE, Shown(F.PRECISE, value=152.5)),
    ],
)
def test_each_rung_holds_its_own_and_nothing_else(fidelity: Fidelity, expected: Shown) -> None:
    assert shown(HEIGHT, 152.5, fidelity, context=CONTEXT) == expected


@pytest.mark.parametrize("fidelity", [F.NONE, F.NOISED])
def test_nothing_is_shown_at_none_nor_at_noised(fidelity: Fidelity) -> None:
    with pytest.raises(ValueError, match="is not shown at"):
        shown(HEIGHT, 152.5, fidelity, context=CONTEXT)


def test_nothing_is_shown_at_a_rung_the_attribute_has_not() -> None:
    with pytest.raises(ValueError, match="`COARSE`"):
        shown(attribute(K.FLOAT), 152.5, F.COARSE, context=CONTEXT)


def test_a_complaint_never_quotes_the_value() -> None:
    with pytest.raises(ValueError, match="thing") as found:
        shown(attribute(K.STRING), "Noor", F.COARSE, context=CONTEXT)
    assert "Noor" not in str(found.value)


def test_a_shown_value_does_not_print_itself() -> None:
    assert "152.5" not in repr(shown(HEIGHT, 152.5, F.PRECISE, context=CONTEXT))


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        (K.FLOAT, "tall"),
        (K.FLOAT, True),
        (K.FLOAT, float("nan")),
        (K.FLOAT, float("inf")),
        (K.INT, 1.5),
        (K.INT, True),
        (K.INT, 2**31),
        (K.INT, -(2**31) - 1),
        (K.BOOLEAN, 1),
        (K.STRING, 1),
        (K.ENUM, ("left",)),
        (K.TIMESTAMP, 1),
        (K.LIST, "left"),
        (K.LIST, (1.0, 2.0)),
        (K.VEC3, (1.0, 2.0)),
        (K.VEC3, "abc"),
        (K.VEC3, ("a", "b", "c")),
        (K.NODE, "left"),
    ],
)
def test_a_value_stored_before_its_kind_changed_is_not_said(kind: ValueKind, held: Held) -> None:
    assert shown(attribute(kind), held, F.PRECISE, context=CONTEXT) == Shown(F.PRECISE)


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        (K.FLOAT, 172),
        (K.INT, 2**31 - 1),
        (K.INT, -(2**31)),
        (K.LIST, ()),
        (K.VEC3, (1.0, 2.0, 3.0)),
        (K.BOOLEAN, False),
    ],
)
def test_precise_is_the_stored_value(kind: ValueKind, held: Held) -> None:
    assert shown(attribute(kind), held, F.PRECISE, context=CONTEXT) == Shown(F.PRECISE, value=held)


@pytest.mark.parametrize(
    ("kind", "fidelity", "rung", "held"),
    [
        (K.FLOAT, F.CATEGORY, {}, 1.5),
        (K.FLOAT, F.CATEGORY, {"transform": "round", "step": 1}, 1.5),
        (K.FLOAT, F.COARSE, {}, 1.5),
        (K.FLOAT, F.COARSE, {"transform": "round"}, 1.5),
        (K.FLOAT, F.COARSE, {"transform": "round", "step": 0}, 1.5),
        (K.FLOAT, F.COARSE, {"transform": "truncate", "to": "hour"}, 1.5),
        (K.FLOAT, F.EFFECT_ONLY, {}, 1.5),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "non_empty"}, 1.5),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "lt", "value": "2"}, 1.5),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "in", "value": 2}, 1.5),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "like", "value": 2}, 1.5),
        (K.STRING, F.EFFECT_ONLY, {"op": "lt", "value": 2}, "1.5"),
        (K.STRING, F.COARSE, {"transform": "round", "step": 1}, "1.5"),
        (K.STRING, F.CATEGORY, {"transform": "group"}, "1.5"),
        (K.STRING, F.CATEGORY, {"transform": "group", "map": {"1.5": 3}}, "1.5"),
        (K.STRING, F.CATEGORY, {"transform": "ancestor"}, "1.5"),
        (K.STRING, F.CATEGORY, {"transform": "ancestor", "level": "no such vocabulary"}, "1.5"),
        (K.STRING, F.COARSE, {"transform": "top_k", "k": 1}, "1.5"),
        (K.LIST, F.COARSE, {"transform": "top_k"}, ("a", "b")),
        (K.LIST, F.COARSE, {"transform": "top_k", "k": -1}, ("a", "b")),
        (K.INT, F.COARSE, {"transform": "round", "step": 0.5}, 1),
        (K.INT, F.COARSE, {"transform": "round", "step": 10}, 2**31 - 1),
    ],
)
def test_a_rung_that_says_nothing_of_the_value_shows_nothing(
    kind: ValueKind, fidelity: Fidelity, rung: dict[str, object], held: Held
) -> None:
    assert shown(attribute(kind, {fidelity: rung}), held, fidelity, context=CONTEXT) == Shown(fidelity)
