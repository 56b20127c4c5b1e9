"""A demonstration with a Neo4j of its own: where it is told, whom it ends with, what is said where there is none."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.support.gateway_running import COMMAND, surroundings
from tests.support.house import ROOT
from tests.support.neo4j_server import Neo4jServer, own
from tests.support.polling import until

DEMO = (sys.executable, "-m", "neo4j_here", str(COMMAND), "demo", "--port", "0", "--json")
TOLD = re.compile(
    r"# Its graph is in a Neo4j at bolt://127\.0\.0\.1:(\d+), user (\w+), password (\w+), and ends with it\n"
)
FETCHING = "fetching a Neo4j, once: 118 MB\n"
END_SECONDS = 15


@contextmanager
def running(**settings: str) -> Iterator[tuple[subprocess.Popen[str], str, dict[str, object]]]:
    """Run a demonstration; gives the process, the line beside it, and the line that says it is ready."""
    process = subprocess.Popen(
        DEMO, cwd=ROOT, env=surroundings(**settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        said = json.loads(process.stdout.readline())

        yield process, beside(process.stderr) if not settings else "", said
    finally:
        process.kill()
        process.wait(END_SECONDS)
        process.stdout.close()
        process.stderr.close()


def beside(told: IO[str]) -> str:
    """Return the first line that is not about fetching: whoever is the first on a machine is told of that too."""
    return next(line for line in told if line != FETCHING)


def listens(port: int) -> bool:
    with socket.socket() as looking:
        looking.settimeout(1)
        return looking.connect_ex(("127.0.0.1", port)) == 0


def people(server: Neo4jServer) -> int:
    with server.driver() as driver, driver.session(database="neo4j") as session:
        number: int = session.run("MATCH (one:Subject {kind: 'PERSON'}) RETURN count(one)").single(strict=True).value()
        return number


@pytest.mark.journey
@pytest.mark.neo4j
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_tells_where_its_graph_is_and_takes_it_along_however_it_ends(end: signal.Signals) -> None:
    with running() as (process, line, said):
        told = TOLD.match(line)
        assert told is not None, line
        port, user, password = told.groups()
        found = people(Neo4jServer(f"bolt://127.0.0.1:{port}", user, password))
        process.send_signal(end)
        process.wait(END_SECONDS)
        until(lambda: not listens(int(port)))
    assert found == len(dict.fromkeys(said["subjects"])) == 3  # type: ignore[call-overload]  # a JSON object
    assert process.returncode == (-end if end is signal.SIGKILL else 0)


@pytest.mark.journey
@pytest.mark.neo4j
def test_a_server_that_is_named_is_the_one_it_uses(tmp_path: Path) -> None:
    server, password = own(), tmp_path / "password"
    password.write_text(server.password)
    with running(STORE=server.uri, STORE_USER=server.user, STORE_PASSWORD_FILE=str(password)):
        assert people(server) == 3


def test_where_nothing_can_start_one_a_line_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        DEMO, cwd=ROOT, env=surroundings() | {"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    said = "no Neo4j can be started here: start Docker, or install Java 17 or newer and Maven\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.fixture
def docker(tmp_path: Path) -> Mapping[str, str]:
    """Return the environment of a shell whose `docker` names a container, runs until it is killed, and says its end."""
    script = tmp_path / "docker"
    runs = 'if [ "$1" = run ]; then echo c0ffee > "$4"; exec sleep 600; fi'
    script.write_text(f'#!/bin/sh\n{runs}\necho "$@" > {tmp_path}/end\n')
    script.chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def test_a_container_is_removed_with_whom_it_is_for(tmp_path: Path, docker: Mapping[str, str]) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    lives = subprocess.Popen(("sleep", "600"))
    run = ("docker", "run", "--rm", "--cidfile", f"{folder}/container", "image")
    guard = (sys.executable, "-m", "neo4j_here.guard", str(lives.pid), str(folder), *run)
    subprocess.run(guard, cwd=ROOT, env=dict(docker), check=True, timeout=END_SECONDS)
    until((folder / "container").is_file)
    lives.kill()
    lives.wait(END_SECONDS)
    until(lambda: not folder.exists())
    assert (tmp_path / "end").read_text() == "rm --force c0ffee\n"
