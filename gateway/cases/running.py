"""Cases decided by the code that decides requests, and compared with what they expect; nothing is printed here."""

from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.cases.building import Case
from gateway.cases.expecting import Expectation
from graph.catalogue import Catalogue
from graph.decision.decide import decide
from graph.decision.request import Decision

Shown = str | int | None | tuple[str | int, ...]
"""A value as a report shows it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    what: str
    expected: Shown
    got: Shown


@dataclass(frozen=True, slots=True)
class Answer:
    """One attribute of a case: its decision, and where that differs from what is expected."""

    expected: Expectation
    decision: Decision
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, expected: Expectation, decision: Decision) -> "Answer":
        """Compare a decision with what is expected of it."""
        return cls(expected, decision, _differences(expected, decision))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, decided."""

    case: Case
    answers: tuple[Answer, ...]

    @property
    def passed(self) -> bool:
        """Tell whether everything is as expected."""
        return not any(answer.differences for answer in self.answers)


def run_case(case: Case, catalogue: Catalogue) -> Outcome:
    """Decide every attribute a case names and compare."""
    keys = tuple(one.key for one in case.expected)
    decisions = decide(case.request, case.snapshot, catalogue, keys)
    return Outcome(
        case,
        tuple(Answer.of(expected, decision) for expected, decision in zip(case.expected, decisions, strict=True)),
    )


def stated(expected: Expectation) -> dict[str, Shown]:
    """Return what an expectation states, in the order of the page."""
    found: dict[str, Shown] = {
        "fidelity": expected.fidelity.name,
        "reasons": tuple(sorted(expected.reasons)),
        "next_action": expected.next_action,
        "evidence": tuple(sorted(expected.evidence)),
        "valid_until": _written(expected.valid_until),
    }
    return {what: value for what, value in found.items() if what in expected.stated}


def got(decision: Decision) -> dict[str, Shown]:
    """Return what was decided, in the same words."""
    return {
        "fidelity": decision.ceiling.name,
        "reasons": tuple(sorted(decision.reasons)),
        "next_action": decision.next_action,
        "evidence": numbers(decision.evidence),
        "valid_until": _written(decision.valid_until),
    }


def numbers(evidence: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of a case's records from their ids."""
    return tuple(sorted(int(one) for one in evidence if one.isdecimal()))


def _differences(expected: Expectation, decision: Decision) -> tuple[Difference, ...]:
    found = got(decision)
    rows = (Difference(what, value, found[what]) for what, value in stated(expected).items())
    return tuple(row for row in rows if row.expected != row.got)


def _written(at: datetime | None) -> str | None:
    """Return an instant exactly: two that differ by a microsecond must not look alike."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
