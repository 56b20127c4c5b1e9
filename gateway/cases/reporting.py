"""Outcomes as lines to read, like a test runner's, and as one JSON document for machines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from gateway.cases.reading import CaseFault
from gateway.cases.running import Answer, Outcome, Shown, got, numbers, stated
from graph.decision.request import GateAnswer

_NOTHING = "-"
_HEADS = ("gate", "ceiling", "reasons", "records", "rule")


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One case file, run; one with a fault was not."""

    file: str
    outcomes: tuple[Outcome, ...] = ()
    fault: CaseFault | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases passed and how many failed."""

    passed: int
    failed: int

    @classmethod
    def of(cls, files: Sequence[FileOutcome]) -> "Count":
        """Count over files."""
        each = [outcome.passed for file in files for outcome in file.outcomes]
        return cls(each.count(True), each.count(False))


def lines(files: Sequence[FileOutcome]) -> Iterable[str]:
    """Yield the report: a line for each file and case, a table for what failed, a line that sums up."""
    for file in files:
        if file.fault is None:
            yield file.file
            for outcome in file.outcomes:
                yield from _case(outcome)
    count = Count.of(files)
    yield f"{count.passed} passed, {count.failed} failed"


def document(files: Sequence[FileOutcome]) -> str:
    """Return everything as one JSON document."""
    count = Count.of(files)
    faults = [file.fault for file in files if file.fault]
    found = {
        "passed": count.passed,
        "failed": count.failed,
        "faults": [{"file": fault.file, "line": fault.line, "message": fault.message} for fault in faults],
        "files": [
            {"file": file.file, "cases": [_case_document(outcome) for outcome in file.outcomes]}
            for file in files
            if file.fault is None
        ],
    }
    return msgspec.json.encode(found).decode()


def _case(outcome: Outcome) -> Iterable[str]:
    name = " ".join(outcome.case.name.split())
    if outcome.passed:
        yield f"  pass  {name}"
        return
    yield f"  FAIL  {name} (line {outcome.case.line})"
    for answer in outcome.answers:
        if answer.differences:
            yield from _answer(answer)


def _answer(answer: Answer) -> Iterable[str]:
    yield f"        {answer.expected.key}"
    for one in answer.differences:
        yield f"          {one.what}: expected {_shown(one.expected)}, got {_shown(one.got)}"
    rows = [_HEADS, *(_row(gate) for gate in answer.decision.gates)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"          {cells}".rstrip()


def _row(gate: GateAnswer) -> tuple[str, ...]:
    records = _shown(numbers(gate.evidence))
    return (gate.gate.value, gate.ceiling.name, _shown(gate.reasons), records, gate.rule or _NOTHING)


def _shown(value: Shown) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or _NOTHING
    return "null" if value is None else str(value)


def _case_document(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.case.name,
        "line": outcome.case.line,
        "passed": outcome.passed,
        "attributes": [
            {
                "key": answer.expected.key,
                "passed": not answer.differences,
                "expected": stated(answer.expected),
                "got": got(answer.decision),
                "gates": [_gate_document(gate) for gate in answer.decision.gates],
            }
            for answer in outcome.answers
        ],
    }


def _gate_document(gate: GateAnswer) -> dict[str, object]:
    return {
        "gate": gate.gate.value,
        "ceiling": gate.ceiling.name,
        "reasons": gate.reasons,
        "records": numbers(gate.evidence),
        "rule": gate.rule,
    }
