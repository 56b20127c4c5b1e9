"""Words: names cut short, first subtags, directions, grid cells, and ancestors in the pack's vocabularies."""

import re
from collections.abc import Mapping
from unicodedata import normalize

Vocabularies = Mapping[str, Mapping[str, str]]
"""For each level, each word's ancestor on it."""

PLACE_LEVELS = ("city", "region", "country", "continent")
"""Levels of the place table, finest first: a word may be found through a finer level."""

SECTORS = frozenset({"left", "centre", "right", "up", "down", "away"})

GRID_SIDE = 8  # a heat map has at most 64 cells
COARSE_SIDE = 2  # grid4: 2 × 2
_CELL = re.compile(r"([0-7]),([0-7])")
_CELL_NUMBER = re.compile(r"[0-9]|[1-5][0-9]|6[0-3]")


def initials(text: str) -> str | None:
    """Return the first letter of each word, `None` if there is none."""
    letters = (_first_letter(word) for word in normalize("NFC", text).split())
    return "".join(letter for letter in letters if letter) or None


def initial(text: str) -> str | None:
    """Return the first letter, `None` if there is none."""
    return _first_letter(normalize("NFC", text)) or None


def given(text: str) -> str | None:
    """Return the first word, `None` if there is none."""
    return next(iter(text.split()), None)


def primary(text: str) -> str | None:
    """Return the first subtag of a language tag (BCP 47)."""
    return text.split("-")[0] or None


def sector(text: str) -> str | None:
    """Return a direction as it was measured, `None` if it is none."""
    return text if text in SECTORS else None


def grid4(text: str) -> str | None:
    """Return the quarter, `row,column`, of a cell of an 8 × 8 grid: `row,column` or its number, row by row."""
    cell = _CELL.fullmatch(text)
    if cell:
        row, column = int(cell[1]), int(cell[2])
    elif _CELL_NUMBER.fullmatch(text):
        row, column = divmod(int(text), GRID_SIDE)
    else:
        return None
    return f"{row * COARSE_SIDE // GRID_SIDE},{column * COARSE_SIDE // GRID_SIDE}"


def ancestor(word: str, level: str, vocabularies: Vocabularies) -> str | None:
    """Return a word's ancestor on a level; a place is also looked for through the finer levels of the place table."""
    found = vocabularies.get(level, {})
    if word in found or level not in PLACE_LEVELS:
        return found.get(word)
    place = word
    for finer in PLACE_LEVELS[: PLACE_LEVELS.index(level)]:
        place = vocabularies.get(finer, {}).get(place, place)
    return found.get(place)


def _first_letter(text: str) -> str:
    return next((letter for letter in text if letter.isalpha()), "")
