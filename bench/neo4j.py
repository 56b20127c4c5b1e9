"""A real Neo4j Community server for the bench, out of Maven's jars, with memory and compiler as in production."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.wiring import opened
from graph.errors import StoreUnavailable
from graph.store import Store
from neo4j_here.jars import command, usable
from neo4j_here.starting import free_port

__all__ = ["ABSENT", "Graph", "neo4j", "up", "usable"]

ABSENT = "Not measured: a Neo4j needs Java 17 and Maven on this machine, so that its CPU and its files can be read."
UP_SECONDS = 120.0  # 4 s is usual; one that has much to recover on a busy machine takes longer
HEAP = "-Xmx1g"
UP_SOONER = "-XX:TieredStopAtLevel=1"  # what is timed is compiled to the end
SETTINGS = {
    "server.memory.heap.initial_size": "1g",
    "server.memory.heap.max_size": "1g",
    "server.memory.pagecache.size": "1g",
    "db.tx_log.rotation.size": "256M",
    "dbms.security.auth_enabled": "false",  # made-up people, on loopback; a login costs only new connections
}


@dataclass(frozen=True, slots=True)
class Graph:
    """A server that was started: its process, where it is reached, and the folder of its database."""

    process: int
    url: str
    files: Path

    @property
    def size(self) -> int:
        """Return the bytes of the database on the disk, without the log of its transactions."""
        return sum(file.stat().st_blocks * 512 for file in self.files.rglob("*") if file.is_file())


@contextmanager
def neo4j(folder: Path) -> Iterator[Graph]:
    """Run a server on a folder, killed at the end; one that finds its log there first writes it into its files."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    with (
        (folder / "server.log").open("ab") as log,
        subprocess.Popen(_command(folder, port), stdin=subprocess.DEVNULL, stdout=log, stderr=log) as server,
    ):
        try:
            yield Graph(server.pid, f"bolt://127.0.0.1:{port}", folder / "home" / "data" / "databases" / "neo4j")
        finally:
            server.kill()  # it is crash-safe, and an orderly end takes it 5 to 19 s


async def up(graph: Graph) -> Store:
    """Open the store on a server that was just started; its first answers are slow."""
    until = time.monotonic() + UP_SECONDS
    while True:
        try:
            return await opened(graph.url, patience=until - time.monotonic())
        except StoreUnavailable:
            if time.monotonic() > until:
                raise


def _command(folder: Path, port: int) -> list[str]:
    started, file = command(folder, port), folder / "conf" / "neo4j.conf"
    kept = (line for line in file.read_text().splitlines() if line.partition("=")[0] not in SETTINGS)
    file.write_text("\n".join([*kept, *(f"{name}={text}" for name, text in SETTINGS.items()), ""]))
    return [HEAP if one.startswith("-Xmx") else one for one in started if one != UP_SOONER]
