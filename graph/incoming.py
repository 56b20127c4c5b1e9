"""Values on their way in: kind, bounds and form as the catalogue demands (2.7); not whether they may be kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from sys import float_info
from typing import Never

from graph.catalogue import Attribute, Category
from graph.errors import InvalidValue
from graph.fidelity.sorts import COMPONENTS, INT_LIMIT
from graph.formats import FORMATS, instant, written
from graph.records import Held
from graph.terms import ValueKind

# What is taken where the pack states no length: far above any name, tag or list of hours, far below a body of 64 KiB.
TEXT_LENGTH = 1_000
LIST_LENGTH = 1_000
ITEM_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Given:
    """A value as a caller gives it: exactly one field is set, each named after the field of `ValueInput` it carries."""

    int_: int | None = field(default=None, repr=False)
    float_: float | None = field(default=None, repr=False)
    string: str | None = field(default=None, repr=False)
    boolean: bool | None = field(default=None, repr=False)
    string_list: tuple[str, ...] | None = field(default=None, repr=False)
    float_list: tuple[float, ...] | None = field(default=None, repr=False)


def checked(attribute: Attribute, category: Category, given: Given) -> Held:
    """Return the value as it is to be held.

    Raises `InvalidValue` with the code OUT_OF_BOUNDS, WRONG_KIND, UNKNOWN_KEY, RAW_SENSOR or BYSTANDER.
    """
    key = attribute.key
    if category.bystander:
        raise InvalidValue("BYSTANDER", f"`{key}` is about somebody else; leave it out, no consent can cover it")
    if category.raw_sensor or attribute.kind is ValueKind.SENSOR:
        raise InvalidValue("RAW_SENSOR", f"`{key}` is raw sensor data, which is never taken; leave it out")
    take = _TAKE.get(attribute.kind)
    if take is None:
        raise InvalidValue("UNKNOWN_KEY", f"`{key}` takes no value; give a key of the catalogue that has one")
    if sum(getattr(given, one.name) is not None for one in fields(given)) != 1:
        raise InvalidValue("WRONG_KIND", f"`{key}` needs exactly one value; give one field for each key")
    return take(attribute, given)


def _wrong(attribute: Attribute, wanted: str) -> Never:
    raise InvalidValue("WRONG_KIND", f"`{attribute.key}` is of another kind; give {wanted}")


def _outside(attribute: Attribute, wanted: str) -> Never:
    raise InvalidValue("OUT_OF_BOUNDS", f"`{attribute.key}` is out of bounds; give {wanted}")


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _float(attribute: Attribute, given: Given) -> Held:
    number = given.float_ if given.float_ is not None else given.int_
    if number is None or not _is_number(number):
        _wrong(attribute, "`float` or `int`")
    _bounded(attribute, number)
    return float(number)


def _int(attribute: Attribute, given: Given) -> Held:
    if not isinstance(given.int_, int) or isinstance(given.int_, bool):
        _wrong(attribute, "`int`")
    if not -INT_LIMIT <= given.int_ < INT_LIMIT:
        _outside(attribute, "a whole number of 32 bits")
    _bounded(attribute, given.int_)
    return given.int_


def _vec3(attribute: Attribute, given: Given) -> Held:
    numbers = given.float_list
    if numbers is None or len(numbers) != COMPONENTS or not all(_is_number(one) for one in numbers):
        _wrong(attribute, f"`floatList` with exactly {COMPONENTS} numbers")
    for one in numbers:
        _bounded(attribute, one)
    return tuple(float(one) for one in numbers)


def _bounded(attribute: Attribute, number: float) -> None:
    low, high = attribute.minimum, attribute.maximum
    finite = -float_info.max <= number <= float_info.max  # false for NaN, too
    if not finite or (low is not None and number < low) or (high is not None and number > high):
        _outside(attribute, "a finite number" + _span(low, high))


def _span(low: float | None, high: float | None) -> str:
    return (f" from {low:g}" if low is not None else "") + (f" up to {high:g}" if high is not None else "")


def _boolean(attribute: Attribute, given: Given) -> Held:
    return given.boolean if isinstance(given.boolean, bool) else _wrong(attribute, "`boolean`")


def _string(attribute: Attribute, given: Given) -> Held:
    text = _text(attribute, given.string)
    _lengthy(attribute, len(text), "characters")
    _formed(attribute, text)
    return text


def _enum(attribute: Attribute, given: Given) -> Held:
    text = _text(attribute, given.string)
    _listed(attribute, text)
    return text


def _timestamp(attribute: Attribute, given: Given) -> Held:
    at = instant(_text(attribute, given.string))
    return _wrong(attribute, "an RFC 3339 time with its offset from UTC in `string`") if at is None else written(at)


def _list(attribute: Attribute, given: Given) -> Held:
    items = given.string_list
    if items is None:
        _wrong(attribute, "`stringList`")
    _lengthy(attribute, len(items), "items")
    for item in items:
        if not 0 < len(_text(attribute, item, "`stringList`")) <= ITEM_LENGTH:
            _outside(attribute, f"items of 1 to {ITEM_LENGTH} characters")
        if attribute.enum_values:
            _listed(attribute, item)
        _formed(attribute, item)
    return tuple(items)


def _text(attribute: Attribute, given: str | None, wanted: str = "`string`") -> str:
    if not isinstance(given, str):
        _wrong(attribute, wanted)
    # Half a surrogate pair is no text: no store and no answer can write it.
    if any("\ud800" <= letter <= "\udfff" for letter in given):
        _wrong(attribute, f"well-formed Unicode in {wanted}")
    return given


def _lengthy(attribute: Attribute, length: int, counted: str) -> None:
    low = attribute.minimum or 0
    unstated = LIST_LENGTH if attribute.kind is ValueKind.LIST else TEXT_LENGTH
    high = unstated if attribute.maximum is None else attribute.maximum
    if not low <= length <= high:
        _outside(attribute, f"{low:g} to {high:g} {counted}")


def _listed(attribute: Attribute, word: str) -> None:
    if word not in attribute.enum_values:
        _outside(attribute, "one of " + ", ".join(f"`{one}`" for one in attribute.enum_values))


def _formed(attribute: Attribute, text: str) -> None:
    well_formed = FORMATS.get(attribute.format)
    if well_formed is not None and not well_formed(text):
        _wrong(attribute, f"text written as {attribute.format}")


_TAKE: Mapping[ValueKind, Callable[[Attribute, Given], Held]] = {
    ValueKind.FLOAT: _float,
    ValueKind.INT: _int,
    ValueKind.STRING: _string,
    ValueKind.BOOLEAN: _boolean,
    ValueKind.ENUM: _enum,
    ValueKind.LIST: _list,
    ValueKind.VEC3: _vec3,
    ValueKind.TIMESTAMP: _timestamp,
}
