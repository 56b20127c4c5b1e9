"""What the pages of the doors say is shown: by a command that runs, on a test that is there, or as a named risk."""

import re
import shlex
from pathlib import Path

import pytest

from tests.support.house import ROOT, read

SECURITY = Path("docs/security.md")
THREATS = Path("docs/threat-model.md")
KINDS = {"L", "I", "N", "D", "DD", "U", "NC", "S", "T", "R", "ID", "DS", "EP"}  # LINDDUN, then STRIDE
TEST = re.compile(r"\[`(test_\w+)`\]\((?:\.\./)?(tests/[\w/]+\.py)\)")


def rows(page: Path) -> list[list[str]]:
    """Return the cells of each row of a page's tables, without the heads."""
    lines = [line for line in read(page).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if "shown by" not in line]


def holds(path: str, name: str = "") -> bool:
    """Tell whether a file or folder of tests is there, and has the test if one is named."""
    place = ROOT / path
    return place.exists() and (not name or re.search(rf"def {name}\(", place.read_text()) is not None)


THREAT_ROWS = rows(THREATS)
COMMANDS = [command for *_, cell in rows(SECURITY) for command in re.findall(r"`(make [^`]*)`", cell)]


def test_every_promise_has_a_command() -> None:
    assert [row for row in rows(SECURITY) if not re.fullmatch(r"`make [^`]*`", row[-1])] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_its_target_and_its_tests(command: str) -> None:
    _, target, *given = shlex.split(command)
    tests = [word.removeprefix("TEST=") for word in given if word.startswith("TEST=")]
    named = [path.partition("::") for word in tests for path in word.split()]

    assert re.search(rf"^{target}:", read(Path("Makefile")), re.MULTILINE)
    assert [path for path, _, name in named if not holds(path, name)] == []
    assert [word for word in given if not word.startswith(("TEST=", f"{target.upper()}="))] == []


def test_threats_have_names_of_their_own_and_no_kind_is_without_one() -> None:
    names = [row[0] for row in THREAT_ROWS]

    assert len(names) == len(set(names))
    assert {name.rstrip("0123456789") for name in names} == KINDS


@pytest.mark.parametrize("row", THREAT_ROWS, ids=lambda row: row[0])
def test_a_threat_has_a_test_that_is_there_or_its_risk_is_named(row: list[str]) -> None:
    tests = TEST.findall(row[-1])

    assert tests or row[-1].startswith("residual: ")
    assert [(path, name) for name, path in tests if not holds(path, name)] == []
