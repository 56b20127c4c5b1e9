"""The server of this run, and the store on it, loaded with one of everything."""

from collections.abc import AsyncIterator, Iterator

import anyio
import pytest
from neo4j import Session

from graph.neo4j_store import Neo4jStore, open_store
from graph.neo4j_store.connection import Link, Server
from graph.neo4j_store.rolling_up import roll_up
from tests.graph.neo4j_store.loading import load
from tests.support.neo4j_server import Neo4jServer, turn
from tests.support.neo4j_server import server as found


async def rolled_up(server: Server) -> None:
    """Roll the ledger up to its end."""
    link = Link(server)
    while await roll_up(link):
        pass
    await link.aclose()


@pytest.fixture(scope="session")
def running() -> Neo4jServer:
    return found()


@pytest.fixture(scope="session")
def server(running: Neo4jServer) -> Server:
    return Server(running.uri, running.user, running.password)


@pytest.fixture(scope="session")
def loaded(server: Server, running: Neo4jServer) -> Server:
    """Return the server with one of everything on it."""

    async def once() -> None:
        store = await open_store(server)
        await load(store)
        await store.aclose()
        await rolled_up(server)

    with turn():
        anyio.run(once)
        with running.driver() as driver:
            for key in ("half", "batch", "looked"):  # of a store that is moved, and undone or removed at its end
                driver.execute_query("CALL db.createProperty($key)", key=key, database_=server.database)
    return server


@pytest.fixture(autouse=True)
def alone(loaded: Server) -> Iterator[None]:
    """Let one test at a time use what the workers of a run share."""
    with turn():
        yield


@pytest.fixture
def session(running: Neo4jServer, loaded: Server) -> Iterator[Session]:
    """Look at the graph beside the store."""
    with running.driver() as driver, driver.session(database=loaded.database) as session:
        yield session


@pytest.fixture
async def store(server: Server) -> AsyncIterator[Neo4jStore]:
    handle = await open_store(server)
    yield handle
    await handle.aclose()
