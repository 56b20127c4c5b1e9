"""What a ladder must state, each complaint once."""

from collections.abc import Mapping
from typing import Any

import pytest

from graph.fidelity import check_ladder
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import VOCABULARIES, attribute

F, K = Fidelity, ValueKind

BAND = {"transform": "band", "edges": [0, 1]}


@pytest.mark.parametrize(
    ("kind", "fidelity", "rung", "complaint"),
    [
        (K.LIST, F.CATEGORY, BAND, "transform `band` does not fit kind `LIST`"),
        (K.STRING, F.CATEGORY, BAND, "transform `band` does not fit kind `STRING`"),
        (K.FLOAT, F.COARSE, BAND, "transform `band` does not fit kind `FLOAT`"),
        (K.FLOAT, F.CATEGORY, {"transform": "round", "step": 1}, "transform `round` does not fit"),
        (K.LIST, F.CATEGORY, {"transform": "top_k", "k": 1}, "transform `top_k` does not fit"),
        (K.FLOAT, F.CATEGORY, {}, "transform `` does not fit"),
        (K.BOOLEAN, F.CATEGORY, BAND, "kind `BOOLEAN` has no such rung"),
        (K.BOOLEAN, F.COARSE, {}, "kind `BOOLEAN` has no such rung"),
        (K.TIMESTAMP, F.CATEGORY, {"transform": "group", "map": {"a": "b"}}, "does not fit kind `TIMESTAMP`"),
        (K.FLOAT, F.CATEGORY, {**BAND, "step": 1}, "unexpected `step`; take it out or write one of `edges`"),
        (K.FLOAT, F.CATEGORY, {"transform": "band"}, "`edges` must be a list"),
        (K.FLOAT, F.CATEGORY, {"transform": "band", "edges": []}, "`edges` must be a list"),
        (K.FLOAT, F.CATEGORY, {"transform": "band", "edges": "12"}, "`edges` must be a list"),
        (K.FLOAT, F.CATEGORY, {"transform": "band", "edges": [0, "1"]}, "`edges` must be a list"),
        (K.FLOAT, F.CATEGORY, {"transform": "band", "edges": [1, 0]}, "`edges` must rise"),
        (K.FLOAT, F.CATEGORY, {"transform": "band", "edges": [1, 1]}, "`edges` must rise"),
        (K.FLOAT, F.COARSE, {"transform": "round", "step": 0}, "`step` must be a number above 0"),
        (K.FLOAT, F.COARSE, {"transform": "round", "step": True}, "`step` must be a number above 0"),
        (K.INT, F.COARSE, {"transform": "round", "step": 0.5}, "`step` of an INT must be whole"),
        (K.LIST, F.COARSE, {"transform": "top_k", "k": 0}, "`k` must be a whole number"),
        (K.LIST, F.COARSE, {"transform": "top_k", "k": 1.5}, "`k` must be a whole number"),
        (K.STRING, F.CATEGORY, {"transform": "group", "map": {}}, "`map` must give a group"),
        (K.STRING, F.CATEGORY, {"transform": "group", "map": {"a": 1}}, "`map` must give a group"),
        (K.STRING, F.CATEGORY, {"transform": "group", "map": ["a"]}, "`map` must give a group"),
        (K.STRING, F.CATEGORY, {"transform": "ancestor"}, "must name what it makes"),
        (K.STRING, F.COARSE, {"transform": "truncate", "to": ""}, "must name what it makes"),
        (K.STRING, F.COARSE, {"transform": "truncate", "level": "hour"}, "unexpected `level`"),
        (K.STRING, F.COARSE, {"transform": "truncate", "to": "count_band"}, "`count_band` does not speak of"),
        (K.STRING, F.COARSE, {"transform": "truncate", "to": "stationary+room"}, "does not speak of kind `STRING`"),
        (K.VEC3, F.CATEGORY, {"transform": "ancestor", "level": "hour"}, "`hour` does not speak of kind `VEC3`"),
        (K.TIMESTAMP, F.COARSE, {"transform": "truncate", "to": "given"}, "does not speak of kind `TIMESTAMP`"),
        (K.TIMESTAMP, F.COARSE, {"transform": "truncate", "to": "country"}, "does not speak of kind `TIMESTAMP`"),
        (K.STRING, F.CATEGORY, {"transform": "ancestor", "level": "mood"}, "no vocabulary of this pack"),
        (K.FLOAT, F.EFFECT_ONLY, {}, "`op` does not fit kind `FLOAT`"),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "non_empty"}, "`op` does not fit"),
        (K.LIST, F.EFFECT_ONLY, {"op": "eq", "value": "a"}, "use one of `held`, `non_empty`"),
        (K.VEC3, F.EFFECT_ONLY, {"op": "lt", "value": 1}, "use one of `held`"),
        (K.BOOLEAN, F.EFFECT_ONLY, {"op": "in", "value": [True]}, "`op` does not fit"),
        (K.LIST, F.EFFECT_ONLY, {"op": "non_empty", "value": 1}, "take `value` out"),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "gt"}, "`value` must be a number"),
        (K.INT, F.EFFECT_ONLY, {"op": "eq", "value": True}, "`value` must be a number"),
        (K.INT, F.EFFECT_ONLY, {"op": "in", "value": 1}, "`in` needs a list"),
        (K.INT, F.EFFECT_ONLY, {"op": "in", "value": []}, "`in` needs a list"),
        (K.INT, F.EFFECT_ONLY, {"op": "in", "value": [1, "2"]}, "`value` must be a number"),
        (K.BOOLEAN, F.EFFECT_ONLY, {"op": "eq", "value": 1}, "must be `true` or `false`"),
        (K.STRING, F.EFFECT_ONLY, {"op": "eq", "value": 1}, "`value` must be a word"),
        (K.ENUM, F.EFFECT_ONLY, {"op": "eq", "value": "up"}, "`value` names `up`"),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "held", "type": "Int"}, "the `type` of an effect is `Boolean`"),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "held", "field": 1}, "`field` must be the effect's name"),
        (K.FLOAT, F.EFFECT_ONLY, {"op": "held", "when": 1}, "unexpected `when`; take it out or write one of"),
        (K.FLOAT, F.PRESENCE, {"op": "held"}, "unexpected `op`"),
        (K.FLOAT, F.PRECISE, {"step": 1}, "unexpected `step`; take it out"),
        (K.FLOAT, F.NOISED, {"step": 1}, "unexpected `step`"),
    ],
)
def test_a_rung_that_does_not_hold_is_told_what_to_do(
    kind: ValueKind, fidelity: Fidelity, rung: Mapping[str, object], complaint: str
) -> None:
    row = attribute(kind, {fidelity: rung}, enum_values=("left", "right") if kind is K.ENUM else ())
    found = check_ladder(row, VOCABULARIES)
    assert found is not None
    assert found.startswith(f"rung `{fidelity.name}`: ")
    assert complaint in found


