"""Expected errors as types: one interface, and one type for each kind of thing a caller can mend."""

from typing import Any

import strawberry

from resolvers.problems import Problem as Found
from resolvers.problems import ProblemKind
from schema.field import NO_DATA, field


@strawberry.interface(description="Something the caller got wrong, with a stable code and what to do about it.")
class Problem:
    """What every expected error says."""

    code: str = field("A stable code.", category=NO_DATA)
    message: str = field("What is wrong and what to do next.", category=NO_DATA)
    path: list[str] | None = field("Where in the input, in its own names.", category=NO_DATA)


@strawberry.type(description="An input that cannot be taken.")
class InvalidInput(Problem):
    """Mend the input."""


@strawberry.type(description="The offer's time is over: ask for another one.")
class OfferExpired(Problem):
    """Ask again."""


@strawberry.type(description="The person has to prove herself again.")
class StepUpRequired(Problem):
    """Sign in, or step up."""

    url: str | None = field("Where to do it, if that is on a page of ours.", category=NO_DATA)


@strawberry.type(description="Only a guardian can say this.")
class GuardianRequired(Problem):
    """Ask a guardian."""


TYPES: dict[ProblemKind, Any] = {
    ProblemKind.INVALID_INPUT: InvalidInput,
    ProblemKind.OFFER_EXPIRED: OfferExpired,
    ProblemKind.STEP_UP_REQUIRED: StepUpRequired,
    ProblemKind.GUARDIAN_REQUIRED: GuardianRequired,
}


def invalid_input(found: Found) -> InvalidInput:
    """Return a problem of an act that knows no other kind."""
    return InvalidInput(code=found.code, message=found.message, path=None if found.path is None else list(found.path))


def problem(found: Found) -> Any:
    """Return a problem as the type the contract tells it as."""
    said: dict[str, Any] = {
        "code": found.code,
        "message": found.message,
        "path": None if found.path is None else list(found.path),
    }
    if found.kind is ProblemKind.STEP_UP_REQUIRED:
        said["url"] = found.url
    return TYPES[found.kind](**said)
