"""One cell of a row as a typed value; what cannot be read is a fault that says what would do."""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from graph.pack.reading import Row

Member = TypeVar("Member", bound=Enum)

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+-]*")
# 15 digits: more would not survive as a float
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
WHOLE = re.compile(r"-?[0-9]{1,15}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
ANY = ("", "*")  # how a cell says that it means all of a dimension


def key(row: Row, column: str) -> str:
    """Return the key this row is known by."""
    if not _KEY.fullmatch(row[column]):
        raise row.fault(column, f"`{row[column]}` is not a key; use letters, digits, `_`, `-`, `.`, `:` and `+`")
    return row[column]


def unique(rows: Iterable[tuple[Row, object]], column: str) -> None:
    """Raise `PackError` at the second row with the same key."""
    seen: dict[object, int] = {}
    for row, value in rows:
        if value in seen:
            raise row.fault(column, f"this row repeats the key of line {seen[value]}; remove one of them")
        seen[value] = row.line


def words(row: Row, column: str) -> tuple[str, ...]:
    """Return the items of a list cell, separated by `;`."""
    if not row[column]:
        return ()
    items = tuple(row[column].split(";"))
    for item in items:
        if not item or item != item.strip():
            raise row.fault(column, "an item of the list is empty or has spaces round it; write `a;b`")
        if items.count(item) > 1:
            raise row.fault(column, f"`{item}` stands twice in the list; keep one")
    return items


def flag(row: Row, column: str, *, default: bool = False) -> bool:
    """Return a boolean cell: `1` or `0`; empty is the default."""
    if row[column] not in ("", "0", "1"):
        raise row.fault(column, f"`{row[column]}` is not a boolean; write `1` or `0`")
    return row[column] == "1" if row[column] else default


def whole(row: Row, column: str, *, least: int = 0, most: int | None = None) -> int | None:
    """Return a whole number within bounds, or `None` for an empty cell."""
    if not row[column]:
        return None
    if not WHOLE.fullmatch(row[column]):
        raise row.fault(column, f"`{row[column]}` is not a whole number; write digits only")
    found = int(row[column])
    if found < least or (most is not None and found > most):
        span = f"at least {least}" if most is None else f"from {least} to {most}"
        raise row.fault(column, f"`{row[column]}` is out of bounds; give a whole number {span}")
    return found


def number(row: Row, column: str) -> float | None:
    """Return a decimal number, or `None` for an empty cell."""
    if not row[column]:
        return None
    if not NUMBER.fullmatch(row[column]):
        raise row.fault(column, f"`{row[column]}` is not a number; write it like `-1.5`")
    return float(row[column])


def spelled(kind: type[Member]) -> dict[str, Member]:
    """Return each member of a closed list by the word a pack writes for it."""
    return {member.value if isinstance(member.value, str) else member.name: member for member in kind}


def member(row: Row, column: str, kind: type[Member], *, default: Member | None = None) -> Member:
    """Return a member of a closed list; empty is the default, if there is one."""
    if not row[column] and default is not None:
        return default
    found = spelled(kind).get(row[column])
    if found is None:
        raise row.fault(column, f"`{row[column]}` is not one of {_listed(spelled(kind))}; correct it")
    return found


def any_member(row: Row, column: str, kind: type[Member]) -> Member | None:
    """Return a member of a closed list, or `None` for `*` or an empty cell: all of it."""
    return None if row[column] in ANY else member(row, column, kind)


def choice(row: Row, column: str, allowed: Collection[str], *, default: str = "") -> str:
    """Return one of a few words; empty is the default."""
    if row[column] and row[column] not in allowed:
        raise row.fault(column, f"`{row[column]}` is not one of {_listed(allowed)}; correct it")
    return row[column] or default


def choices(row: Row, column: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the items of a list cell, each one of a few words."""
    items = words(row, column)
    for item in items:
        if item not in allowed:
            raise row.fault(column, f"`{item}` is not one of {_listed(allowed)}; correct it")
    return items


def known(row: Row, column: str, among: Collection[str], *, table: str) -> str:
    """Return a cell that names a row of another table."""
    return named(row, column, row[column], among=among, table=table)


def known_words(row: Row, column: str, among: Collection[str], *, table: str) -> tuple[str, ...]:
    """Return the items of a list cell, each the name of a row of another table."""
    return tuple(named(row, column, item, among=among, table=table) for item in words(row, column))


def any_known(row: Row, column: str, among: Collection[str], *, table: str) -> str | None:
    """Return a cell that names a row of another table, or `None` for `*` or an empty cell: all of them."""
    return None if row[column] in ANY else known(row, column, among, table=table)


def named(row: Row, column: str, word: str, *, among: Collection[str], table: str) -> str:
    """Return a word that names a row of another table; raises `PackError` where it does not."""
    if word not in among:
        raise row.fault(column, f"`{word}` is not in `{table}`; add it there or correct it here")
    return word


def instant(row: Row, column: str) -> datetime | None:
    """Return a date (its first instant in UTC) or an RFC 3339 instant with `Z`; `None` for an empty cell."""
    if not row[column]:
        return None
    try:
        if _DATE.fullmatch(row[column]) or _INSTANT.fullmatch(row[column]):
            return datetime.fromisoformat(row[column]).replace(tzinfo=UTC)
    except ValueError:
        pass  # well formed, but no day or hour of the calendar: the same fault
    raise row.fault(column, f"`{row[column]}` is not a date; write `2026-01-31` or `2026-01-31T00:00:00Z`")


def _listed(allowed: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in allowed)
