"""One place a store and session: tests share it, and keep apart by the ids they use, never by wiping."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, nullcontext
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from graph.archive import MovableStore
from graph.store import Store
from tests.conformance.stores import EMPTY, STORES, MovableOpener, Opener, Room
from tests.support.neo4j_server import each_store, turn


@pytest.fixture(scope="session", params=each_store(STORES))
def opener(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opener:
    return STORES[request.param](tmp_path_factory.mktemp("place"))


@pytest.fixture(autouse=True)
def alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let one test at a time use what the workers of a run share."""
    with turn() if request.node.get_closest_marker("neo4j") else nullcontext():
        yield


@pytest.fixture
async def another(opener: Opener) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
    """Open one more handle on the same place, as another gateway would, or the same one after a restart."""
    async with AsyncExitStack() as handles:

        async def opened() -> Store:
            handle = await opener()
            handles.push_async_callback(handle.aclose)
            return handle

        yield opened


@pytest.fixture
async def store(another: Callable[[], Awaitable[Store]]) -> Store:
    return await another()


@pytest.fixture
def name() -> Callable[[str], str]:
    """Make ids that only this test uses."""
    prefix = uuid4().hex[:12]
    return lambda short: f"{prefix}-{short}"


class Rooms:
    """Places that hold nothing yet, one after the other: making one closes every handle on those before."""

    def __init__(self, handles: AsyncExitStack, directories: Callable[[], Path]) -> None:
        self._handles, self._directories = handles, directories

    async def empty(self, store: str) -> MovableOpener:
        """Return what opens handles on a new place."""
        await self._handles.aclose()
        opener = EMPTY[store](self._directories())

        async def opened() -> MovableStore:
            handle = await opener()
            self._handles.push_async_callback(handle.aclose)
            return handle

        return opened


@pytest.fixture
async def rooms(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rooms]:
    async with AsyncExitStack() as handles:
        yield Rooms(handles, lambda: tmp_path_factory.mktemp("room"))


@pytest.fixture(params=each_store(EMPTY))
def source(request: pytest.FixtureRequest, rooms: Rooms) -> Room:
    """Make an empty place of each store that can be moved; its handles end when another place is made."""
    return partial(rooms.empty, request.param)


@pytest.fixture(params=each_store(EMPTY))
def target(request: pytest.FixtureRequest, rooms: Rooms) -> Room:
    """Make an empty place of each store that can take another in."""
    return partial(rooms.empty, request.param)
