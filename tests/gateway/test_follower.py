"""What moved elsewhere is dropped, by the feed and by the sweep behind it; a store that is away is told once."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import pytest

from gateway.follower import SWEEP_SECONDS, Follower, following
from gateway.snapshots import Snapshots
from graph.errors import StoreUnavailable
from graph.sqlite_store import open_store
from graph.store import Store
from tests.conformance.builders import ALONE, given
from tests.support.stores_watched import WatchedStore

pytestmark = pytest.mark.anyio


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[WatchedStore]:
    opened = await open_store(tmp_path / "store.sqlite3")
    for name in ("ann", "bob"):
        await opened.append(given(name, 0, "r"))
    yield WatchedStore(opened)
    await opened.aclose()


@pytest.fixture
async def held(store: Store) -> Snapshots:
    found = Snapshots()
    for name in ("ann", "bob"):
        found.keep(await store.snapshot(name, ALONE))
    return found


def names(held: Snapshots) -> list[str]:
    return [party for _, party, _ in held.revisions()]


async def test_who_moved_is_dropped_and_nobody_else(store: Store, held: Snapshots) -> None:
    follower = Follower(store, held)
    await follower.step()
    await store.append(given("ann", 1, "s"))
    await follower.step()
    assert names(held) == ["bob"]


async def test_what_the_feed_did_not_tell_the_sweep_finds(store: Store, held: Snapshots) -> None:
    clock = Clock()
    await store.append(given("ann", 1, "s"))  # before the feed was followed
    follower = Follower(store, held, clock)
    await follower.step()
    assert names(held) == ["ann", "bob"]
    clock.now = SWEEP_SECONDS
    await follower.step()
    assert names(held) == ["bob"]


def failing(fault: Exception) -> Callable[[], object]:
    async def fails() -> None:
        raise fault

    return fails


async def test_nothing_is_held_of_a_store_that_was_away_it_may_come_back_as_it_was_before(
    store: WatchedStore, held: Snapshots
) -> None:
    follower = Follower(store, held)
    await follower.step()
    store.before("moved", failing(StoreUnavailable("away")))
    await follower.step()
    assert names(held) == []
    held.keep(await store.snapshot("ann", ALONE))
    await follower.step()
    assert store.asked[-1] == (None,)  # what it told before may be ahead of what it tells now


async def test_a_feed_that_fails_is_told_once_and_followed_on_when_it_is_back(
    store: WatchedStore, held: Snapshots, caplog: pytest.LogCaptureFixture
) -> None:
    follower = Follower(store, held)
    await follower.step()
    await store.append(given("ann", 1, "s"))
    store.before("moved", failing(RuntimeError("ours")), failing(RuntimeError("ours")))
    with caplog.at_level(logging.WARNING, "gateway"):
        await follower.step()
        await follower.step()
    assert len(caplog.records) == 1
    assert names(held) == ["ann", "bob"]
    await follower.step()
    assert names(held) == ["bob"]
    store.before("moved", failing(RuntimeError("ours")), failing(StoreUnavailable("away")))
    with caplog.at_level(logging.WARNING, "gateway"):
        await follower.step()
        await follower.step()
    assert len(caplog.records) == 2


async def test_while_nothing_is_held_nothing_is_asked(store: WatchedStore) -> None:
    held, asked = Snapshots(), anyio.Event()

    async def told() -> None:
        asked.set()

    store.before("moved", told)
    async with following(store, held):
        await anyio.wait_all_tasks_blocked()
        assert "moved" not in store.calls
        held.keep(await store.snapshot("ann", ALONE))
        with anyio.fail_after(5):
            await asked.wait()


async def test_when_the_last_is_dropped_it_begins_anew(store: WatchedStore, held: Snapshots) -> None:
    follower = Follower(store, held)
    await follower.step()
    for name in ("ann", "bob"):
        await store.append(given(name, 1, "s"))
    await follower.step()
    assert names(held) == []
    await follower.step()
    assert store.asked[-1] == (None,)
