"""A real Neo4j for the tests: the one that is named, else Docker's, else one out of Maven's jars; one a test run.

`CONSENT_GATEWAY_TEST_NEO4J_URI` names one, with `…_USER` and `…_PASSWORD`. Where there is none the tests say so, and
fail if `CI` is set.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from tests.support.house import ROOT
from tests.support.neo4j_jars import BUILD, command, jars, locked, usable

PREFIX = "CONSENT_GATEWAY_TEST_NEO4J_"
IMAGE = "neo4j:5.26-community"
UP_SECONDS = 120.0  # 4 s is usual; a cold machine that runs the whole suite beside it is slower
LOOK_SECONDS = 0.1
ASK_SECONDS = 10
FIRST_PASSWORD = "neo4j"  # what a new server of the jars has until it is changed


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """Where a server listens, and who may come in."""

    uri: str
    user: str
    password: str

    def driver(self) -> Driver:
        """Return a plain driver, for what tests look at beside the store."""
        return _driver(self.uri, self.user, self.password)


def each_store(names: Iterable[str]) -> list[ParameterSet]:
    """Return stores by name as parameters of a fixture."""
    return [pytest.param(name, marks=pytest.mark.neo4j if name == "neo4j" else ()) for name in sorted(names)]


@contextmanager
def turn() -> Iterator[None]:
    """Hold the run's server alone among its workers: what one test counts, another would change."""
    with locked(BUILD / "runs" / f"{_run()}.turn"):
        yield


def _run() -> str:
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}"


def server() -> Neo4jServer:
    """Return the server of this test run, started by whichever of its processes asks first; skips where none can be."""
    named = _named(os.environ)
    return _shared("json") if named is None else named


def spare() -> Neo4jServer:
    """Return another server of this run, for any test to wipe in its `turn`; skips where none can be."""
    return _shared("spare.json")


def _shared(name: str) -> Neo4jServer:
    """Return a server that all processes of this test run know by a name, started by whichever asks first."""
    known = BUILD / "runs" / f"{_run()}.{name}"
    with locked(known.with_suffix(".lock")):
        if not known.is_file():
            known.write_text(json.dumps(asdict(own())))
    return Neo4jServer(**json.loads(known.read_text()))


def available() -> bool:
    """Tell whether this machine has, or can start, a server."""
    return _named(os.environ) is not None or usable() or _docker_answers()


def own() -> Neo4jServer:
    """Return a server that nobody else uses, until this test run ends; skips where none can be."""
    docker = _docker_answers()
    if docker or usable():
        return _started(_run_of(), docker=docker)
    told = f"Neo4j was NOT tested: name a server in `{PREFIX}URI`, start Docker, or install Java 17 and Maven"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)


def _run_of() -> int:
    """Return the process that lives as long as the test run: of a worker, the one that started it."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def _named(environment: Mapping[str, str]) -> Neo4jServer | None:
    uri = environment.get(f"{PREFIX}URI")
    if uri is None:
        return None
    return Neo4jServer(uri, environment.get(f"{PREFIX}USER", "neo4j"), environment.get(f"{PREFIX}PASSWORD", "neo4j"))


def _docker_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(("docker", "info"), capture_output=True, timeout=ASK_SECONDS, check=False)
    return asked.returncode == 0


def _started(lives: int, *, docker: bool) -> Neo4jServer:
    if not docker:
        jars()
    BUILD.mkdir(parents=True, exist_ok=True)
    folder, port, password = Path(tempfile.mkdtemp(prefix="server-", dir=BUILD)), _free_port(), secrets.token_hex(12)
    runs = _docker_command(port, password) if docker else command(folder, port)
    guard = (sys.executable, "-m", "tests.support.neo4j_guard", str(lives), str(folder), *runs)
    subprocess.run(guard, cwd=ROOT, stdin=subprocess.DEVNULL, check=True, timeout=ASK_SECONDS)
    found = Neo4jServer(f"bolt://127.0.0.1:{port}", "neo4j", password)
    _wait(found, folder, first=password if docker else FIRST_PASSWORD)
    return found


def _docker_command(port: int, password: str) -> list[str]:
    told = ("-e", f"NEO4J_AUTH=neo4j/{password}", "-e", "NEO4J_db_logs_query_enabled=OFF")
    alive = ("-e", "NEO4J_server_bolt_connection__keep__alive=1s")
    return ["docker", "run", "--rm", "-p", f"127.0.0.1:{port}:7687", *told, *alive, IMAGE]


def _wait(found: Neo4jServer, folder: Path, first: str) -> None:
    """Return when the server answers under its password, which a server of the jars is given here."""
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until and folder.is_dir():  # its guard removes it when the server ends
        try:
            if first != found.password:
                _change(found, first)
            with found.driver() as driver:
                driver.execute_query("RETURN 1", database_="neo4j")
        except (DriverError, Neo4jError):
            time.sleep(LOOK_SECONDS)
        else:
            return
    raise RuntimeError("the server of the tests did not come up")


def _change(found: Neo4jServer, first: str) -> None:
    with _driver(found.uri, found.user, first) as driver:
        driver.execute_query(
            "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
            {"old": first, "new": found.password},
            database_="system",
        )


def _driver(uri: str, user: str, password: str) -> Driver:
    """Return a driver that fails at once: who waits for a server asks again."""
    return GraphDatabase.driver(
        uri, auth=(user, password), connection_timeout=5, max_transaction_retry_time=0, telemetry_disabled=True
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
