"""A Neo4j of somebody's own, to do harm to: killed, started again on the same data, frozen, thawed, set otherwise."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from neo4j_here.guard import PID
from neo4j_here.jars import BUILD, ROOT, command, usable
from neo4j_here.starting import FIRST_PASSWORD, Neo4jServer, free_port, wait
from tests.support.neo4j_server import untested
from tests.support.polling import until

CHANGE = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
GUARD_SECONDS = 10.0
END_SECONDS = 60.0  # to end in order takes a server 5 to 19
LOOK_SECONDS = 0.05
QUICK = "-XX:TieredStopAtLevel=1"  # up sooner, but slower ever after
DISK = "48m"  # a fresh server takes 2 MB of it


@dataclass(slots=True)
class ServerAlone:
    """The server's data in `home`; each of its lives in a folder of its own, which its guard removes."""

    home: Path
    port: int
    known: Neo4jServer
    quick: bool
    lives: int = 0

    @property
    def graph(self) -> Path:
        """Return where it keeps what it knows."""
        return self.home / "home" / "data"

    @property
    def password_file(self) -> Path:
        """Return the file that holds its password; a new password is written there by the test."""
        return self.home / "password"

    def start(self, **settings: str) -> None:
        """Start it, and return when it answers; dots in the names of settings are written as two underscores."""
        self.lives += 1
        self._life.mkdir()
        runs = command(self.home, self.port, {name.replace("__", "."): text for name, text in settings.items()})
        kept = [word for word in runs if self.quick or word != QUICK]
        guard = (sys.executable, "-m", "neo4j_here.guard", str(os.getpid()), str(self._life), *kept)
        subprocess.run(guard, cwd=ROOT, stdin=subprocess.DEVNULL, check=True, timeout=GUARD_SECONDS)
        wait(self.known, self._life, first=FIRST_PASSWORD if self.lives == 1 else self.known.password)

    def kill(self) -> None:
        """End it as a power cut would; return when it is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would, its work written down: one that may not write could not make up for that."""
        self._end(signal.SIGTERM)

    def change_password(self) -> None:
        """Give it another password; who came in by the old one stays until the connection ends."""
        old, self.known = self.known, replace(self.known, password=secrets.token_hex(12))
        with old.driver() as driver:
            changed = {"old": old.password, "new": self.known.password}
            driver.execute_query(CHANGE, changed, database_="system")

    def freeze(self) -> None:
        """Stop it, with every connection open; on a busy machine its threads go on for a while after the signal."""
        self._signal(signal.SIGSTOP)
        until(self._stopped, END_SECONDS)

    def _stopped(self) -> bool:
        """Tell whether none of its threads runs (proc(5), `T`); where that cannot be seen, the signal has to do."""
        threads = Path("/proc", (self._life / PID).read_text(), "task").glob("*/stat")
        return all(_state(thread) == "T" for thread in threads)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        self._signal(how)
        give_up = time.monotonic() + END_SECONDS
        while self._life.is_dir() and time.monotonic() < give_up:  # its guard removes it
            time.sleep(LOOK_SECONDS)

    def _signal(self, how: signal.Signals) -> None:
        os.kill(int((self._life / PID).read_text()), how)

    @property
    def _life(self) -> Path:
        return self.home / f"life-{self.lives}"


def _state(thread: Path) -> str:
    """Return the state of a thread; one that has ended meanwhile runs no more."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return thread.read_text().rpartition(")")[2].split()[0]
    return "T"


@contextmanager
def alone(*, quick: bool = True) -> Iterator[ServerAlone]:
    """Give a server that is not started yet, and end it with the block; a `quick` one is sooner up, then slower.

    Skips where there is no Java or no Maven.
    """
    if not usable():
        untested("install Java 17 and Maven")
    BUILD.mkdir(parents=True, exist_ok=True)
    home, port = Path(tempfile.mkdtemp(prefix="alone-", dir=BUILD)), free_port()
    known = Neo4jServer(f"bolt://127.0.0.1:{port}", "neo4j", secrets.token_hex(12))
    server = ServerAlone(home, port, known, quick)
    server.password_file.touch(mode=0o600)
    server.password_file.write_text(server.known.password)
    try:
        yield server
    finally:
        with suppress(OSError, ValueError):  # it may be gone
            server.kill()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a small disk at a folder until the end of the block; skips where that is not allowed."""
    folder.mkdir(parents=True)
    made = subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)), check=False)
    if made.returncode != 0:
        untested("be root, and allowed to mount, to have a full disk tested")
    try:
        yield
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no room on the disk of a folder until the end of the block."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 65_536):
            pass
    yield
    filler.unlink()
