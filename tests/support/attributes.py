"""Builders of attributes, of values they may hold, and of what a transform may depend on."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from graph.catalogue import Attribute, Category
from graph.fidelity import ShowContext
from graph.formats import written
from graph.records import Held
from graph.terms import Fidelity, Origin, Sensitivity, ValueKind

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

VOCABULARIES: Mapping[str, Mapping[str, str]] = {
    "parent": {"hiking": "outdoors", "climbing": "outdoors", "chess": "games"},
    "city": {"store-17": "Kassel", "Fulda": "Kassel"},
    "region": {"Kassel": "Hesse", "Fulda": "Rhön"},
    "country": {"Hesse": "DE", "Rhön": "DE", "52;13": "DE", "-34;-59": "AR"},
    "continent": {"DE": "Europe", "AR": "South America"},
    "point": {"DE": "51;10;0", "AR": "-34;-64;0"},
}


def pairwise(word: str) -> str:
    """Return the pseudonym of a word under the key `example`."""
    sealed = hmac.new(b"example", word.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


CONTEXT = ShowContext(VOCABULARIES, AT, pairwise)


def attribute(kind: ValueKind, ladder: Mapping[Fidelity, Mapping[str, object]] | None = None, **more: Any) -> Attribute:
    """Return an attribute of a kind whose rungs are those of its ladder, NONE and PRECISE."""
    stated = dict(ladder or {})
    given: dict[str, Any] = {
        "key": "thing.one",
        "category": "thing",
        "kind": kind,
        "sensitivity": Sensitivity.S2,
        "origin": Origin.DECLARED,
        "rungs": tuple(sorted({Fidelity.NONE, *stated, Fidelity.PRECISE})),
        "purposes": frozenset({"play"}),
        "channels": frozenset({"vr_headset"}),
        "observed_on": frozenset({"vr_headset"}),
        "ladder": stated,
    }
    return Attribute(**(given | more))


def category(**marks: bool) -> Category:
    """Return an ordinary category with these marks."""
    return Category("thing", "", Sensitivity.S2, **marks)


def held_values(row: Attribute) -> st.SearchStrategy[Held]:
    """Return a strategy of values this attribute may hold."""
    low = row.minimum if row.minimum is not None else -1000
    high = row.maximum if row.maximum is not None else 1000
    word = st.one_of(
        st.sampled_from(["hiking", "chess", "Kassel", "store-17", "DE", "en-GB", "Europe/Berlin", "3,4", "22"]),
        st.sampled_from(["22:00/07:30", "--11-23", "Noor van Dyk", "2026-11-23T09:15:00.000Z", "left"]),
        st.text("aZ é\u0301字👓05,-:/+T\x00", max_size=12),
    )
    number = st.floats(low, high, allow_nan=False)
    kinds: dict[ValueKind, st.SearchStrategy[Held]] = {
        ValueKind.FLOAT: number,
        ValueKind.INT: st.integers(int(low), int(high)),
        ValueKind.BOOLEAN: st.booleans(),
        ValueKind.STRING: word,
        ValueKind.ENUM: st.sampled_from(row.enum_values or ("left", "none")),
        ValueKind.LIST: st.lists(st.sampled_from(row.enum_values) if row.enum_values else word, max_size=6).map(tuple),
        ValueKind.VEC3: st.tuples(number, number, number),
        ValueKind.TIMESTAMP: st.timedeltas(timedelta(days=-9999), timedelta(days=999)).map(
            lambda ago: written(AT + ago)
        ),
    }
    return kinds[row.kind]


F, K = Fidelity, ValueKind

EVERY_SORT: tuple[Attribute, ...] = (
    attribute(
        K.FLOAT,
        {
            F.EFFECT_ONLY: {"field": "useIt", "type": "Boolean", "op": "gt", "value": 0},
            F.PRESENCE: {"type": "Boolean"},
            F.CATEGORY: {"transform": "band", "edges": [150, 160, 170.5]},
            F.COARSE: {"transform": "round", "step": 0.05},
        },
    ),
    attribute(
        K.INT,
        {
            F.EFFECT_ONLY: {"op": "in", "value": [1, 2]},
            F.CATEGORY: {"transform": "band", "edges": [0]},
            F.COARSE: {"transform": "round", "step": 15},
        },
    ),
    attribute(K.BOOLEAN, {F.EFFECT_ONLY: {"op": "eq", "value": True}}),
    attribute(
        K.ENUM,
        {
            F.EFFECT_ONLY: {"op": "ne", "value": "left"},
            F.CATEGORY: {"transform": "group", "map": {"left": "side", "right": "side", "centre": "centre"}},
            F.COARSE: {"transform": "truncate", "to": "sector"},
        },
        enum_values=("left", "right", "centre"),
    ),
    attribute(
        K.VEC3,
        {
            F.EFFECT_ONLY: {"op": "held"},
            F.CATEGORY: {"transform": "ancestor", "level": "stationary+room"},
            F.COARSE: {"transform": "round", "step": 0.05},
        },
    ),
    attribute(
        K.VEC3,
        {F.CATEGORY: {"transform": "ancestor", "level": "country"}, F.COARSE: {"transform": "round", "step": 0.01}},
    ),
    attribute(
        K.TIMESTAMP,
        {
            F.CATEGORY: {"transform": "ancestor", "level": "recency_band"},
            F.COARSE: {"transform": "truncate", "to": "day"},
        },
    ),
    attribute(K.LIST, {F.EFFECT_ONLY: {"op": "non_empty"}, F.COARSE: {"transform": "top_k", "k": 3}}),
    *(
        attribute(
            kind, {F.CATEGORY: {"transform": "ancestor", "level": level}, F.COARSE: {"transform": "truncate", "to": to}}
        )
        for kind, level, to in (
            (K.STRING, "initials", "given"),
            (K.STRING, "initial", "pairwise_id"),
            (K.STRING, "daypart", "hour"),
            (K.STRING, "country", "region"),
            (K.STRING, "continent", "city"),
            (K.STRING, "month", "primary"),
            (K.STRING, "parent", "utc_offset"),
            (K.LIST, "parent", "count_band"),
            (K.LIST, "daypart", "week_band"),
            (K.LIST, "grid4", "pairwise_id"),
            (K.TIMESTAMP, "daypart", "month"),
            (K.TIMESTAMP, "month", "hour"),
        )
    ),
)
"""An attribute for each kind, rung and transform there is."""
