"""What a resolver answered, as the kind a test expects."""

from resolvers.acts import Changed
from resolvers.problems import Problem


def done(answer: Changed | Problem) -> Changed:
    assert isinstance(answer, Changed), answer
    return answer


def problem(answer: object) -> Problem:
    assert isinstance(answer, Problem), answer
    return answer
