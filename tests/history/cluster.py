"""Three gateways on one Neo4j, one of them through a relay that can fail, and the store behind them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gateway.pairwise import SivPseudonyms
from gateway.wiring import Login, opened
from graph.store import Store
from tests.history import pack
from tests.history.gateways import SERVE, GatewayProcess, Gateways, running
from tests.support import pack_folder
from tests.support.neo4j_alone import ServerAlone, alone
from tests.support.operator import Operator
from tests.support.relay import Relay, relaying

GATEWAYS = 3
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a history is made on."""

    operator: Operator
    server: ServerAlone
    relay: Relay
    gateways: Gateways
    store: Store
    pseudonyms: SivPseudonyms


@asynccontextmanager
async def standing(folder: Path, command: Sequence[str] = SERVE, *, quick: bool = False) -> AsyncIterator[Cluster]:
    """Run a whole cluster until the end of the block; its gateways are started by a command."""
    operator = Operator.at(folder)
    pack_folder.written(folder / "pack", dict(pack.FILES))
    async with AsyncExitStack() as stack:
        server = stack.enter_context(alone(quick=quick))
        server.start()
        relay = await stack.enter_async_context(relaying("127.0.0.1", urlsplit(server.known.uri).port or 0))
        uris = [relay.uri, *[server.known.uri] * (GATEWAYS - 1)]
        processes = [
            GatewayProcess(f"gateway-{place}", folder, _settings(operator, server.password_file, uri), command)
            for place, uri in enumerate(uris)
        ]
        gateways = await stack.enter_async_context(running(processes))
        store = await opened(server.known.uri, Login(server.known.user, server.password_file), START_SECONDS)
        stack.push_async_callback(store.aclose)
        yield Cluster(operator, server, relay, gateways, store, SivPseudonyms(await store.secret("pairwise")))


def _settings(operator: Operator, password: Path, uri: str) -> dict[str, str]:
    return operator.settings(
        STORE=uri,
        STORE_USER="neo4j",
        STORE_PASSWORD_FILE=str(password),
        CATALOGUE=str(operator.folder / "pack"),
        DEVELOPMENT="1",
        RATE="1000000/second",
    )