@pytest.mark.parametrize(
    ("groups", "complaint"),
    [
        ({"left": "side"}, "has no group for `right`"),
        ({"left": "side", "right": "side", "up": "top"}, "names `up`, which is not in `enum_values`"),
    ],
)
def test_a_group_map_speaks_of_every_word_of_the_enum_and_no_other(groups: dict[str, str], complaint: str) -> None:
    row = attribute(K.ENUM, {F.CATEGORY: {"transform": "group", "map": groups}}, enum_values=("left", "right"))
    assert complaint in (check_ladder(row) or "")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"rungs": ()}, "`rungs` must begin with `NONE`"),
        ({"rungs": (F.PRECISE,)}, "`rungs` must begin with `NONE`"),
        ({"rungs": (F.NONE, F.PRECISE, F.COARSE)}, "`rungs` must begin with `NONE`"),
        ({"rungs": (F.NONE, F.PRECISE, F.PRECISE)}, "`rungs` must begin with `NONE`"),
        ({"kind": K.SENSOR}, "kind `SENSOR` is never released"),
        ({"kind": K.NODE}, "kind `NODE` is never released"),
        ({"rungs": (F.NONE, F.PRECISE), "ladder": {F.CATEGORY: BAND}}, "`ladder` states `CATEGORY`"),
    ],
)
def test_rungs_that_do_not_hold_are_told_what_to_do(changes: dict[str, Any], complaint: str) -> None:
    row = attribute(**({"kind": K.FLOAT} | changes))
    assert complaint in (check_ladder(row) or "")


@pytest.mark.parametrize(
    ("kind", "fidelity", "rung"),
    [
        (K.FLOAT, F.EFFECT_ONLY, {"field": "useIt", "type": "Boolean", "op": "le", "value": 1}),
        (K.STRING, F.EFFECT_ONLY, {"op": "held"}),
        (K.STRING, F.EFFECT_ONLY, {"op": "in", "value": ("a", "b")}),
        (K.LIST, F.EFFECT_ONLY, {"op": "non_empty"}),
        (K.BOOLEAN, F.PRESENCE, {"type": "Boolean"}),
        (K.BOOLEAN, F.PRESENCE, {}),
        (K.INT, F.COARSE, {"transform": "round", "step": 15.0}),
        (K.FLOAT, F.CATEGORY, {"transform": "band", "edges": (0, 1)}),
        (K.STRING, F.CATEGORY, {"transform": "group", "map": {"a": "b"}}),
        (K.VEC3, F.CATEGORY, {"transform": "ancestor", "level": "stationary+room"}),
        (K.VEC3, F.CATEGORY, {"transform": "ancestor", "level": "country"}),
        (K.LIST, F.COARSE, {"transform": "truncate", "to": "count_band"}),
        (K.FLOAT, F.NOISED, {"mechanism": "bounded_laplace", "low": 0, "high": 1, "sensitivity": 1, "epsilon": [1]}),
    ],
)
def test_a_ladder_that_holds_is_not_complained_of(
    kind: ValueKind, fidelity: Fidelity, rung: Mapping[str, object]
) -> None:
    assert check_ladder(attribute(kind, {fidelity: rung}), VOCABULARIES) is None


def test_a_vocabulary_is_asked_for_only_where_the_packs_are_known() -> None:
    row = attribute(K.STRING, {F.CATEGORY: {"transform": "ancestor", "level": "mood"}})
    assert check_ladder(row) is None
    assert check_ladder(row, {"mood"}) is None
    assert check_ladder(row, ()) is not None


def test_a_sensor_with_nothing_to_release_holds() -> None:
    assert check_ladder(attribute(K.SENSOR, rungs=(F.NONE,), ladder={F.NONE: {}})) is None


def test_noise_may_be_stated_for_a_rung_that_counts_as_absent() -> None:
    row = attribute(K.FLOAT, rungs=(F.NONE, F.PRECISE), ladder={F.NOISED: {"mechanism": "bounded_laplace"}})
    assert check_ladder(row) is None
