"""Sorts of things: which Python value is a number, a list, or a value of an attribute's kind."""

from collections.abc import Sequence
from math import isfinite
from typing import TypeGuard

from graph.records import Held
from graph.terms import ValueKind

INT_LIMIT = 2**31  # a GraphQL Int has 32 bits, sign included
WHOLE_FLOAT_LIMIT = 2**53  # above it not every whole number is a float
COMPONENTS = 3  # of a VEC3

WORDS = frozenset({ValueKind.STRING, ValueKind.ENUM, ValueKind.TIMESTAMP})


def is_number(given: object) -> TypeGuard[int | float]:
    """Tell whether this is a finite number; a Boolean is none."""
    if isinstance(given, float):
        return isfinite(given)
    return isinstance(given, int) and not isinstance(given, bool) and abs(given) <= WHOLE_FLOAT_LIMIT


def is_int(given: object) -> TypeGuard[int]:
    """Tell whether this is a whole number that a GraphQL Int can carry."""
    return isinstance(given, int) and not isinstance(given, bool) and -INT_LIMIT <= given < INT_LIMIT


def is_sequence(given: object) -> TypeGuard[Sequence[object]]:
    """Tell whether this is a list of things, not a text."""
    return isinstance(given, Sequence) and not isinstance(given, str | bytes)


def is_words(given: object) -> TypeGuard[tuple[str, ...]]:
    """Tell whether this is a list of text, as a LIST holds it."""
    return isinstance(given, tuple) and all(isinstance(one, str) for one in given)


def is_position(given: object) -> TypeGuard[tuple[float, ...]]:
    """Tell whether this is three numbers, as a VEC3 holds them."""
    return isinstance(given, tuple) and len(given) == COMPONENTS and all(is_number(one) for one in given)


def fits(kind: ValueKind, held: Held) -> bool:
    """Tell whether a stored value is one of this kind; a pack may have changed the kind since it was stored."""
    if kind in WORDS:
        return isinstance(held, str)
    if kind is ValueKind.LIST:
        return is_words(held)
    if kind is ValueKind.VEC3:
        return is_position(held)
    if kind is ValueKind.BOOLEAN:
        return isinstance(held, bool)
    if kind is ValueKind.INT:
        return is_int(held)
    return kind is ValueKind.FLOAT and is_number(held)
