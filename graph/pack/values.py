"""A value as a table writes it, read by its attribute's kind and checked like any value on its way in."""

import re

from graph.catalogue import Attribute, Category
from graph.errors import InvalidValue
from graph.incoming import Given, checked
from graph.pack.cells import NUMBER, WHOLE
from graph.records import Held
from graph.terms import ValueKind


def held(attribute: Attribute, category: Category, text: str) -> Held:
    """Return the value written in a cell; raises `InvalidValue`, which never repeats it."""
    return checked(attribute, category, _given(attribute.kind, text))


def _given(kind: ValueKind, text: str) -> Given:
    if kind is ValueKind.BOOLEAN:
        return Given(boolean=_boolean(text))
    if kind is ValueKind.INT:
        return Given(int_=int(_matched(WHOLE, text, "a whole number like `7`")))
    if kind is ValueKind.FLOAT:
        return Given(float_=_number(text))
    if kind is ValueKind.VEC3:
        return Given(float_list=tuple(_number(part) for part in text.split(";")))
    if kind is ValueKind.LIST:
        return Given(string_list=tuple(text.split(";")) if text else ())
    return Given(string=text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise InvalidValue("WRONG_KIND", "this is not a boolean; write `true` or `false`")
    return text == "true"


def _number(text: str) -> float:
    return float(_matched(NUMBER, text, "a number like `7.5`"))


def _matched(pattern: re.Pattern[str], text: str, wanted: str) -> str:
    if not pattern.fullmatch(text):
        raise InvalidValue("WRONG_KIND", f"the value is of another kind; write {wanted}")
    return text
