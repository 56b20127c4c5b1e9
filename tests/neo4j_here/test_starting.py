"""What stands in the way of a server, told in a line; what others say meanwhile is kept off standard output."""

import os
from pathlib import Path

import pytest

from neo4j_here import jars, starting
from neo4j_here.starting import CannotStart, docker_answers, start


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_maven_that_cannot_fetch_is_told_in_a_line_and_prints_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    script(tmp_path / "java", "exit 0")
    script(tmp_path / "mvn", "echo no mirror; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(jars, "BUILD", tmp_path / "build")

    with pytest.raises(CannotStart, match=r"^Maven cannot fetch the Neo4j server; see what it says, "):
        start(os.getpid())

    assert capfd.readouterr() == ("", "fetching a Neo4j, once: 118 MB\nno mirror\n")


def test_a_docker_that_does_not_answer_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "docker", "exec /bin/sleep 600")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(starting, "ASK_SECONDS", 0.1)

    assert docker_answers() is False
