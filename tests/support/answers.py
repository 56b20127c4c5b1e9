"""What a resolver answered, as the kind a test expects."""

from typing import TypeVar

from resolvers.problems import Problem

Answer = TypeVar("Answer")


def done(answer: Answer | Problem) -> Answer:
    assert not isinstance(answer, Problem), answer
    return answer


def problem(answer: object) -> Problem:
    assert isinstance(answer, Problem), answer
    return answer
