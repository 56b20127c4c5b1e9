"""A file of its own for each test, and programs that use it from another process."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import pytest

from graph.archive import MovableStore
from graph.sqlite_store import open_store

ROOT = Path(__file__).parents[3]
Program = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
async def handles() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def store(path: Path, handles: AsyncExitStack) -> MovableStore:
    handle = await open_store(path)
    handles.push_async_callback(handle.aclose)
    return handle


@pytest.fixture
def program() -> Iterator[Program]:
    """Start a module of this package in another process, with pipes; it is killed at the end of the test."""
    with ExitStack() as ends:

        def started(module: str, *arguments: object, **rest: Any) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", f"tests.graph.sqlite_store.{module}", *map(str, arguments)]
            pipe = subprocess.PIPE
            process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, **rest)
            ends.enter_context(process)
            ends.callback(process.kill)
            return process

        yield started
