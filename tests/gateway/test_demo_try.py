"""The lines of the demonstration: short, quoted for a shell, tokens in files only their owner may read."""

import json
import shlex
from pathlib import Path

import pytest

from gateway.demo_roles import ROLES
from gateway.demo_try import TRY, Try, things_to_try

URL = "http://127.0.0.1:1"


def lines(folder: Path, *tries: Try, store: str = "sqlite:///one") -> list[str]:
    tokens = {"ada": "t.o.k", "bo": "e.n.d"}
    return things_to_try(URL, tokens, tries, folder=folder, store=store).split("\n")


def test_each_token_is_in_a_file_of_its_own_that_only_its_owner_may_read(tmp_path: Path) -> None:
    lines(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"ada.token": "t.o.k", "bo.token": "e.n.d"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_line_is_said_and_then_written_for_a_shell(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    body = {"query": '{ a(b: "it\'s") }'}
    *_, said, line, _, _ = lines(folder, Try("ada", "what it shows", body))
    assert said == "# what it shows"
    words = shlex.split(line, posix=True)
    assert words[:3] == ["curl", "-s", f"{URL}/graphql"]
    assert words[-3:] == ["-d", f"{json.dumps(body)};", "echo"]
    assert "t.o.k" not in line


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("sqlite:///{folder}/store", "# Ctrl-C ends it; all of it is then forgotten."),
        ("sqlite:////srv/kept", "# Ctrl-C ends it; its store is kept."),
        ("bolt://127.0.0.1:7687", "# Ctrl-C ends it."),
    ],
)
def test_the_last_line_says_how_it_ends(tmp_path: Path, store: str, said: str) -> None:
    assert lines(tmp_path, store=store.format(folder=tmp_path))[-1] == said


def test_what_is_tried_is_asked_by_a_role_there_is() -> None:
    assert {one.role for one in TRY} <= set(ROLES)
