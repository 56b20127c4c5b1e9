"""Which pack the cases of a file are decided by, and what they may name of it."""

import os
from pathlib import Path

import pytest

from gateway.cases import CaseFault, cases_of
from graph.pack import REFERENCE, load
from tests.support import pack_folder
from tests.support.case_files import CaseFiles

CASE = """\
catalogue: {name}
cases:
  - name: nobody said yes
    subject: {{jurisdictions: [XX], age_band: ADULT}}
    request: {{recipient: house, purpose: play.match, channel: goggles, at: 2026-03-01T00:00:00Z}}
    expect:
      hobby.level: {{fidelity: NONE}}
"""


def test_a_pack_lies_beside_the_file_that_names_it(files: CaseFiles) -> None:
    around, (case,) = cases_of(files.of(CASE.format(name="pack")))
    assert around.catalogue.digest == load(str(files.folder / "pack")).catalogue.digest
    assert case.name == "nobody said yes"


def test_else_it_lies_where_the_command_is_called(files: CaseFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    there = files.folder / "there"
    there.mkdir()
    monkeypatch.chdir(files.folder)
    around, _ = cases_of(CaseFiles(there).of(CASE.format(name="pack")))
    assert "hobby.level" in around.catalogue.attributes
    assert Path(os.curdir).resolve() == files.folder


def test_without_a_name_it_is_the_built_in_one(tmp_path: Path) -> None:
    text = """\
recipients: [{id: acme}]
cases:
  - name: nobody said yes
    request: {recipient: acme, purpose: personalize.system.comfort, channel: web, at: 2026-03-01T00:00:00Z}
    expect: {body.height: {fidelity: NONE}}
"""
    built_in = load(REFERENCE).catalogue
    for name in ("", f"catalogue: {REFERENCE}\n"):
        around, _ = cases_of(CaseFiles(tmp_path).of(name + text))
        assert (around.catalogue.digest, around.catalogue.version) == (built_in.digest, built_in.version)
        assert around.catalogue.recipients.keys() - built_in.recipients.keys() == {"acme"}


def test_a_pack_that_is_not_there_is_a_fault_of_the_line_that_names_it(files: CaseFiles) -> None:
    assert files.refused(("catalogue: pack", "catalogue: ►packs")).startswith(
        "the catalogue pack `packs` does not hold: packs:1: there is no such directory"
    )


def test_a_pack_that_does_not_hold_is_told_with_its_own_line(files: CaseFiles) -> None:
    pack_folder.changed(files.folder / "bad", "law.csv", "365", "-1")
    assert files.refused(("catalogue: pack", "catalogue: ►bad")).startswith(
        "the catalogue pack `bad` does not hold: law.csv:3: column `max_age_days`"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("catalogue: pack\ncases: []\n", ":2: there are no cases; write at least one"),
        ("catalogue: pack\n", ":1: `cases` is missing in a case file; add it"),
        ("[]\n", ":1: a case file is not a mapping; write it as `key: value` pairs"),
        ("catalogue: pack\ncases: {}\n", ":2: a mapping is not a list; "),
        ("catalogue: pack\ncases: [a]\n", ":2: a case is not a mapping; "),
    ],
)
def test_a_file_without_cases_is_a_fault(files: CaseFiles, text: str, said: str) -> None:
    with pytest.raises(CaseFault) as fault:
        cases_of(files.of(text))
    assert str(fault.value).startswith(f"{files.folder}/cases.yaml{said}")
