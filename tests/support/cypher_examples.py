"""The Cypher of a page: a block under `<!-- cypher: name=person… -->`, and the answer as a table below it.

`name=person` is a parameter: that person's id. A list is written with commas between, nothing as `–`. A block that
returns a graph has no table.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.house import ROOT

BLOCK = re.compile(
    r"<!-- cypher:(?P<words>[^>]*?) -->\n```cypher\n(?P<query>.*?)^```\n(?:\n(?P<table>(?:^\|[^\n]*\n)+))?",
    re.MULTILINE | re.DOTALL,
)
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Question:
    """A query of a page, whom it is about, and the answer that is printed: the columns, then the rows."""

    place: str
    people: Mapping[str, str]
    query: str
    answer: tuple[tuple[str, ...], ...] | None


def questions(page: str) -> Iterator[Question]:
    """Yield the queries of a page in order."""
    text = (ROOT / page).read_text()
    for block in BLOCK.finditer(text):
        people = dict(word.split("=") for word in block["words"].split())
        line = text.count("\n", 0, block.start("query")) + 1
        yield Question(
            f"{page}:{line}", people, block["query"], None if block["table"] is None else _rows(block["table"])
        )


def unmarked(page: str) -> int:
    """Count the Cypher blocks of a page that nothing runs."""
    text = (ROOT / page).read_text()
    return text.count("```cypher") - len(list(BLOCK.finditer(text)))


def told(value: Any) -> str:
    """Return a value as a table tells it."""
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return ", ".join(told(one) for one in value) or NOTHING
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    lines = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in table.splitlines()]
    return (lines[0], *lines[2:])
