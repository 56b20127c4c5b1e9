"""Every code and every reason a caller can be told stands on the page of errors or of concepts, and no other."""

import re

from gateway.answers import STATUS
from graph.terms import Reason
from tests.support.house import floors, read

CODE = re.compile(r"`([A-Z][A-Z_]{3,})`")
TOLD = re.compile(r"\b(?:invalid|_bad|InvalidValue)\(\s*\"([A-Z_]+)\"")
QUOTED = re.compile(r"\"([A-Z][A-Z_]{3,})\"")
ROW = re.compile(r"^\| (`[A-Z_`, ]+`) \|", re.MULTILINE)


def rows(page: str, heading: str) -> set[str]:
    """Return the codes that have a row under a heading."""
    section = read(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return {code for row in ROW.findall(section) for code in CODE.findall(row)}


def test_every_code_of_an_error_has_its_row_with_its_status() -> None:
    assert rows("docs/errors.md", "In `errors[].extensions.code`") == set(STATUS)


def test_every_code_of_a_mutations_problem_has_its_row() -> None:
    told = {code for module in floors() for code in TOLD.findall(module.text)}

    assert told - rows("docs/errors.md", "In mutation payloads") == set()


def test_no_row_is_about_a_code_that_nothing_tells() -> None:
    said = {code for module in floors() for code in QUOTED.findall(module.text)}

    assert rows("docs/errors.md", "In mutation payloads") - said == set()


def test_every_reason_is_listed_with_its_gate() -> None:
    listed = set(CODE.findall(read("docs/concepts.md").partition("## The eight gates")[2]))

    assert {reason.value for reason in Reason} - listed == set()
