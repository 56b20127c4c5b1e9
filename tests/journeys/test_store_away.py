"""A store that cannot write: everybody is told so within five seconds, nothing leaves, and nobody restarts anything."""

import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.sqlite_store.migrations import MIGRATIONS
from tests.graph.sqlite_store import locking
from tests.journeys.conftest import Starting
from tests.support import documents
from tests.support.asking import Asking
from tests.support.gateway_running import COMMAND, READY_SECONDS, GatewayRunning, surroundings
from tests.support.graphql_client import Answer
from tests.support.places import Files, Kept
from tests.support.polling import until

pytestmark = pytest.mark.journey

PROMISED = 5.0  # seconds (4.4)
KNOWN = len(MIGRATIONS)  # the schema this program brings a store to
COMFORT, TURNING = "personalize.system.comfort", "xr.comfort.turning"
UNAVAILABLE = (503, ["UNAVAILABLE"])
# To root no file is read-only, unless it goes without the right to override (CAP_DAC_OVERRIDE, 1; PR_CAPBSET_DROP, 24).
WITHOUT_OVERRIDE = """import ctypes, os, sys
if os.geteuid() == 0:
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Keep what gateways know in files alone: it is a file that goes away here."""
    return Files(tmp_path_factory.mktemp("place"))


@pytest.fixture
def store(kept: Kept) -> Path:
    return Path(kept.settings["STORE"].removeprefix("sqlite:///"))


@pytest.fixture
def running(starting: Starting, store: Path) -> GatewayRunning:
    return starting()


def sheet(running: GatewayRunning) -> Answer:
    return running.role("noor_headset").ask(documents.SHEET, {"purpose": COMFORT, "keys": [TURNING]})


def withdrawal(running: GatewayRunning, key: str) -> Answer:
    return running.role("noor_phone").ask(documents.consent_act("withdrawAll"), {"input": {"idempotencyKey": key}})


def released(running: GatewayRunning) -> str:
    return str(sheet(running).answered["me"]["sheet"]["entries"][0]["stringValue"])


def devices(running: GatewayRunning) -> Answer:
    return running.role("noor_phone").ask("{ devices { id } }")


def refused_in_time(running: GatewayRunning, key: str) -> None:
    """Expect a read that would release something, a read that would not, and a write to be refused, in time."""
    for ask in (lambda: sheet(running), lambda: withdrawal(running, key), lambda: devices(running)):
        began = time.monotonic()
        answer = ask()
        assert (answer.status, answer.codes) == UNAVAILABLE
        assert time.monotonic() - began < PROMISED
        assert b"snap_45" not in answer.content


def goes_on(running: GatewayRunning, key: str) -> None:
    """Expect everything as before, and what was refused not to have happened."""
    until(lambda: sheet(running).status == 200, PROMISED)
    assert released(running) == "snap_45"
    assert Asking(running.role("noor_phone")).consents() == []
    assert withdrawal(running, key).answered["act"]["__typename"] == "ConsentChanged"
    ledger = running.role("officer").ask("{ ledger { intact } }").answered
    assert ledger == {"ledger": {"intact": True}}


@contextmanager
def locked(store: Path) -> Iterator[None]:
    command = [sys.executable, "-m", locking.__name__, str(store), "writer"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "locked"
        yield
        other.communicate()


def test_while_another_process_writes(running: GatewayRunning, store: Path) -> None:
    assert released(running) == "snap_45"
    with locked(store):
        refused_in_time(running, "k1")
        assert running.http.get(f"{running.announced['url']}/readyz").status_code == 503
        assert running.http.get(f"{running.announced['url']}/healthz").status_code == 200
    goes_on(running, "k1")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux lets one process limit another")
def test_while_the_disk_is_full(running: GatewayRunning) -> None:
    assert released(running) == "snap_45"
    unlimited = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (1024, unlimited[1]))
    refused_in_time(running, "k1")
    assert running.http.get(f"{running.announced['url']}/readyz").status_code == 503
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, unlimited)
    goes_on(running, "k1")


def test_while_the_file_is_elsewhere(running: GatewayRunning, store: Path) -> None:
    assert released(running) == "snap_45"
    kept = store.rename(store.with_name("kept"))
    refused_in_time(running, "k1")
    assert not store.exists(), "no empty store took its place"
    kept.rename(store)
    goes_on(running, "k1")


def test_a_read_only_store_is_not_served(running: GatewayRunning, store: Path) -> None:
    running.stop()
    store.chmod(0o444)
    demo = [str(COMMAND), "demo", "--port", "0", "--store", f"sqlite:///{store}"]
    command = [sys.executable, "-c", WITHOUT_OVERRIDE, *demo]
    told = subprocess.run(
        command, env=surroundings(), capture_output=True, text=True, check=False, timeout=READY_SECONDS
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        "consent-gateway demo: the store cannot be read or written now; "
        "try again, and check its file, its disk and its locks\n"
    )


def test_a_store_of_a_newer_version_is_not_served(running: GatewayRunning, store: Path) -> None:
    running.stop()
    with sqlite3.connect(store) as connection:
        connection.execute(f"PRAGMA user_version = {KNOWN + 1}")
    connection.close()
    command = [str(COMMAND), "demo", "--port", "0", "--store", f"sqlite:///{store}"]
    told = subprocess.run(
        command, env=surroundings(), capture_output=True, text=True, check=False, timeout=READY_SECONDS
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        f"consent-gateway demo: the store has schema `{KNOWN + 1}`, this program knows `{KNOWN}`; "
        "start a newer program\n"
    )
