"""`python -m tests.attacks`: raw HTTP, generated documents and known tools at real gateways; exits 1 if they find."""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.attacks.fuzzing import fuzzed
from tests.attacks.generated import ROLES, Plan, asked
from tests.attacks.known import Clairvoyance, Cop, Tool, blind, judged
from tests.support.collector import collecting
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard

MOST_TOLD = 20


def main() -> int:
    """Attack in each way, and print what came of it."""
    wanted = _wanted()
    print(f"seed {wanted.seed}", flush=True)
    faults = [*_raw(wanted), *_documents(wanted), *_known(wanted)]
    print("\n".join(faults[:MOST_TOLD]) or "nothing was found", flush=True)
    return 1 if faults else 0


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="raw connections")
    parser.add_argument("--first", type=int, default=0, help="number of the first, to send some of a seed again")
    parser.add_argument("--examples", type=int, default=100, help="documents for each root field")
    parser.add_argument("--tools", type=Path, help="where clairvoyance is, and a Python with what graphql-cop imports")
    parser.add_argument("--graphql-cop", type=Path, help="a checkout of it; left out if there is none")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    wanted = parser.parse_args()
    if wanted.graphql_cop is not None and wanted.tools is None:
        parser.error("--graphql-cop needs --tools")
    if wanted.graphql_cop is not None and not (wanted.graphql_cop / "graphql-cop.py").exists():
        parser.error("--graphql-cop is no checkout of it")
    return wanted


@contextmanager
def _gateway(settings: Mapping[str, str]) -> Iterator[GatewayRunning]:
    heard = Heard()
    with collecting(heard) as heard.collector:
        running = started(heard, settings={"RATE": "1000000/second", **settings})
        try:
            yield running
        finally:
            running.stop()


def _raw(wanted: argparse.Namespace) -> list[str]:
    began = time.monotonic()
    with _gateway({}) as gateway:
        tally = fuzzed(gateway, wanted.seed, range(wanted.first, wanted.first + wanted.requests))
    print(f"{wanted.requests} raw connections in {time.monotonic() - began:.0f} s, {tally.silent} without an answer")
    print("\n".join(f"{count:8} {name}" for name, count in sorted(tally.answers.items())))
    print(f"memory {tally.memory[0]} KiB after warming, {tally.memory[1]} KiB at the end", flush=True)
    return tally.faults


def _documents(wanted: argparse.Namespace) -> list[str]:
    faults = []
    for audience in ROLES if wanted.examples else ():
        with _gateway({}) as gateway:
            made = asked(gateway, audience, Plan(wanted.examples, wanted.seed))
        faults += made.faults
        for label, answers in made.answers.items():
            print(f"{audience} {label}: {dict(answers)}", flush=True)
    return faults


def _known(wanted: argparse.Namespace) -> list[str]:
    if wanted.tools is None:
        return []
    here = wanted.tools.absolute()
    tools: dict[str, Tool] = {"clairvoyance": Clairvoyance(here / "clairvoyance")}
    if wanted.graphql_cop is not None:
        tools["graphql-cop"] = Cop(wanted.graphql_cop, here / "python")
    with _gateway({"DEVELOPMENT": "0"}) as gateway:
        return [*blind(tools), *judged(tools, gateway)]


if __name__ == "__main__":
    sys.exit(main())
