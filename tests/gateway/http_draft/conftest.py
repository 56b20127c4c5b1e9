"""A gateway for the sentences of GraphQL over HTTP."""

from collections.abc import AsyncIterator

import pytest

from tests.support.gateway_here import GatewayHere, gateway_here
from tests.support.operator import Operator


@pytest.fixture(scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayHere]:
    async with gateway_here(Operator.at(tmp_path_factory.mktemp("draft")), RATE="100000/second") as found:
        yield found
