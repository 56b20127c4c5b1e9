"""One store a test, in a file of its own, and the small world with typed fields over it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.sqlite_store import open_store
from tests.support.executing import TYPED_TABLES
from tests.support.worlds_governance import Office, office
from tests.support.worlds_resolvers import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await open_store(tmp_path / "store.sqlite3")
    yield World(store, TYPED_TABLES)
    await store.aclose()


@pytest.fixture
def here(world: World) -> Office:
    return office(world.store)
