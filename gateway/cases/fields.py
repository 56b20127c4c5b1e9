"""Typed readers of items: each returns a checked value or names file, line and what to do."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import inf
from typing import TypeVar

from gateway.cases.reading import CaseFault, Item
from graph.formats import instant as instant_of

T = TypeVar("T")
Default = TypeVar("Default")
Member = TypeVar("Member", bound=Enum)

ANY = "*"
_FIRST_HOUR = "T00:00:00Z"  # a plain date means its first instant in UTC, as in a catalogue pack


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping whose keys were checked."""

    item: Item
    what: str
    cells: Mapping[str, Item]

    @classmethod
    def of(cls, item: Item, what: str, *, required: str = "", optional: str = "") -> "Row":
        """Check a mapping's keys, given as words; raises `CaseFault` for one that is unknown or missing."""
        if not isinstance(item.value, Mapping):
            raise item.fault(f"{what} is not a mapping; write it as `key: value` pairs")
        allowed = f"{required} {optional}".split()
        for key in item.value:
            if key not in allowed:
                message = f"unknown key `{key}` in {what}; use {listed(allowed)}"
                raise CaseFault(message, file=item.file, line=item.lines[key])
        row = cls(item, what, item.value)
        for key in required.split():
            row.need(key)
        return row

    def get(self, key: str) -> Item | None:
        """Return the value of a key, or `None` where it is absent or null."""
        found = self.cells.get(key)
        return None if found is None or found.value is None else found

    def need(self, key: str) -> Item:
        """Return the value of a key that must have one."""
        found = self.get(key)
        if found is None:
            line = self.item.lines.get(key, self.item.line)
            raise CaseFault(f"`{key}` is missing in {self.what}; add it", file=self.item.file, line=line)
        return found

    def read(self, key: str, reader: Callable[[Item], T], default: Default) -> T | Default:
        """Return what a reader makes of a key's value, or the default where it is absent or null."""
        found = self.get(key)
        return default if found is None else reader(found)

    def items(self, key: str) -> tuple[Item, ...]:
        """Return the items of a list, none where it is absent or null."""
        found = self.get(key)
        return () if found is None else sequence(found)

    def each(self, key: str, reader: Callable[[Item], T]) -> tuple[T, ...]:
        """Return what a reader makes of each item of a list, nothing where it is absent or null."""
        return tuple(reader(one) for one in self.items(key))


def text(item: Item) -> str:
    """Return a word, which may be empty."""
    if not isinstance(item.value, str):
        raise item.fault(f"{shown(item)} is not a word; put it in quotes if it is meant as one")
    return item.value


def word(item: Item) -> str:
    """Return a word of at least one character."""
    found = text(item)
    if not found:
        raise item.fault("this word is empty; write one or leave the key out")
    return found


def flag(item: Item) -> bool:
    """Return a Boolean."""
    if not isinstance(item.value, bool):
        raise item.fault(f"{shown(item)} is not a boolean; write `true` or `false`")
    return item.value


def whole(least: int, most: int | None = None) -> Callable[[Item], int]:
    """Return a reader of whole numbers within bounds."""
    highest = inf if most is None else most
    span = f"of at least {least}" if most is None else f"from {least} to {most}"

    def reader(item: Item) -> int:
        found = item.value
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= highest:
            return found
        raise item.fault(f"{shown(item)} does not fit; write a whole number {span}")

    return reader


ASSURANCE = whole(0, 3)  # unknown, device, signed in, step-up (2.2)
VERSION = whole(1)  # versions of catalogues and of notices count from one


def member(kind: type[Member]) -> Callable[[Item], Member]:
    """Return a reader of the words of a closed list."""
    words = {one.value if isinstance(one.value, str) else one.name: one for one in kind}

    def reader(item: Item) -> Member:
        if not isinstance(item.value, str) or item.value not in words:
            raise item.fault(f"{shown(item)} is not one of {listed(words)}; correct it")
        return words[item.value]

    return reader


def choice(among: Collection[str]) -> Callable[[Item], str]:
    """Return a reader of one of a few words."""

    def reader(item: Item) -> str:
        if not isinstance(item.value, str) or item.value not in among:
            raise item.fault(f"{shown(item)} is not one of {listed(among)}; correct it")
        return item.value

    return reader


def known(among: Collection[str], what: str) -> Callable[[Item], str]:
    """Return a reader of the names of something: `what`, in the singular."""

    def reader(item: Item) -> str:
        if word(item) not in among:
            raise item.fault(f"unknown {what} {shown(item)}; add it to the file or correct it")
        return word(item)

    return reader


def many(reader: Callable[[Item], T]) -> Callable[[Item], tuple[T, ...]]:
    """Return a reader of lists of what another reader reads."""

    def items(item: Item) -> tuple[T, ...]:
        return tuple(reader(one) for one in sequence(item))

    return items


def anything_or(reader: Callable[[Item], T]) -> Callable[[Item], T | None]:
    """Return a reader for which `*` is `None`: all of a dimension."""

    def found(item: Item) -> T | None:
        return None if item.value == ANY else reader(item)

    return found


def sequence(item: Item) -> tuple[Item, ...]:
    """Return the items of a list."""
    if not isinstance(item.value, tuple):
        raise item.fault(f"{shown(item)} is not a list; write it in brackets or as lines that begin with `-`")
    return item.value


def instant(item: Item) -> datetime:
    """Return an instant, in UTC (RFC 3339)."""
    found = instant_of(item.value) if isinstance(item.value, str) else None
    if found is None:
        raise item.fault(f"{shown(item)} is not an instant; write it like `2026-01-31T00:00:00Z`")
    return found


def day_or_instant(item: Item) -> datetime:
    """Return an instant, or the first instant of a plain date, in UTC."""
    found = instant_of(item.value + _FIRST_HOUR) if isinstance(item.value, str) else None
    return instant(item) if found is None else found


def listed(words: Collection[str]) -> str:
    """Return words for an error message."""
    return ", ".join(f"`{one}`" for one in words)


def shown(item: Item) -> str:
    """Return an item for an error message."""
    if isinstance(item.value, Mapping):
        return "a mapping"
    if isinstance(item.value, tuple):
        return "a list"
    if item.value is None:
        return "`null`"
    return f"`{str(item.value).lower()}`" if isinstance(item.value, bool) else f"`{item.value}`"
