"""A real Neo4j for the tests: the one that is named, else Docker's, else one out of Maven's jars; one a test run.

`CONSENT_GATEWAY_TEST_NEO4J_URI` names one, with `…_USER` and `…_PASSWORD`. Where there is none the tests say so, and
fail if `CI` is set.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, NoReturn

import pytest
from _pytest.mark import ParameterSet

from neo4j_here.jars import BUILD, locked, usable
from neo4j_here.starting import FIRST_PASSWORD, Neo4jServer, docker_answers, free_port, start, wait

PREFIX = "CONSENT_GATEWAY_TEST_NEO4J_"
ANY_SERVER = f"name a server in `{PREFIX}URI`, start Docker, or install Java 17 and Maven"
__all__ = [
    "FIRST_PASSWORD",
    "Neo4jServer",
    "available",
    "each_store",
    "free_port",
    "once",
    "own",
    "server",
    "turn",
    "wait",
]


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
    return _shared("server") if named is None else named


def spare() -> Neo4jServer:
    """Return another server of this run, for any test to wipe in its `turn`; skips where none can be."""
    return _shared("spare")


def _shared(name: str) -> Neo4jServer:
    """Return a server that all processes of this test run know by a name, started by whichever asks first."""
    return Neo4jServer(**once(name, lambda: asdict(own())))


def once(name: str, make: Callable[[], Any]) -> Any:
    """Return what the process of this test run that asks first makes, as JSON gives it back; others wait for it."""
    known = BUILD / "runs" / f"{_run()}.{name}.json"
    with locked(known.with_suffix(".lock")):
        if not known.is_file():
            known.write_text(json.dumps(make()))
    return json.loads(known.read_text())


def available() -> bool:
    """Tell whether this machine has, or can start, a server."""
    return _named(os.environ) is not None or usable() or docker_answers()


def own(**changed: str) -> Neo4jServer:
    """Return a server nobody else uses, some settings changed, until this test run ends; skips where none can be."""
    if not (usable() or docker_answers()):
        untested()
    return start(_run_of(), changed)


def untested(otherwise: str = ANY_SERVER) -> NoReturn:
    """Say aloud that Neo4j was not tested, and what to do to have it tested; that is a failure if `CI` is set."""
    told = f"Neo4j was NOT tested: {otherwise}"
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
