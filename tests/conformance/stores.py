"""The stores under the suite: each name with how to open a handle on one and the same place, again and again."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from graph.sqlite_store import open_store
from graph.store import Store

Opener = Callable[[], Awaitable[Store]]


def sqlite(directory: Path) -> Opener:
    return partial(open_store, directory / "store.sqlite3")


STORES: Mapping[str, Callable[[Path], Opener]] = {"sqlite": sqlite}
