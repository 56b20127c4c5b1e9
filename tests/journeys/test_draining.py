"""A gateway that is told to stop in the middle of its work: all that was begun is answered, written down, and whole."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.graph.sqlite_store import locking
from tests.journeys.conftest import Starting
from tests.support import documents
from tests.support.gateway_running import ANSWER_SECONDS, END_SECONDS, GatewayRunning
from tests.support.graphql_client import Answer
from tests.support.places import Files, Kept
from tests.support.polling import until

pytestmark = pytest.mark.journey

COMFORT, TURNING = "personalize.system.comfort", "xr.comfort.turning"
AT_ONCE = 6  # callers whose release stands in line while the store is held


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Keep what gateways know in files alone: it is a file that is held here, so that operations take long."""
    return Files(tmp_path_factory.mktemp("place"))


@pytest.fixture
def store(kept: Kept) -> Path:
    return Path(kept.settings["STORE"].removeprefix("sqlite:///"))


@contextmanager
def held(store: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", locking.__name__, str(store), "writer"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "locked"
        yield other


def sheet(running: GatewayRunning) -> Answer:
    return running.role("noor_headset").ask(documents.SHEET, {"purpose": COMFORT, "keys": [TURNING]})


def withdrawn(running: GatewayRunning) -> Answer:
    """Take everything back as somebody who never said anything: it is recorded all the same."""
    return running.role("jon_web").ask(documents.consent_act("withdrawAll"), {"input": {"idempotencyKey": "ending"}})


def states(running: GatewayRunning) -> set[str]:
    rows = running.role("jon_web").ask(documents.CONSENTS).answered["consents"]["edges"]
    return {row["node"]["state"] for row in rows}


def released(answer: Answer) -> str:
    return str(answer.answered["me"]["sheet"]["entries"][0]["stringValue"])


def in_flight(running: GatewayRunning) -> int:
    told = running.http.get(f"{running.announced['url']}/metrics").text
    return int(told.partition("\nconsent_gateway_in_flight ")[2].split("\n")[0])


def ready(running: GatewayRunning) -> tuple[int, dict[str, str]]:
    answer = running.http.get(f"{running.announced['url']}/readyz")
    return answer.status_code, dict(answer.json())


def entries(running: GatewayRunning) -> int:
    ledger = running.role("officer").ask("{ ledger { length intact } }").answered["ledger"]
    assert ledger["intact"]
    return int(ledger["length"])


def begun(running: GatewayRunning, pool: ThreadPoolExecutor) -> list[Future[Answer]]:
    """Ask from several callers at once, one of whom takes back; return when all of them are in flight."""
    asked = [pool.submit(one, running) for one in (*[sheet] * AT_ONCE, withdrawn)]
    until(lambda: in_flight(running) == len(asked), ANSWER_SECONDS)
    return asked


def test_what_was_begun_is_answered_whole_and_stands_in_the_ledger(starting: Starting, store: Path) -> None:
    running = starting()
    assert released(sheet(running)) == "snap_45"
    before = entries(running)
    with held(store) as other, ThreadPoolExecutor(AT_ONCE + 1) as pool:
        asked = begun(running, pool)
        running.process.send_signal(signal.SIGTERM)
        until(lambda: ready(running) == (503, {"status": "draining"}), ANSWER_SECONDS)
        late = sheet(running)
        assert running.http.get(f"{running.announced['url']}/healthz").status_code == 200
        other.communicate()
        *answers, act = [one.result() for one in asked]
    assert [released(one) for one in answers] == ["snap_45"] * AT_ONCE
    assert (late.status, late.codes, late.headers["Connection"]) == (503, ["UNAVAILABLE"], "close")
    assert running.stop() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.announced['url']}/readyz", trust_env=False)
    assert act.answered["act"]["__typename"] == "ConsentChanged"
    anew = starting()
    assert entries(anew) - before == AT_ONCE, "one for each answer, none for who came too late"
    assert states(anew) == {"WITHDRAWN"}


def test_what_cannot_be_written_down_by_the_end_is_not_given_out(starting: Starting, store: Path) -> None:
    running = starting()
    sheet(running)
    before = entries(running)
    with held(store) as other, ThreadPoolExecutor(AT_ONCE + 1) as pool:
        asked = begun(running, pool)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(END_SECONDS) == 0
        answers = [one.result() for one in asked]
        other.communicate()
    assert {one.status for one in answers} == {503}
    assert {code for one in answers for code in one.codes} <= {"UNAVAILABLE", "TIMEOUT"}, "whichever time is over first"
    assert not [one for one in answers if b"snap_45" in one.content]
    anew = starting()
    assert (entries(anew), states(anew)) == (before, set())
