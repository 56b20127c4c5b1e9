"""What README and docs print is what a demonstration answers; each page has one to itself, run from its top."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Starting
from tests.support.example_answers import answered
from tests.support.examples import Example, examples, pages, unmarked
from tests.support.gateway_running import COMMAND, GatewayRunning, surroundings
from tests.support.house import ROOT
from tests.support.places import Kept

pytestmark = pytest.mark.journey
SHELL_SECONDS = 120  # three commands of a second or two; a machine that does much else takes far longer


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
            seen |= answered(example, gateway, seen)


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_no_document_is_printed_that_is_not_run(page: str) -> None:
    assert unmarked(page) == []


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
