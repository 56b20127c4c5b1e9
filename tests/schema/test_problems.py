import pytest

from resolvers.problems import Problem, ProblemKind
from schema.problems import GuardianRequired, InvalidInput, OfferExpired, StepUpRequired, problem

PLACE = {"code": "C", "message": "m", "path": ["scope", "0"]}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (ProblemKind.INVALID_INPUT, InvalidInput(**PLACE)),
        (ProblemKind.OFFER_EXPIRED, OfferExpired(**PLACE)),
        (ProblemKind.GUARDIAN_REQUIRED, GuardianRequired(**PLACE)),
        (ProblemKind.STEP_UP_REQUIRED, StepUpRequired(**PLACE, url="https://app.example")),
    ],
)
def test_each_kind_of_problem_is_a_type_of_its_own(kind, told):
    assert problem(Problem(kind, "C", "m", ("scope", "0"), "https://app.example")) == told


def test_a_problem_of_the_whole_input_has_no_path():
    assert problem(Problem(ProblemKind.INVALID_INPUT, "C", "m")) == InvalidInput(code="C", message="m", path=None)
