"""Vocabularies: for each level, each word's ancestor on it; places are a tree that gives one level each."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from graph.fidelity.positions import POINTS
from graph.pack.cells import choice, unique
from graph.pack.reading import VOCABULARIES, Row, Table, rows

PLACES = Table.of("places.csv", "place level within", "point", needed=False)
WORD_COLUMNS = ("word", "ancestor")
_POINT = re.compile(r"-?\d{1,15}(\.\d{1,15})?(;-?\d{1,15}(\.\d{1,15})?){2}", re.ASCII)


def vocabularies(files: Mapping[str, bytes]) -> Mapping[str, Mapping[str, str]]:
    """Read each vocabulary of the pack by its name, which is the level a ladder names."""
    found = dict(_places(rows(files, PLACES)))
    for file in sorted(files):
        if file.startswith(f"{VOCABULARIES}/"):
            level = PurePosixPath(file).stem
            found[level] = {**found.get(level, {}), **_words(rows(files, Table(file, WORD_COLUMNS)))}
    return found


def _words(found: tuple[Row, ...]) -> Mapping[str, str]:
    for row in found:
        for column in WORD_COLUMNS:
            if not row[column] or row[column] != row[column].strip():
                raise row.fault(column, "the word is empty or has spaces round it; correct it")
    unique(((row, row["word"]) for row in found), "word")
    return {row["word"]: row["ancestor"] for row in found}


def _places(found: tuple[Row, ...]) -> Mapping[str, Mapping[str, str]]:
    """Return, for each level, the place on it in which each place lies; a place lies in itself."""
    unique(((row, row["place"]) for row in found), "place")
    by_place = {row["place"]: row for row in found}
    levels: dict[str, dict[str, str]] = {}
    for row in found:
        if not row["place"] or not row["level"]:
            raise row.fault("level", "a place needs a name and a level; fill both cells")
        for above in _path(row, by_place):
            ancestor = levels.setdefault(above["level"], {}).setdefault(row["place"], above["place"])
            if ancestor != above["place"]:
                raise row.fault("within", f"two places above are a `{above['level']}`; give them levels of their own")
    points = {row["place"]: _point(row) for row in found if row["point"]}
    return levels | ({POINTS: points} if points else {})


def _point(row: Row) -> str:
    if not _POINT.fullmatch(row["point"]):
        raise row.fault("point", f"`{row['point']}` is no point; write three numbers, as `52.5;13;0`")
    return row["point"]


def _path(row: Row, by_place: Mapping[str, Row]) -> tuple[Row, ...]:
    path = [row]
    while path[-1]["within"]:
        choice(path[-1], "within", by_place)
        above = by_place[path[-1]["within"]]
        if above in path:
            raise row.fault("within", f"`{row['place']}` lies in a circle; break it at `{above['place']}`")
        path.append(above)
    return tuple(path)
