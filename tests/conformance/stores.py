"""The stores under the suite: each name with how to open a handle on one and the same place, again and again."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from gateway.cached_store import CachedStore
from gateway.metrics import Metrics
from gateway.snapshots import Snapshots
from gateway.telemetry import Telemetry
from graph.archive import MovableStore
from graph.neo4j_store import open_store as open_neo4j
from graph.neo4j_store.connection import Server
from graph.neo4j_store.migrations import SEED, STARTS
from graph.sqlite_store import open_store as open_sqlite
from graph.store import Store
from tests.support.neo4j_server import server, spare

Opener = Callable[[], Awaitable[Store]]
MovableOpener = Callable[[], Awaitable[MovableStore]]
Room = Callable[[], Awaitable[MovableOpener]]  # makes a place that holds nothing yet


def sqlite(directory: Path) -> MovableOpener:
    return partial(open_sqlite, directory / "store.sqlite3")


def neo4j(_: Path) -> MovableOpener:
    found = server()
    return partial(open_neo4j, Server(found.uri, found.user, found.password))


def wiped_neo4j(_: Path) -> MovableOpener:
    found = spare()
    with found.driver() as driver:
        driver.execute_query("MATCH (n) WHERE NOT n:Migration DETACH DELETE n", database_="neo4j")
        (journal,) = driver.execute_query("MATCH (n:Migration) RETURN count(n) AS n", database_="neo4j").records
        if journal["n"]:
            driver.execute_query(SEED, STARTS, database_="neo4j")
    return partial(open_neo4j, Server(found.uri, found.user, found.password))


def cached(directory: Path) -> Opener:
    """Return SQLite as a gateway has it: what it knew a moment ago beside it."""

    async def opened() -> Store:
        return CachedStore(await sqlite(directory)(), Telemetry(Metrics()), Snapshots())

    return opened


STORES: Mapping[str, Callable[[Path], Opener]] = {"sqlite": sqlite, "neo4j": neo4j, "cached": cached}

# How to open a place that holds nothing yet; where there is room for one place only, what the one before held is gone.
EMPTY: Mapping[str, Callable[[Path], MovableOpener]] = {"sqlite": sqlite, "neo4j": wiped_neo4j}
