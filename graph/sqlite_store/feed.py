"""Whose states changed since a cursor, and which of those known are stale: what shortens how long something is held."""

import json
import sqlite3
from typing import Final

from graph.feed import Moved, PartyName
from graph.terms import PartyKind

PAGE: Final = 1000  # parties in one answer

NOW: Final = """-- newest write: READ
SELECT writes FROM tally WHERE place = 1"""
MOVED: Final = """-- parties that moved: READ
SELECT p.moved, p.place, p.kind, p.id FROM party AS p
WHERE (p.moved, p.place) > (?, ?) ORDER BY p.moved, p.place LIMIT ?"""
STALE: Final = """-- parties that are not as known: READ
SELECT json_group_array(k.key)
FROM json_each(?) AS k
LEFT JOIN party AS p ON p.kind = json_extract(k.value, '$[0]') AND p.id = json_extract(k.value, '$[1]')
WHERE COALESCE(p.revision, 0) <> json_extract(k.value, '$[2]')"""


def moved(connection: sqlite3.Connection, after: str | None) -> Moved:
    """Tell whose state was saved by a write after a cursor: the number of a write, and the place of a party in it."""
    if after is None:
        return Moved(f"{connection.execute(NOW).fetchone()[0] + 1}.0")
    rows = connection.execute(MOVED, (*map(int, after.split(".")), PAGE)).fetchall()
    end = f"{rows[-1][0]}.{rows[-1][1]}" if rows else after
    return Moved(end, tuple((PartyKind(kind), party) for _, _, kind, party in rows))


def stale(connection: sqlite3.Connection, known: tuple[tuple[PartyKind, str, int], ...]) -> tuple[PartyName, ...]:
    """Tell which parties are not at the revision they are known at."""
    places = json.loads(connection.execute(STALE, (json.dumps(known),)).fetchone()[0])
    return tuple(known[place][:2] for place in places)
