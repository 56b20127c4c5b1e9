"""The page about fidelity: every example on it is run, every named transform stands on it."""

import json
import re
from pathlib import Path

import pytest

from graph.fidelity import check_ladder, shown
from graph.fidelity.names import OF_A_LIST, OF_A_WORD, ROOM
from graph.fidelity.words import PLACE_LEVELS
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import CONTEXT, VOCABULARIES, attribute

PAGE = (Path(__file__).parents[2] / "docs" / "fidelity.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(.*)` \| `(.*)` \| `(.*)` \|$", PAGE, re.MULTILINE)


def frozen(held: object) -> Held:
    return tuple(held) if isinstance(held, list) else held  # type: ignore[return-value]  # a list of a page is one of words or numbers


@pytest.mark.parametrize(("rung", "kind", "parameters", "held", "expected"), EXAMPLES)
def test_an_example_on_the_page_is_true(rung: str, kind: str, parameters: str, held: str, expected: str) -> None:
    fidelity, ladder = Fidelity[rung], {Fidelity[rung]: json.loads(parameters)}
    words = tuple(ladder[fidelity].get("map", ("snap_30", "snap_45", "left")))
    row = attribute(ValueKind[kind], ladder, enum_values=words if kind == "ENUM" else ())
    assert check_ladder(row, VOCABULARIES) is None
    found = shown(row, frozen(json.loads(held)), fidelity, context=CONTEXT)
    wanted = {name: frozen(value) for name, value in json.loads(expected).items()}
    said = {name: getattr(found, name) for name in ("value", "low", "high", "effect")}
    assert {name: value for name, value in said.items() if value is not None} == wanted


def test_every_named_transform_stands_on_the_page_with_an_example() -> None:
    shown_by_example = {json.loads(row[2]).get("level", json.loads(row[2]).get("to")) for row in EXAMPLES}
    named = {*OF_A_WORD, *OF_A_LIST, ROOM}
    assert named - shown_by_example == set()
    assert [name for name in (*named, *PLACE_LEVELS) if f"`{name}`" not in PAGE] == []
