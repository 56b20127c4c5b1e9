"""Expected errors as values: what a person or her client got wrong, with a stable code and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """Which of the contract's problem types an error is told as."""

    INVALID_INPUT = "INVALID_INPUT"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    GUARDIAN_REQUIRED = "GUARDIAN_REQUIRED"


@dataclass(frozen=True, slots=True)
class Problem:
    """One expected error; `path` leads to the input field, in the names of the contract."""

    kind: ProblemKind
    code: str
    message: str
    path: tuple[str, ...] | None = None
    url: str | None = None


class Refused(Exception):
    """Carries a problem from where it is found to the edge of its resolver, which returns it."""

    def __init__(self, problem: Problem) -> None:
        """Hold the problem."""
        super().__init__(problem.code)
        self.problem = problem


class BadUserInput(Exception):
    """An argument that no answer type has room for; told as an error with code BAD_USER_INPUT."""


class SubjectsSpent(Exception):
    """An officer asks about more people than one may in a day; nothing of the whole operation is told."""

    def __init__(self, most: int, wait: int) -> None:
        """Hold how many it may be, and after how many seconds there is room again."""
        super().__init__(f"more than {most} people were asked about within a day; wait, or let a colleague ask")
        self.wait = wait


def invalid(code: str, message: str, *path: str) -> Refused:
    """Return a refusal told as `InvalidInput`."""
    return Refused(Problem(ProblemKind.INVALID_INPUT, code, message, path or None))
