"""Where histories can be made: a server that is to be killed and frozen is started out of Maven's jars."""

import pytest

from neo4j_here.jars import usable
from tests.support.neo4j_server import untested


@pytest.fixture
def own_server() -> None:
    """Skip, aloud, where no such server can be started; fails if `CI` is set."""
    if not usable():
        untested()
