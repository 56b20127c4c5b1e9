"""What README and docs print is what a demonstration answers; each page has one to itself, run from its top."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Starting
from tests.support.examples import Example, compared, examples, filled, pages, unmarked
from tests.support.gateway_running import COMMAND, GatewayRunning, surroundings
from tests.support.house import ROOT
from tests.support.partner import registered
from tests.support.places import Kept

pytestmark = pytest.mark.journey
SHELL_SECONDS = 30


@pytest.mark.parametrize("page", pages())
def test_the_examples_of_a_page_are_answered_as_it_says(
    starting: Starting, page: str, kept: Kept, tmp_path: Path
) -> None:
    gateway = starting()
    seen: dict[str, Any] = {}
    for example in examples(page):
        if example.words == ("shell",):
            _shows(example, gateway, kept, tmp_path)
        else:
            seen |= _answers(example, gateway, seen)


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_no_document_is_printed_that_is_not_run(page: str) -> None:
    assert unmarked(page) == []


def _answers(example: Example, gateway: GatewayRunning, kept: Mapping[str, Any]) -> dict[str, Any]:
    assert example.answer is not None, f"{example.place}: print the answer below"
    stated = json.loads(example.answer)
    found, more = compared(stated, _asked(example, gateway, kept))
    assert found == stated, example.place
    assert list(_names(found)) == list(_names(stated)), example.place
    return more


def _asked(example: Example, gateway: GatewayRunning, kept: Mapping[str, Any]) -> Any:
    role, *words = example.words
    if example.how == "post":
        return gateway.role(role).post(filled(json.loads(example.text), kept)).body
    if example.how == "run":
        return gateway.role(role).ask(example.text, _variables(role, words, gateway, kept)).body
    purpose, *words = words
    row = {"name": "example", "body": example.text, "purpose": purpose, "operation": "DISCLOSE"}
    named = registered(gateway, role, row)[0]["id"]
    return gateway.role(role).post({"documentId": named, "variables": _variables(role, words, gateway, kept)}).body


def _variables(role: str, words: list[str], gateway: GatewayRunning, kept: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for word in words:
        name, _, person = word.partition("=")
        if person and role in gateway.announced["pairwise"]:
            found[name] = [gateway.announced["pairwise"][role][person]]
        else:
            found[name] = gateway.announced["subjects"][person] if person else kept[name]
    return found


def _names(value: Any) -> Any:
    """Yield every name in an answer, in its order: an answer is printed as it comes."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _names(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)


def _shows(example: Example, gateway: GatewayRunning, kept: Kept, folder: Path) -> None:
    people = {name.upper(): subject for name, subject in gateway.announced["subjects"].items()}
    around = (
        surroundings(**gateway.settings(kept.settings))
        | people
        | {"PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"}
    )
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", example.text],
        capture_output=True,
        text=True,
        env=around,
        cwd=folder,
        timeout=SHELL_SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, ""), (example.place, done.stderr)
    if example.answer is not None:
        assert [line.rstrip() for line in done.stdout.splitlines()] == example.answer.splitlines(), example.place
