"""What is said of documents at the command line, for people and for machines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from gateway.in_use import Broken
from graph.formats import written
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


def as_text(rows: Iterable[Checked], found: Iterable[Broken] = ()) -> str:
    """Return a block for each document: its id and name, then a line for each attribute, or for what would break it."""
    lines = chain((line for row in rows for line in _lines(row)), (line for row in found for line in _broken(row)))
    return "".join(f"{_plain(line)}\n" for line in lines)


def still_hold(documents: int) -> str:
    """Return what is said where every document in use holds."""
    return f"{documents} registered documents hold\n"


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


def _broken(row: Broken) -> Iterator[str]:
    one = row.document
    used = "never used yet" if one.last_used_at is None else f"last used {written(one.last_used_at)}"
    yield f"{one.id} {one.name}, registered for {one.recipient}, {used}"
    yield from (f"  would break: {cause}" for cause in row.causes)


def _sensitivity(one: Foreseen) -> str:
    if one.sensitivity is None:
        return "--"
    return f"{one.sensitivity.name} special" if one.special else one.sensitivity.name


def _said(one: Foreseen) -> str:
    if one.obstacles:
        return f"never released: {'; '.join(one.obstacles)}"
    return ", ".join(f"{operation} on {basis}" for operation, basis in one.bases)


def as_json(rows: Iterable[Checked], found: Iterable[Broken] = ()) -> str:
    """Return the same as one JSON document on one line."""
    return _line([*(_row(row) for row in rows), *(_broken_row(row) for row in found)])


def _broken_row(row: Broken) -> dict[str, Any]:
    one = row.document
    used = None if one.last_used_at is None else written(one.last_used_at)
    return {
        "id": one.id,
        "name": one.name,
        "recipient": one.recipient,
        "lastUsedAt": used,
        "wouldBreak": list(row.causes),
    }


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
