"""A tool that crashed, heard nobody or sees nothing is no witness."""

import json
import sys
from pathlib import Path

import httpx
import pytest

from tests.attacks.known import Broken, Clairvoyance, Cop, blind, unheard
from tests.attacks.open_door import TOKEN, open_door

NOBODY = "http://127.0.0.1:9/graphql"
GAVE_UP = "raise SystemExit('clairvoyance.entities.errors.EndpointError: unable')"
DREW = "import sys; open(sys.argv[sys.argv.index('-o') + 1], 'w').close()"
CRASHED = "raise SystemExit('KeyError: errors')"


def row(title: str, *, found: bool, sent: str = "curl") -> dict[str, object]:
    return {"title": title, "result": found, "curl_verify": sent}


def said(*rows: dict[str, object]) -> str:
    return f"print({json.dumps(rows)!r})"


class Blind:
    """A tool that never finds anything."""

    def found(self, url: str, token: str | None) -> list[str]:
        return []


class Asking:
    """A tool that finds what it is told."""

    def found(self, url: str, token: str | None) -> list[str]:
        told = httpx.post(url, json={"query": "{ devices { id } }"}, headers={"Authorization": f"Bearer {token}"})
        return list(told.json().get("data", ()))


def clairvoyance(folder: Path, does: str) -> Clairvoyance:
    command = folder / "clairvoyance"
    command.write_text(f"#!{sys.executable}\n{does}\n")
    command.chmod(0o700)
    return Clairvoyance(command)


def cop(folder: Path, does: str) -> Cop:
    (folder / "graphql-cop.py").write_text(does)
    return Cop(folder, Path(sys.executable))


@pytest.mark.parametrize(("does", "found"), [(GAVE_UP, []), (DREW, ["a schema"])])
def test_clairvoyance_draws_or_gives_up(tmp_path: Path, does: str, found: list[str]) -> None:
    assert clairvoyance(tmp_path, does).found(NOBODY, "token") == found


@pytest.mark.parametrize("does", [CRASHED, ""])
def test_a_clairvoyance_that_ended_otherwise_is_broken(tmp_path: Path, does: str) -> None:
    with pytest.raises(Broken):
        clairvoyance(tmp_path, does).found(NOBODY, None)


@pytest.mark.parametrize(
    ("does", "found"), [(said(row("A", found=False)), []), (said(row("A", found=False), row("B", found=True)), ["B"])]
)
def test_what_graphql_cop_finds_is_told_by_its_title(tmp_path: Path, does: str, found: list[str]) -> None:
    assert cop(tmp_path, does).found(NOBODY, "token") == found


@pytest.mark.parametrize("does", [CRASHED, said(), said(row("A", found=False, sent=""))])
def test_a_graphql_cop_that_heard_nobody_is_broken(tmp_path: Path, does: str) -> None:
    with pytest.raises(Broken):
        cop(tmp_path, does).found(NOBODY, None)


@pytest.mark.journey
def test_a_tool_that_sees_nothing_or_breaks_at_an_open_door_is_told(tmp_path: Path) -> None:
    tools = {"blind": Blind(), "asking": Asking(), "broken": cop(tmp_path, CRASHED), "away": Clairvoyance(tmp_path)}

    assert [one.split(" finds nothing")[0] for one in blind(tools)] == ["blind", "broken", "away"]


@pytest.mark.journey
@pytest.mark.parametrize(("token", "told"), [(TOKEN, []), (None, []), ("another", ["the gateway answers 401"])])
def test_a_token_that_opens_nothing_is_told_before_a_tool_shows_it(token: str | None, told: list[str]) -> None:
    with open_door() as url:
        assert [one.split(" before")[0] for one in unheard(url, token)] == told
