"""The gateways of the journeys: one that most share, and throwaway ones; what they said is searched at the end."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.canaries import CANARIES
from tests.support.collector import collecting
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.neo4j_server import each_store
from tests.support.newcomer import Newcomer
from tests.support.places import PLACES, Kept, Place

Starting = Callable[..., GatewayRunning]


@pytest.fixture(scope="session", autouse=True)
def heard() -> Iterator[Heard]:
    """Hold what leaves every gateway of this run, and search it when all of them have ended."""
    heard = Heard()
    with collecting(heard) as heard.collector:
        yield heard
    found = heard.with_any(CANARIES)
    assert not found, f"personal values left outside an answer: {found[:5]}"


@pytest.fixture(scope="session", params=each_store(PLACES))
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return where gateways keep what they know: every journey is made in every kind of store."""
    return PLACES[request.param](tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="session")
def demo(heard: Heard, place: Place) -> Iterator[GatewayRunning]:
    """Run one demonstration for all journeys that bring their own people."""
    kept = place.shared()
    running = started(heard, kept.arguments, settings=kept.settings)
    yield running
    running.overheard()
    running.stop()


@pytest.fixture(scope="session")
def attacked(heard: Heard) -> Iterator[GatewayRunning]:
    """Run a demonstration for tests that spare nothing; what it says is heard apart, and with the rest at last."""
    own = Heard(collector=heard.collector)
    running = started(own, settings={"RATE": "1000000/second"})
    yield running
    running.stop()
    heard.pieces += own.pieces


@pytest.fixture
def kept(place: Place) -> Kept:
    """Return a store with nothing in it: what one test's own gateways share."""
    return place.empty()


@pytest.fixture
def starting(heard: Heard, kept: Kept) -> Iterator[Starting]:
    """Return what starts a gateway for one test, on the test's own store; it takes settings by name.

    Those it starts again serve what those before it left.
    """
    running: list[GatewayRunning] = []

    def start(**settings: str) -> GatewayRunning:
        running.append(started(heard, kept.arguments, settings={**kept.settings, **settings}))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def fresh(starting: Starting) -> GatewayRunning:
    """Run a demonstration nobody else has touched: for what only its own people can show."""
    return starting()


@pytest.fixture
def newcomer(demo: GatewayRunning) -> Newcomer:
    """Return an adult in Germany nobody has met before."""
    return Newcomer(demo)
