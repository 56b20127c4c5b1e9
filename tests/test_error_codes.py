"""Every code and every reason a caller can be told stands on the page of errors or of concepts, and no other."""

import re

from gateway.answers import ALWAYS, STATUS
from gateway.settings import PARSERS
from graph.terms import Reason
from tests.support.house import floors, read

CODE = re.compile(r"`([A-Z][A-Z_]{3,})`")
TOLD = re.compile(r"\b(?:invalid|_bad|InvalidValue)\(\s*\"([A-Z_]+)\"")
QUOTED = re.compile(r"\"([A-Z][A-Z_]{3,})\"")
ERRORS = "In `errors[].extensions.code`"
SOFT = {"PERSISTED_DOCUMENT_REQUIRED": {403}}  # a well-formed request all the same (4.4)
ROW = re.compile(r"^\| (`[A-Z_`, ]+`) \|", re.MULTILINE)


def section(page: str, heading: str) -> str:
    """Return what stands under a heading."""
    return read(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(page: str, heading: str) -> list[str]:
    """Return the codes that have a row under a heading."""
    return [code for row in ROW.findall(section(page, heading)) for code in CODE.findall(row)]


def test_every_code_of_an_error_has_one_row_with_its_status_in_bold_if_old_clients_are_told_it() -> None:
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|;]+)", section("docs/errors.md", ERRORS), re.MULTILINE))
    statuses = {code: {int(one) for one in re.findall(r"\d{3}", text)} for code, text in told.items()}
    bold = {code: {int(one) for one in re.findall(r"\*\*(\d{3})\*\*", text)} for code, text in told.items()}

    assert sorted(rows("docs/errors.md", ERRORS)) == sorted(STATUS)
    assert {code: STATUS[code] for code, found in statuses.items() if STATUS[code] not in found} == {}
    assert {code: found & (ALWAYS - SOFT.get(code, set())) for code, found in statuses.items()} == bold


def test_every_setting_has_one_row() -> None:
    table = read("docs/operating.md").partition("| variable |")[2].partition("\n\n")[0]
    names = [name for row in table.splitlines()[2:] for name in CODE.findall(row.split("|")[1])]

    assert sorted(names) == sorted(PARSERS)


def test_every_code_of_a_mutations_problem_has_its_row() -> None:
    told = {code for module in floors() for code in TOLD.findall(module.text)}

    assert told - set(rows("docs/errors.md", "In mutation payloads")) == set()


def test_no_row_is_about_a_code_that_nothing_tells() -> None:
    said = {code for module in floors() for code in QUOTED.findall(module.text)}

    assert set(rows("docs/errors.md", "In mutation payloads")) - said == set()


def test_every_reason_is_listed_with_its_gate() -> None:
    listed = set(CODE.findall(read("docs/concepts.md").partition("## The eight gates")[2]))

    assert {reason.value for reason in Reason} - listed == set()
