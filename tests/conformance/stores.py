"""The stores under the suite: each name with how to open a handle on one and the same place, again and again."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from graph.archive import MovableStore
from graph.neo4j_store import open_store as open_neo4j
from graph.neo4j_store.connection import Server
from graph.neo4j_store.migrations import SEED, STARTS
from graph.sqlite_store import open_store as open_sqlite
from tests.support.neo4j_server import server, spare

Opener = Callable[[], Awaitable[MovableStore]]
Room = Callable[[], Awaitable[Opener]]  # makes a place that holds nothing yet


def sqlite(directory: Path) -> Opener:
    return partial(open_sqlite, directory / "store.sqlite3")


def neo4j(_: Path) -> Opener:
    found = server()
    return partial(open_neo4j, Server(found.uri, found.user, found.password))


def wiped_neo4j(_: Path) -> Opener:
    found = spare()
    with found.driver() as driver:
        driver.execute_query("MATCH (n) WHERE NOT n:Migration DETACH DELETE n", database_="neo4j")
        (journal,) = driver.execute_query("MATCH (n:Migration) RETURN count(n) AS n", database_="neo4j").records
        if journal["n"]:
            driver.execute_query(SEED, STARTS, database_="neo4j")
    return partial(open_neo4j, Server(found.uri, found.user, found.password))


STORES: Mapping[str, Callable[[Path], Opener]] = {"sqlite": sqlite, "neo4j": neo4j}

# How to open a place that holds nothing yet; where there is room for one place only, what the one before held is gone.
EMPTY: Mapping[str, Callable[[Path], Opener]] = {"sqlite": sqlite, "neo4j": wiped_neo4j}
