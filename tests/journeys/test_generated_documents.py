"""Documents schemathesis makes of each audience's contract: no fault of ours; `make attack` makes many more."""

import pytest

from tests.attacks.generated import ROLES, Plan, asked
from tests.support.gateway_running import GatewayRunning

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PLAN = Plan(examples=4, seed=8)


@pytest.mark.parametrize("audience", ROLES)
def test_no_generated_document_meets_a_fault_and_some_are_answered(attacked: GatewayRunning, audience: str) -> None:
    made = asked(attacked, audience, PLAN)
    assert made.faults == []
    answered = {name for name, answers in made.answers.items() if answers["200"]}
    assert len(answered) * 2 > len(made.answers), made.answers
