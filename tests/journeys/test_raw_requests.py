"""Some thousand connections nobody should make, at a gateway nobody else needs; `make attack` makes 100,000."""

import pytest

from tests.attacks.fuzzing import Tally, fuzzed
from tests.support.gateway_running import GatewayRunning

pytestmark = [pytest.mark.journey, pytest.mark.slow]
SEED = 5
CONNECTIONS = 3_000
REACHED = frozenset(
    {"200", "200 GRAPHQL_VALIDATION_FAILED", "400", "400 GRAPHQL_PARSE_FAILED", "401 UNAUTHENTICATED", "404"}
    | {"405 BAD_REQUEST", "413 PAYLOAD_TOO_LARGE", "414 BAD_REQUEST", "415 BAD_REQUEST", "422 BAD_REQUEST"}
    | {"422 BAD_USER_INPUT", "422 COST_LIMIT_EXCEEDED", "431", "431 BAD_REQUEST"}
)


@pytest.fixture(scope="module")
def tally(attacked: GatewayRunning) -> Tally:
    return fuzzed(attacked, SEED, range(CONNECTIONS))


def test_raw_requests_get_answers_of_ours_and_leave_nothing(tally: Tally) -> None:
    assert tally.faults == []


def test_raw_requests_come_as_far_as_they_should(tally: Tally) -> None:
    assert REACHED - tally.answers.keys() == set()
