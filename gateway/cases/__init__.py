"""The case runner: decision cases in YAML, read, decided by the code of requests, reported (2.9)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from gateway.cases.building import Case, case
from gateway.cases.fields import sequence
from gateway.cases.reading import CaseFault, read
from gateway.cases.reporting import Count, FileOutcome, document, lines
from gateway.cases.running import run_case
from gateway.cases.world import World, world
from gateway.cases.world import document as checked

__all__ = ["CALL_IS_WRONG", "FAILED", "PASSED", "Case", "CaseFault", "World", "cases_of", "run"]

PASSED, FAILED, CALL_IS_WRONG = 0, 1, 2  # exit codes (4.7): done, the answer is no, the call is wrong


def run(paths: Sequence[Path], *, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Run case files and report; returns the exit code. A file with a fault is not run; the others are."""
    if not paths:
        err.write("no case file is named; name at least one\n")
        return CALL_IS_WRONG
    files = [_run_file(path) for path in paths]
    for file in files:
        if file.fault is not None:
            err.write(f"{file.fault}\n")
    out.write(document(files) + "\n" if as_json else "".join(f"{line}\n" for line in lines(files)))
    if any(file.fault for file in files):
        return CALL_IS_WRONG
    return FAILED if Count.of(files).failed else PASSED


def cases_of(path: Path) -> tuple[World, tuple[Case, ...]]:
    """Read one case file; raises `CaseFault` with file and line."""
    file = checked(read(path))
    around = world(file, path.parent)
    found = tuple(case(item, around) for item in sequence(file.need("cases")))
    if not found:
        raise file.need("cases").fault("there are no cases; write at least one")
    return around, found


def _run_file(path: Path) -> FileOutcome:
    try:
        around, found = cases_of(path)
    except CaseFault as fault:
        return FileOutcome(str(path), fault=fault)
    return FileOutcome(str(path), tuple(run_case(one, around.catalogue) for one in found))
