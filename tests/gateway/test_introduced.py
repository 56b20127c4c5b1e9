"""`pairwise` at the command line: which ids a recipient knows people by, before and after a change of their key."""

import io
from pathlib import Path

import pytest

from gateway.tokens import subject_of
from tests.support import pack_folder
from tests.support.command import Called, called
from tests.support.operator import ISSUER, Operator

ADA, BEA = (subject_of(ISSUER, name) for name in ("ada", "bea"))


@pytest.fixture
def desk(operator: Operator) -> Operator:
    """Return an operator of a pack of its own."""
    pack_folder.written(operator.folder / "pack")
    return operator


def asked(desk: Operator, *ids: str, recipient: str = "acme", keys: str = "1") -> Called:
    path = desk.folder / "ids"
    path.write_text("".join(f"{one}\n" for one in ids))
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"), PAIRWISE_KEYS=keys)
    return called("pairwise", path, "--recipient", recipient, settings=settings)


def rows(told: Called) -> list[list[str]]:
    return [line.split("\t") for line in told.out.splitlines()]


def test_subjects_are_told_by_the_ids_their_recipient_knows(desk: Operator) -> None:
    told = asked(desk, ADA, "", f"  {BEA} ")
    assert (told.code, [row[0] for row in rows(told)]) == (0, [ADA, BEA])
    assert len({row[1] for row in rows(told)} | {ADA, BEA}) == 4
    assert asked(desk, ADA).out == told.out.splitlines(keepends=True)[0]


def test_an_id_of_before_is_told_by_the_one_of_now_while_its_key_is_kept(desk: Operator) -> None:
    ((_, old),) = rows(asked(desk, ADA))
    ((_, new),) = rows(asked(desk, ADA, keys="2,1"))
    told = asked(desk, old, new, keys="2,1")
    assert (told.code, rows(told)) == (0, [[old, new], [new, new]])
    dropped = asked(desk, old, new, keys="2")
    assert (dropped.code, rows(dropped)) == (1, [[old, "-"], [new, new]])


def test_an_id_of_another_recipient_is_nobodys(desk: Operator) -> None:
    ((_, theirs),) = rows(asked(desk, ADA, recipient="house"))
    told = asked(desk, theirs, "whoever")
    assert (told.code, rows(told)) == (1, [[theirs, "-"], ["whoever", "-"]])


def test_ids_may_come_from_standard_input(desk: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ADA}\n"))
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"))
    told = called("pairwise", "-", "--recipient", "acme", settings=settings)
    assert told.out == asked(desk, ADA).out


def test_a_recipient_nobody_knows_is_a_wrong_call(desk: Operator) -> None:
    told = asked(desk, ADA, recipient="nobody")
    assert (told.code, told.out) == (2, "")
    assert told.err.endswith("`nobody` is no recipient of the catalogue; name one of it\n")


def test_a_file_that_is_not_there_is_a_wrong_call(desk: Operator, tmp_path: Path) -> None:
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"))
    assert called("pairwise", tmp_path / "none", "--recipient", "acme", settings=settings).code == 2


def test_a_file_that_is_no_text_is_a_wrong_call(desk: Operator, tmp_path: Path) -> None:
    (tmp_path / "ids").write_bytes(b"\xff\xfe")
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"))
    told = called("pairwise", tmp_path / "ids", "--recipient", "acme", settings=settings)
    assert (told.code, told.out) == (2, "")
    assert told.err.endswith("is no text in UTF-8; write one id a line\n")
