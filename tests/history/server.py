"""A Neo4j server of one history's own, that can be killed, started again on the same data, stopped and let go on."""

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
from dataclasses import dataclass
from pathlib import Path

from neo4j_here.jars import BUILD, command
from tests.support.house import ROOT
from tests.support.neo4j_guard import PID
from tests.support.neo4j_server import FIRST_PASSWORD, Neo4jServer, free_port, wait

GUARD_SECONDS = 10.0
LOOK_SECONDS = 0.05
QUICK = "-XX:TieredStopAtLevel=1"  # up sooner, but slower ever after


@dataclass(slots=True)
class Server:
    """The server's data in `home`; each of its lives in a folder of its own, which its guard removes."""

    home: Path
    port: int
    known: Neo4jServer
    quick: bool
    lives: int = 0

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.lives += 1
        self._life.mkdir()
        runs = [word for word in command(self.home, self.port) if self.quick or word != QUICK]
        guard = (sys.executable, "-m", "tests.support.neo4j_guard", str(os.getpid()), str(self._life), *runs)
        subprocess.run(guard, cwd=ROOT, stdin=subprocess.DEVNULL, check=True, timeout=GUARD_SECONDS)
        wait(self.known, self._life, first=FIRST_PASSWORD if self.lives == 1 else self.known.password)

    def kill(self) -> None:
        """End it as a power cut would; return when it is gone."""
        self._signal(signal.SIGKILL)
        until = time.monotonic() + GUARD_SECONDS
        while self._life.is_dir() and time.monotonic() < until:  # its guard removes it
            time.sleep(LOOK_SECONDS)

    def freeze(self) -> None:
        """Stop it, with every connection open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, how: signal.Signals) -> None:
        os.kill(int((self._life / PID).read_text()), how)

    @property
    def _life(self) -> Path:
        return self.home / f"life-{self.lives}"


@contextmanager
def serving(*, quick: bool) -> Iterator[Server]:
    """Run a server until the end of the block, then remove what it kept; a `quick` one is sooner up, then slower."""
    BUILD.mkdir(parents=True, exist_ok=True)
    home, port = Path(tempfile.mkdtemp(prefix="history-", dir=BUILD)), free_port()
    server = Server(home, port, Neo4jServer(f"bolt://127.0.0.1:{port}", "neo4j", secrets.token_hex(12)), quick)
    try:
        server.start()
        yield server
    finally:
        with suppress(OSError, ValueError):  # it may be gone
            server.kill()
        shutil.rmtree(home, ignore_errors=True)
