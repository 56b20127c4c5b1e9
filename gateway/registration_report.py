"""What is said of documents at the command line, for people and for machines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.store import RegisteredDocument
from graph.terms import Audience
from resolvers.foreseen import Foreseen
from resolvers.registry import NewDocument

OPEN_ENDED = "its variables may name more"


@dataclass(frozen=True, slots=True)
class Checked:
    """One document, or one file that holds none: why it cannot be registered, else what it asks."""

    file: Path
    id: str | None = None
    name: str | None = None
    fault: str | None = None
    new: NewDocument | None = None
    audience: Audience | None = None
    attributes: tuple[Foreseen, ...] = ()
    open_ended: bool = False

    @property
    def holds(self) -> bool:
        """Tell whether it can be registered and may be given all it names."""
        return self.fault is None and not any(one.obstacles for one in self.attributes)


def as_text(rows: Iterable[Checked]) -> str:
    """Return a block for each document: its id and name, then a line for each attribute."""
    return "".join(f"{_plain(line)}\n" for row in rows for line in _lines(row))


def _plain(line: str) -> str:
    """Return a line without what a terminal would obey: documents come from others, and so do their words."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)


def _lines(row: Checked) -> Iterator[str]:
    if row.id is not None:
        yield f"{row.id} {row.name}"
    if row.fault is not None:
        yield f"{'  ' if row.id else ''}cannot be registered: {row.fault}"
    width = max((len(one.key) for one in row.attributes), default=0)
    for one in row.attributes:
        yield f"  {one.key:<{width}} {_sensitivity(one)} {_said(one)}"
    if row.open_ended:
        yield f"  {OPEN_ENDED}"


def _sensitivity(one: Foreseen) -> str:
    if one.sensitivity is None:
        return "--"
    return f"{one.sensitivity.name} special" if one.special else one.sensitivity.name


def _said(one: Foreseen) -> str:
    if one.obstacles:
        return f"never released: {'; '.join(one.obstacles)}"
    return ", ".join(f"{operation} on {basis}" for operation, basis in one.bases)


def as_json(rows: Iterable[Checked]) -> str:
    """Return the same as one JSON document on one line."""
    return _line([_row(row) for row in rows])


def _row(row: Checked) -> dict[str, Any]:
    return {
        "file": str(row.file),
        "id": row.id,
        "name": row.name,
        "fault": row.fault,
        "audience": None if row.audience is None else row.audience.value,
        "attributes": [
            {
                "key": one.key,
                "sensitivity": None if one.sensitivity is None else one.sensitivity.name,
                "special": one.special,
                "registered": one.registered,
                "bases": {operation.value: basis and basis.value for operation, basis in one.bases},
                "neverReleased": list(one.obstacles),
            }
            for one in row.attributes
        ],
        "variablesMayNameMore": row.open_ended,
    }


def ids_as_text(documents: Iterable[RegisteredDocument]) -> str:
    """Return a line for each registered document: its id and name."""
    return "".join(f"{one.id} {one.name}\n" for one in documents)


def ids_as_json(documents: Iterable[RegisteredDocument]) -> str:
    """Return the same as one JSON document on one line."""
    return _line([{"id": one.id, "name": one.name, "keys": list(one.keys)} for one in documents])


def _line(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows) + "\n"
