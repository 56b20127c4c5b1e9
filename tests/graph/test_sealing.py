"""Values survive being sealed, with their kind."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Held
from graph.sealing import opened, sealed

text = st.text(st.characters(exclude_categories=["Cs"]))
helds = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    text,
    st.lists(text).map(tuple),
    st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 3),
)


@given(helds)
def test_what_was_sealed_opens_to_the_same_value_of_the_same_kind(held: Held) -> None:
    again = opened(sealed(held))
    assert again == held
    assert type(again) is type(held)
    if isinstance(held, tuple) and isinstance(again, tuple):
        assert [type(one) for one in again] == [type(one) for one in held]


@pytest.mark.parametrize("held", [math.nan, math.inf, -math.inf, (0.0, math.nan, 0.0)])
def test_a_number_that_is_none_is_refused(held: Held) -> None:
    with pytest.raises(ValueError, match="Out of range"):
        sealed(held)


def test_a_value_is_sealed_in_one_spelling() -> None:
    assert sealed(("Zoë", "b")) == '["Zoë","b"]'.encode()
    assert sealed(172.0) == b"172.0"
