"""What a run says and how it ends: lines like a test runner's, one document for machines, 0, 1 or 2."""

import json
from io import StringIO
from typing import Any

from gateway import cases
from tests.support.case_files import CaseFiles
from tests.support.command import called

WRONG = (
    ("fidelity: PRECISE", "fidelity: NONE"),
    ("reasons: []", "reasons: [OBJECTED, CONSENT_MISSING]"),
    ("next_action: null", "next_action: ASK_CONSENT"),
    ("evidence: [1]", "evidence: []"),
    ("valid_until: 2026-06-01T00:00:00Z", "valid_until: null"),
)
NO_LATER = ("2026-01-10T00:00:00Z, scope: {channel: backend}", "2026-01-21T00:00:00Z")
GATES = ["SCOPE", "PURPOSE", "STANDING", "LAW", "CONSENT", "LINEAGE", "LEVEL", "CONTEXT"]


def test_cases_that_hold_are_done(files: CaseFiles) -> None:
    path = files.written()
    told = called("test", path)
    assert (told.code, told.out, told.err) == (0, f"{path}\n  pass  a yes is a yes\n1 passed, 0 failed\n", "")


def test_a_case_that_fails_is_a_no_and_shows_what_differs_and_every_gate(files: CaseFiles) -> None:
    path = files.written(*WRONG)
    told = called("test", path)
    assert (told.code, told.err) == (1, "")
    file, case, attribute, *lines, count = told.out.splitlines()
    assert (file, case, count) == (str(path), "  FAIL  a yes is a yes (line 43)", "0 passed, 1 failed")
    assert attribute == "        craft.list"
    assert [line.strip() for line in lines[:5]] == [
        "fidelity: expected NONE, got PRECISE",
        "reasons: expected CONSENT_MISSING, OBJECTED, got -",
        "next_action: expected ASK_CONSENT, got null",
        "evidence: expected -, got 1",
        "valid_until: expected null, got 2026-06-01T00:00:00Z",
    ]
    head, *gates = [line.split() for line in lines[5:]]
    assert head == ["gate", "ceiling", "reasons", "records", "rule"]
    assert [gate[0] for gate in gates] == GATES
    assert gates[4][:4] == ["CONSENT", "PRECISE", "-", "-"]


def test_a_record_that_holds_a_gate_down_is_named_by_its_number(files: CaseFiles) -> None:
    told = called("test", files.written(NO_LATER))
    assert told.code == 1
    (gate,) = [line.split() for line in told.out.splitlines() if line.split()[:1] == ["CONSENT"]]
    assert gate[:4] == ["CONSENT", "NONE", "CONSENT_MISSING", "2"]


def test_only_the_attributes_that_fail_are_shown(files: CaseFiles) -> None:
    told = called("test", files.written(("    expect:\n", "    expect:\n      hobby.level: {fidelity: PRECISE}\n")))
    assert told.code == 1
    assert "        hobby.level\n" in told.out
    assert "craft.list" not in told.out


def test_a_name_of_several_lines_is_one_line_of_the_report(files: CaseFiles) -> None:
    told = called("test", files.written(("name: a yes is a yes", "name: |\n      a yes\n      is a yes")))
    assert "  pass  a yes is a yes\n" in told.out


def test_a_file_with_a_fault_is_a_wrong_call_and_the_others_are_run(files: CaseFiles) -> None:
    good, failing = files.written(name="good.yaml"), files.written(*WRONG, name="failing.yaml")
    bad = files.written(("[QQ]", "[QQ]\n      colour: red"), name="bad.yaml")
    told = called("test", good, bad, failing)
    assert told.code == 2
    assert told.err.startswith(f"{bad}:46: unknown key `colour` in a subject; use ")
    assert told.err.count("\n") == 1
    assert told.out.startswith(f"{good}\n  pass  a yes is a yes\n{failing}\n  FAIL  ")
    assert told.out.endswith("1 passed, 1 failed\n")


def test_no_file_at_all_is_a_wrong_call() -> None:
    out, err = StringIO(), StringIO()
    assert cases.run((), as_json=False, out=out, err=err) == cases.CALL_IS_WRONG
    assert (out.getvalue(), err.getvalue()) == ("", "no case file is named; name at least one\n")


def document(files: CaseFiles, *paths: object) -> tuple[int, dict[str, Any]]:
    told = called("test", "--json", *paths)
    assert told.out.count("\n") == 1
    return told.code, json.loads(told.out)


def test_a_document_for_machines_says_the_same(files: CaseFiles) -> None:
    path = files.written(*WRONG)
    code, found = document(files, path)
    (file,) = found.pop("files")
    assert (code, found) == (1, {"passed": 0, "failed": 1, "faults": []})
    assert (file["file"], len(file["cases"])) == (str(path), 1)
    (case,) = file["cases"]
    (attribute,) = case.pop("attributes")
    assert case == {"name": "a yes is a yes", "line": 43, "passed": False}
    gates = attribute.pop("gates")
    assert attribute == {
        "key": "craft.list",
        "passed": False,
        "expected": {
            "fidelity": "NONE",
            "reasons": ["CONSENT_MISSING", "OBJECTED"],
            "next_action": "ASK_CONSENT",
            "evidence": [],
            "valid_until": None,
        },
        "got": {
            "fidelity": "PRECISE",
            "reasons": [],
            "next_action": None,
            "evidence": [1],
            "valid_until": "2026-06-01T00:00:00Z",
        },
    }
    assert [gate["gate"] for gate in gates] == GATES
    assert gates[4] == {
        "gate": "CONSENT",
        "ceiling": "PRECISE",
        "reasons": [],
        "records": [],
        "rule": gates[4]["rule"],
    }


def test_only_what_is_stated_is_expected(files: CaseFiles) -> None:
    more = ("reasons: []", "next_action: null", "evidence: [1]", "valid_until: 2026-06-01T00:00:00Z")
    tail = "".join(f"        {line}\n" for line in more)
    code, found = document(files, files.written((tail, "")))
    assert code == 0
    assert found["files"][0]["cases"][0]["attributes"][0]["expected"] == {"fidelity": "PRECISE"}


def test_a_fault_for_machines_has_file_line_and_message(files: CaseFiles) -> None:
    good, bad = files.written(name="good.yaml"), files.written(("[QQ]", "QQ"), name="bad.yaml")
    code, found = document(files, bad, good)
    assert code == 2
    assert (found["passed"], found["failed"], [one["file"] for one in found["files"]]) == (1, 0, [str(good)])
    assert found["faults"] == [
        {
            "file": str(bad),
            "line": 45,
            "message": "`QQ` is not a list; write it in brackets or as lines that begin with `-`",
        }
    ]


def test_instants_that_differ_by_a_microsecond_differ(files: CaseFiles) -> None:
    told = called(
        "test", files.written(("valid_until: 2026-06-01T00:00:00Z", "valid_until: 2026-06-01T00:00:00.000001Z"))
    )
    assert told.code == 1
    assert "expected 2026-06-01T00:00:00.000001Z, got 2026-06-01T00:00:00Z" in told.out
