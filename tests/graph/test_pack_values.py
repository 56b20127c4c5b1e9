import pytest

from graph.catalogue import Attribute, Category
from graph.errors import InvalidValue
from graph.pack.values import held
from graph.terms import Fidelity, Origin, Sensitivity, ValueKind

NOTHING: frozenset[str] = frozenset()
CATEGORY = Category("a", "", Sensitivity.S1)


def attribute(kind: ValueKind, **more: object) -> Attribute:
    basics = {"sensitivity": Sensitivity.S1, "origin": Origin.DECLARED, "rungs": (Fidelity.NONE,)}
    sets = {"purposes": NOTHING, "channels": NOTHING, "observed_on": NOTHING}
    return Attribute(key="a.b", category="a", kind=kind, **basics, **sets, **more)


@pytest.mark.parametrize(
    ("one", "text", "expected"),
    [
        (attribute(ValueKind.BOOLEAN), "true", True),
        (attribute(ValueKind.BOOLEAN), "false", False),
        (attribute(ValueKind.INT, minimum=-3, maximum=7), "-3", -3),
        (attribute(ValueKind.INT, minimum=-3, maximum=7), "7", 7),
        (attribute(ValueKind.FLOAT), "44", 44.0),
        (attribute(ValueKind.VEC3, minimum=-180, maximum=180), "52.5;-13;0", (52.5, -13.0, 0.0)),
        (attribute(ValueKind.LIST, minimum=0, maximum=2), "a;b", ("a", "b")),
        (attribute(ValueKind.LIST, minimum=0), "", ()),
        (attribute(ValueKind.LIST, format="BCP 47"), "de-AT;en", ("de-AT", "en")),
        (attribute(ValueKind.STRING, minimum=1, maximum=4), "Noor", "Noor"),
        (attribute(ValueKind.ENUM, enum_values=("on", "off")), "off", "off"),
        (attribute(ValueKind.TIMESTAMP, format="RFC 3339"), "2026-01-31T00:00:00Z", "2026-01-31T00:00:00.000Z"),
    ],
)
def test_a_value_is_read_by_its_kind(one, text, expected):
    found = held(one, CATEGORY, text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("one", "text", "code"),
    [
        (attribute(ValueKind.BOOLEAN), "1", "WRONG_KIND"),
        (attribute(ValueKind.INT), "7.5", "WRONG_KIND"),
        (attribute(ValueKind.INT, minimum=-3), "-4", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.FLOAT), "NaN", "WRONG_KIND"),
        (attribute(ValueKind.FLOAT), "9" * 400, "WRONG_KIND"),
        (attribute(ValueKind.FLOAT, maximum=7), "7.1", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.VEC3), "1;2", "WRONG_KIND"),
        (attribute(ValueKind.VEC3), "1;2;x", "WRONG_KIND"),
        (attribute(ValueKind.VEC3, maximum=1), "0;0;2", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.LIST, maximum=2), "a;b;c", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.LIST, minimum=1), "", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.LIST, format="BCP 47"), "de;!", "WRONG_KIND"),
        (attribute(ValueKind.STRING, minimum=1), "", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.ENUM, enum_values=("on",)), "canary", "OUT_OF_BOUNDS"),
        (attribute(ValueKind.TIMESTAMP), "yesterday", "WRONG_KIND"),
        (attribute(ValueKind.SENSOR), "1", "RAW_SENSOR"),
        (attribute(ValueKind.NODE), "1", "UNKNOWN_KEY"),
    ],
)
def test_a_value_that_its_attribute_cannot_take_is_refused_without_being_repeated(one, text, code):
    with pytest.raises(InvalidValue, match="; ") as caught:
        held(one, CATEGORY, text)
    assert caught.value.code == code
    assert "canary" not in str(caught.value)
