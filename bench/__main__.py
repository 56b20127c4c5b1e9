"""`make bench`: measures everything in one run on one machine and prints it; `BENCH="--quick --json"` and the like."""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import report
from bench.acts import acted
from bench.cpu import CLIENT, pinned
from bench.crowd import crowded
from bench.decisions import decided
from bench.hostile import hostile
from bench.on_neo4j import on_neo4j
from bench.report import Table
from bench.rounds import QUICK, Plan
from bench.servers import in_file
from bench.serving import served
from bench.timing import timed
from bench.world import made


def main(arguments: Sequence[str]) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure what a request costs, here.")
    parser.add_argument(
        "--quick", action="store_true", help="a short run, to see that it works; its numbers mean little"
    )
    parser.add_argument(
        "--without-neo4j", action="store_true", help="leave out what needs a Neo4j, which takes minutes"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    asked = parser.parse_args(arguments)
    before = report.load()
    pinned(os.getpid(), CLIENT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that no server outlives the run
    tables = asyncio.run(_measured(QUICK if asked.quick else Plan(), graph=not asked.without_neo4j))
    command = f'make bench BENCH="{" ".join(arguments)}"' if arguments else "make bench"
    written = report.as_json if asked.json else report.as_text
    sys.stdout.write(written(command, report.machine(before), tables) + "\n")
    return 0


async def _measured(plan: Plan, *, graph: bool) -> tuple[Table, ...]:
    with tempfile.TemporaryDirectory(prefix="consent-gateway-bench-") as scratch:
        folder = Path(scratch)
        world = await made(folder)
        return (
            *await served(world, plan, folder),
            decided(world, plan),
            await acted(world, plan, "Acts", in_file(folder / "acts.sqlite")),
            await crowded(world, plan, folder),
            await timed(plan, folder),
            await hostile(world, plan, folder),
            *(await on_neo4j(world, plan, folder) if graph else ()),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
