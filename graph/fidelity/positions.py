"""Positions and rooms: a coarser statement about three numbers is three numbers again."""

from math import floor

from graph.fidelity.sorts import COMPONENTS
from graph.fidelity.words import Vocabularies, ancestor

ROOM_SIDE = 1.5  # metres: from here on each way there is room to walk, below it one stands
SIDES_AT_LEAST = 2  # a floor has two sides; a third number may be its height
POINTS = "point"
"""Vocabulary that names, for a place, the point standing for it: `51;10;0`."""

STATIONARY = (0.0, 0.0, 0.0)
ROOM = (ROOM_SIDE, ROOM_SIDE, ROOM_SIDE)


def stationary_or_room(sides: tuple[float, ...]) -> tuple[float, ...]:
    """Return the least that is free each way: `ROOM` if each side measured (not 0) reaches 1.5 m, else `STATIONARY`."""
    measured = [side for side in sides if side != 0]
    enough = len(measured) >= SIDES_AT_LEAST and all(side >= ROOM_SIDE for side in measured)
    return ROOM if enough else STATIONARY


def place_of(position: tuple[float, ...], level: str, vocabularies: Vocabularies) -> tuple[float, ...] | None:
    """Return the point standing for the place on this level whose table lists the position's whole-degree cell.

    The cell is `52;13` for latitude 52.x and longitude 13.x; a place without a point gives nothing.
    """
    cell = ";".join(str(floor(degrees)) for degrees in position[:2])
    place = ancestor(cell, level, vocabularies)
    return None if place is None else _point(vocabularies.get(POINTS, {}).get(place, ""))


def _point(text: str) -> tuple[float, ...] | None:
    try:
        point = tuple(float(part) for part in text.split(";"))
    except ValueError:
        return None
    return point if len(point) == COMPONENTS else None
