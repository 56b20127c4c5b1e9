"""Starts a real Neo4j that ends with the process it is started for: Docker's where a daemon answers, else Maven's."""

import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from neo4j_here.guard import CONTAINER
from neo4j_here.jars import BUILD, ROOT, SETTINGS, command, jars, usable

IMAGE = "neo4j:5.26-community"
UP_SECONDS = 120.0  # 4 s is usual; a cold machine that runs the whole suite beside it is slower
LOOK_SECONDS = 0.1
ASK_SECONDS = 10
FIRST_PASSWORD = "neo4j"  # what a new server of the jars has until it is changed
NEEDED = ("db.", "server.bolt.connection_keep_alive")  # the settings of the jars that an image lacks


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """Where a server listens, and who may come in; `browser` is where one looks at its graph, if it serves that."""

    uri: str
    user: str
    password: str
    browser: str | None = None
    folder: str | None = None  # its own, gone with it

    def driver(self) -> Driver:
        """Return a plain driver, for what is looked at beside the store."""
        return driver(self.uri, self.user, self.password)


class CannotStart(Exception):
    """Nothing here starts a server, or it did not come up; the message says what to do."""


def docker_answers() -> bool:
    """Tell whether a Docker daemon answers."""
    if shutil.which("docker") is None:
        return False
    try:
        asked = subprocess.run(("docker", "info"), capture_output=True, timeout=ASK_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


def start(lives: int, changed: Mapping[str, str] = MappingProxyType({})) -> Neo4jServer:
    """Start a server that lives no longer than process `lives`, with some settings changed; raises `CannotStart`."""
    docker = docker_answers()
    if not docker and not usable():
        raise CannotStart("no Neo4j can be started here: start Docker, or install Java 17 or newer and Maven")
    if not docker:
        _fetched()
    BUILD.mkdir(parents=True, exist_ok=True)
    folder, port, password = Path(tempfile.mkdtemp(prefix="server-", dir=BUILD)), free_port(), secrets.token_hex(12)
    http = free_port() if docker else None
    runs = command(folder, port, changed) if http is None else _docker(folder, (port, http), password, changed)
    guarded = (sys.executable, "-m", "neo4j_here.guard", str(lives), str(folder), *runs)
    subprocess.run(guarded, cwd=ROOT, stdin=subprocess.DEVNULL, check=True, timeout=ASK_SECONDS)
    browser = None if http is None else f"http://127.0.0.1:{http}"
    found = Neo4jServer(f"bolt://127.0.0.1:{port}", "neo4j", password, browser, str(folder))
    wait(found, folder, first=password if docker else FIRST_PASSWORD)
    return found


def _fetched() -> None:
    try:
        jars()
    except subprocess.SubprocessError as fault:
        raise CannotStart(
            "Maven cannot fetch the Neo4j server; see what it says, and that it reaches a mirror"
        ) from fault


def _docker(folder: Path, ports: tuple[int, int], password: str, changed: Mapping[str, str]) -> list[str]:
    """Return what starts a server in a container that is removed when it ends; its ports are for Bolt and HTTP."""
    settings = {name: text for name, text in SETTINGS.items() if name.startswith(NEEDED)} | dict(changed)
    told = [word for name, text in settings.items() for word in ("-e", f"{_spelt(name)}={text}")]
    opened = ["-p", f"127.0.0.1:{ports[0]}:7687", "-p", f"127.0.0.1:{ports[1]}:7474"]
    named = ["--cidfile", f"{folder}/{CONTAINER}", "-e", f"NEO4J_AUTH=neo4j/{password}"]
    return ["docker", "run", "--rm", *named, *opened, *told, IMAGE]


def _spelt(setting: str) -> str:
    """Return a setting as the image takes it from its environment."""
    return "NEO4J_" + setting.replace("_", "__").replace(".", "_")


def wait(found: Neo4jServer, folder: Path, first: str) -> None:
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
    raise CannotStart(
        "the Neo4j server did not come up; see that Java is 17 or newer, and that there is memory and room on the disk"
    )


def driver(uri: str, user: str, password: str) -> Driver:
    """Return a driver that fails at once: who waits for a server asks again."""
    return GraphDatabase.driver(
        uri, auth=(user, password), connection_timeout=5, max_transaction_retry_time=0, telemetry_disabled=True
    )


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _change(found: Neo4jServer, first: str) -> None:
    with driver(found.uri, found.user, first) as once:
        once.execute_query(
            "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
            {"old": first, "new": found.password},
            database_="system",
        )
