"""Servers as processes of their own: the real command, and the peers it is compared with."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.client import Place

COMMAND = Path(sys.executable).with_name("consent-gateway")
READY_SECONDS = 60.0  # a store of 100,000 people is opened by then on a busy laptop
END_SECONDS = 20.0
PREFIX = "CONSENT_GATEWAY_"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens: its process, where it is asked, and what it announced."""

    process: int
    place: Place
    announced: Mapping[str, Any]


def in_file(path: Path) -> str:
    """Return the URL of a store in a file."""
    return f"sqlite:///{path}"


@contextmanager
def gateway(store: str, *, development: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run the real command over a store by its URL; by default as production runs it. `settings` are more of them."""
    settings = {f"{PREFIX}DEVELOPMENT": "1" if development else "0", **(settings or {})}
    arguments = (str(COMMAND), "demo", "--port", "0", "--json", "--store", store)
    with _running(arguments, settings) as server:
        yield server


@contextmanager
def peer(kind: str, held: Path) -> Iterator[Server]:
    """Run a peer that serves the answers held in a file."""
    with _running((sys.executable, "-m", "bench.peer", kind, str(held)), {}) as server:
        yield server


@contextmanager
def driver(kind: str, asking: Sequence[str]) -> Iterator[Server]:
    """Run what a sheet asks of Neo4j through the bare driver: what `kind` says of it, for one person."""
    with _running((sys.executable, "-m", "bench.driver", kind, *asking), {}) as server:
        yield server


@contextmanager
def _running(arguments: Sequence[str], settings: Mapping[str, str]) -> Iterator[Server]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=kept | dict(settings)) as process:
        try:
            announced = json.loads(_first_line(process))
            yield Server(process.pid, Place.of(announced["graphql"]), announced)
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
    line = process.stdout.readline() if ready else b""
    if not line:
        raise RuntimeError(f"`{process.args!r}` did not start; see what it wrote above")
    return line
