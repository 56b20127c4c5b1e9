"""Values on their way in, at their boundaries."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InvalidValue
from graph.fidelity import Shown, shown
from graph.incoming import Given, checked
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import CONTEXT, attribute, category

K = ValueKind
NAN, INFINITE = float("nan"), float("inf")
HEIGHT = {"minimum": 50.0, "maximum": 272.0}
WORDS = {"enum_values": ("left", "right")}


def refused(kind: ValueKind, given: Given, **row: Any) -> str:
    with pytest.raises(InvalidValue) as found:
        checked(attribute(kind, **row), category(), given)
    return found.value.code


@pytest.mark.parametrize(
    ("kind", "row", "given", "expected"),
    [
        (K.FLOAT, HEIGHT, Given(float_=50.0), 50.0),
        (K.FLOAT, HEIGHT, Given(float_=272.0), 272.0),
        (K.FLOAT, HEIGHT, Given(int_=172), 172.0),
        (K.FLOAT, {}, Given(float_=-1e308), -1e308),
        (K.INT, {"minimum": 0.0, "maximum": 14.0}, Given(int_=0), 0),
        (K.INT, {"minimum": 0.0, "maximum": 14.0}, Given(int_=14), 14),
        (K.INT, {}, Given(int_=2**31 - 1), 2**31 - 1),
        (K.INT, {}, Given(int_=-(2**31)), -(2**31)),
        (K.BOOLEAN, {}, Given(boolean=False), False),
        (K.STRING, {"minimum": 1.0, "maximum": 4.0}, Given(string="Noor"), "Noor"),
        (K.STRING, {}, Given(string=""), ""),
        (K.STRING, {}, Given(string="x" * 1000), "x" * 1000),
        (K.STRING, {"format": "BCP 47"}, Given(string="de-DE"), "de-DE"),
        (K.STRING, {"format": "a form of our own"}, Given(string="anything"), "anything"),
        (K.ENUM, WORDS, Given(string="right"), "right"),
        (K.LIST, {"maximum": 2.0}, Given(string_list=("b", "a")), ("b", "a")),
        (K.LIST, {}, Given(string_list=()), ()),
        (K.LIST, {}, Given(string_list=("x" * 200,)), ("x" * 200,)),
        (K.LIST, WORDS, Given(string_list=("right", "left")), ("right", "left")),
        (K.LIST, {"format": "BCP 47"}, Given(string_list=("de", "en-GB")), ("de", "en-GB")),
        (K.VEC3, {"minimum": 0.0, "maximum": 15.0}, Given(float_list=(0.0, 15.0, 1)), (0.0, 15.0, 1.0)),
        (K.TIMESTAMP, {}, Given(string="2026-11-23T14:05:06.5+01:00"), "2026-11-23T13:05:06.500Z"),
    ],
)
def test_a_value_that_holds_is_taken(kind: ValueKind, row: dict[str, Any], given: Given, expected: Held) -> None:
    found = checked(attribute(kind, **row), category(), given)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "row", "given"),
    [
        (K.FLOAT, HEIGHT, Given(float_=49.99)),
        (K.FLOAT, HEIGHT, Given(float_=272.01)),
        (K.FLOAT, HEIGHT, Given(int_=273)),
        (K.FLOAT, HEIGHT, Given(float_=NAN)),
        (K.FLOAT, {}, Given(float_=NAN)),
        (K.FLOAT, {}, Given(float_=INFINITE)),
        (K.FLOAT, {}, Given(float_=-INFINITE)),
        (K.FLOAT, {}, Given(int_=10**400)),
        (K.INT, {"minimum": 0.0, "maximum": 14.0}, Given(int_=-1)),
        (K.INT, {"minimum": 0.0, "maximum": 14.0}, Given(int_=15)),
        (K.INT, {}, Given(int_=2**31)),
        (K.INT, {}, Given(int_=-(2**31) - 1)),
        (K.STRING, {"minimum": 1.0}, Given(string="")),
        (K.STRING, {"maximum": 3.0}, Given(string="Noor")),
        (K.STRING, {}, Given(string="x" * 1001)),
        (K.ENUM, WORDS, Given(string="up")),
        (K.ENUM, {}, Given(string="up")),
        (K.LIST, {"maximum": 2.0}, Given(string_list=("a", "b", "c"))),
        (K.LIST, {"minimum": 1.0}, Given(string_list=())),
        (K.LIST, {}, Given(string_list=("x",) * 1001)),
        (K.LIST, {}, Given(string_list=("x" * 201,))),
        (K.LIST, {}, Given(string_list=("a", ""))),
        (K.LIST, WORDS, Given(string_list=("left", "up"))),
        (K.VEC3, {"minimum": 0.0, "maximum": 15.0}, Given(float_list=(0.0, 15.1, 1.0))),
        (K.VEC3, {"minimum": 0.0}, Given(float_list=(0.0, 1.0, -0.1))),
        (K.VEC3, {}, Given(float_list=(0.0, NAN, 1.0))),
    ],
)
def test_a_value_beyond_its_bounds_is_out_of_bounds(kind: ValueKind, row: dict[str, Any], given: Given) -> None:
    assert refused(kind, given, **row) == "OUT_OF_BOUNDS"


@pytest.mark.parametrize(
    ("kind", "row", "given"),
    [
        (K.FLOAT, {}, Given()),
        (K.FLOAT, {}, Given(float_=1.0, int_=1)),
        (K.FLOAT, {}, Given(string="1.0")),
        (K.FLOAT, {}, Given(float_=True)),
        (K.INT, {}, Given(float_=1.0)),
        (K.INT, {}, Given(int_=True)),
        (K.INT, {}, Given(boolean=True)),
        (K.BOOLEAN, {}, Given(int_=1)),
        (K.BOOLEAN, {}, Given(string="true")),
        (K.STRING, {}, Given(int_=1)),
        (K.STRING, {}, Given(string="half \ud83d a pair")),
        (K.STRING, {"format": "IANA tz"}, Given(string="Europe/Atlantis")),
        (K.STRING, {"format": "ISO 3166-1"}, Given(string="ZZ")),
        (K.ENUM, WORDS, Given(string_list=("left",))),
        (K.LIST, {}, Given(string="left")),
        (K.LIST, {}, Given(string_list=("a", "\udc00"))),
        (K.LIST, {"format": "BCP 47"}, Given(string_list=("de", "not a tag"))),
        (K.VEC3, {}, Given(float_list=(1.0, 2.0))),
        (K.VEC3, {}, Given(float_list=(1.0, 2.0, 3.0, 4.0))),
        (K.VEC3, {}, Given(float_list=(1.0, 2.0, True))),
        (K.VEC3, {}, Given(string_list=("1", "2", "3"))),
        (K.TIMESTAMP, {}, Given(string="2026-11-23T14:05:06")),
        (K.TIMESTAMP, {}, Given(string="yesterday")),
        (K.TIMESTAMP, {}, Given(int_=1_700_000_000)),
    ],
)
def test_a_value_of_another_kind_or_form_is_of_the_wrong_kind(
    kind: ValueKind, row: dict[str, Any], given: Given
) -> None:
    assert refused(kind, given, **row) == "WRONG_KIND"


@pytest.mark.parametrize(
    ("kind", "marks", "code"),
    [
        (K.SENSOR, {}, "RAW_SENSOR"),
        (K.FLOAT, {"raw_sensor": True}, "RAW_SENSOR"),
        (K.FLOAT, {"bystander": True}, "BYSTANDER"),
        (K.SENSOR, {"bystander": True, "raw_sensor": True}, "BYSTANDER"),
        (K.NODE, {"bystander": True}, "BYSTANDER"),
        (K.NODE, {}, "UNKNOWN_KEY"),
    ],
)
def test_what_is_never_taken_is_refused_whatever_it_is(kind: ValueKind, marks: dict[str, bool], code: str) -> None:
    with pytest.raises(InvalidValue) as found:
        checked(attribute(kind), category(**marks), Given(float_=1.0))
    assert found.value.code == code


@pytest.mark.parametrize(
    ("kind", "row", "given", "expected"),
    [
        (K.FLOAT, HEIGHT, Given(float_=999.25), "`thing.one` is out of bounds; give a finite number from 50 up to 272"),
        (K.FLOAT, {"minimum": 1.0}, Given(float_=0.25), "`thing.one` is out of bounds; give a finite number from 1"),
        (K.ENUM, WORDS, Given(string="canary"), "`thing.one` is out of bounds; give one of `left`, `right`"),
        (K.STRING, {"maximum": 2.0}, Given(string="canary"), "`thing.one` is out of bounds; give 0 to 2 characters"),
        (K.INT, {}, Given(), "`thing.one` needs exactly one value; give one field for each key"),
        (K.INT, {}, Given(string="canary"), "`thing.one` is of another kind; give `int`"),
        (
            K.STRING,
            {"format": "BCP 47"},
            Given(string="can ary"),
            "`thing.one` is of another kind; give text written as BCP 47",
        ),
    ],
)
def test_a_refusal_says_what_to_give_and_never_what_was_given(
    kind: ValueKind, row: dict[str, Any], given: Given, expected: str
) -> None:
    with pytest.raises(InvalidValue) as found:
        checked(attribute(kind, **row), category(), given)
    assert str(found.value) == expected


def test_a_given_value_does_not_print_itself() -> None:
    assert "canary" not in repr(Given(string="canary", string_list=("canary",)))


GIVEN = st.one_of(
    st.builds(Given, int_=st.integers()),
    st.builds(Given, float_=st.floats()),
    st.builds(Given, string=st.text("aZ\ud800é0:-/TZ", max_size=8)),
    st.builds(Given, boolean=st.booleans()),
    st.builds(Given, string_list=st.lists(st.sampled_from(["left", "up", ""]), max_size=3).map(tuple)),
    st.builds(Given, float_list=st.lists(st.floats(), max_size=4).map(tuple)),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(K)), GIVEN)
def test_whatever_is_taken_can_be_shown_as_it_is(kind: ValueKind, given: Given) -> None:
    row = attribute(kind, **(WORDS if kind is K.ENUM else {}))
    try:
        held = checked(row, category(), given)
    except InvalidValue:
        return
    assert shown(row, held, Fidelity.PRECISE, context=CONTEXT) == Shown(Fidelity.PRECISE, value=held)
