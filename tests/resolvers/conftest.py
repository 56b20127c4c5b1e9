"""One store a test, in a file of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.sqlite_store import open_store
from tests.support.worlds_resolvers import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await open_store(tmp_path / "store.sqlite3")
    yield World(store)
    await store.aclose()
