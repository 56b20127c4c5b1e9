"""`python -m tests.history`: a long history on a real Neo4j, under faults; exits 1 if it broke a rule."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from neo4j_here.jars import usable
from tests.history.report import lines
from tests.history.soak import Plan, soaked

MOST = 1 << 62  # operations: the minutes end it


def main() -> int:
    """Soak for some minutes, or for a number of operations, and print what it came to."""
    asked = _asked()
    if not usable():
        sys.exit(
            "the server of a history is killed and frozen, so it is one of Maven's jars: install Java 17 and Maven"
        )
    seconds = None if asked.operations else asked.minutes * 60
    plan = Plan(
        asked.operations or MOST, seconds, seed=asked.seed, at_once=asked.at_once, fault_every=asked.fault_every
    )
    with tempfile.TemporaryDirectory(prefix="history-") as folder:
        told = asyncio.run(soaked(plan, Path(folder)))
    print("\n".join(lines(plan, told)), flush=True)
    return 1 if told.violations else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.history", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--operations", type=int, help="end after so many, however long they take")
    parser.add_argument("--seed", type=int, default=0, help="for who does what, and the order of the faults")
    parser.add_argument("--at-once", type=int, default=10, help="people in one question of a brand")
    parser.add_argument("--fault-every", type=int, default=2_000, help="operations between two faults")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
