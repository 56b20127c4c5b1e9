"""Fails a whole run whose floors are covered less than the house wants: a plugin that `make test` loads."""

from collections.abc import Generator
from io import StringIO

import coverage
import pytest

from tests.support.neo4j_server import available

# Statements and branches: all of what decides and enforces, nearly all of what carries it.
GATES = (("graph", 100.0), ("resolvers", 100.0), ("schema", 95.0), ("gateway", 95.0))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Measure after the coverage plugin has joined what the workers and the started gateways wrote."""
    ran = yield
    if hasattr(session.config, "workerinput") or session.testsfailed:
        return ran
    short = _short()
    session.config.stash[SHORT] = short
    session.testsfailed += len(short)
    return ran


SHORT = pytest.StashKey[tuple[str, ...]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    short = config.stash.get(SHORT, None)
    if short is None:
        return
    terminalreporter.section("coverage gates")
    terminalreporter.write_line("\n".join(short) if short else "every floor is covered as the house wants")


def _short() -> tuple[str, ...]:
    measured = coverage.Coverage()
    measured.load()
    totals = ((floor, wanted, _total(measured, floor)) for floor, wanted in GATES)
    return tuple(
        f"{floor}: {total:.2f} % is covered, {wanted:.0f} % is wanted"
        for floor, wanted, total in totals
        if total < wanted
    )


def _total(measured: coverage.Coverage, floor: str) -> float:
    untested = () if available() else ("graph/neo4j_store/*",)  # the run says aloud that it could not test it
    return measured.report(include=[f"{floor}/*"], omit=list(untested), file=StringIO(), show_missing=False)
