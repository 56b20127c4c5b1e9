"""The gateways that client libraries ask: on SQLite alone, for what a client is told is the same in every store."""

from collections.abc import Iterator

import pytest

from tests.journeys.conftest import demo, heard
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.places import PLACES, Kept, Place

__all__ = ["demo", "heard"]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return where gateways keep what they know."""
    return PLACES["sqlite"](tmp_path_factory.mktemp("place"))


def running(heard: Heard, kept: Kept, **settings: str) -> Iterator[GatewayRunning]:
    """Run a demonstration on a store, with settings of its own, for as long as a fixture needs it."""
    gateway = started(heard, kept.arguments, settings={**kept.settings, **settings})
    yield gateway
    gateway.stop()
