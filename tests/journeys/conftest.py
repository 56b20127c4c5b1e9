"""The gateways of the journeys: one that most share, and throwaway ones; what they said is searched at the end."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.canaries import CANARIES
from tests.support.collector import collecting
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.newcomer import Newcomer

Starting = Callable[..., GatewayRunning]


@pytest.fixture(scope="session", autouse=True)
def heard() -> Iterator[Heard]:
    """Hold what leaves every gateway of this run, and search it when all of them have ended."""
    heard = Heard()
    with collecting(heard) as heard.collector:
        yield heard
    found = heard.with_any(CANARIES)
    assert not found, f"personal values left outside an answer: {found[:5]}"


@pytest.fixture(scope="session")
def demo(heard: Heard) -> Iterator[GatewayRunning]:
    """Run one demonstration for all journeys that bring their own people."""
    running = started(heard)
    yield running
    running.stop()


@pytest.fixture
def starting(heard: Heard) -> Iterator[Starting]:
    """Return what starts a gateway for one test; it takes what `started` takes after the first."""
    running: list[GatewayRunning] = []

    def start(*arguments: str, **more: object) -> GatewayRunning:
        running.append(started(heard, arguments, **more))  # type: ignore[arg-type]  # the arguments are those of `started`
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
