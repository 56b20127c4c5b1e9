"""`python -m tests.attacks`: raw HTTP, generated documents and clairvoyance at real gateways; exits 1 if it finds."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.attacks.fuzzing import fuzzed
from tests.attacks.generated import ROLES, Plan, asked
from tests.attacks.known import drawn
from tests.support.collector import collecting
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard

MOST_TOLD = 20
STRANGERS = (None, "noor_headset", "brightwear")  # whom introspection is closed to in production


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
    parser.add_argument("--clairvoyance", type=Path, help="its command; left out if there is none")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    return parser.parse_args()


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
    if wanted.clairvoyance is None:
        return []
    with _gateway({"DEVELOPMENT": "0"}) as gateway, tempfile.TemporaryDirectory() as folder:
        found = [role for role in STRANGERS if drawn(wanted.clairvoyance, gateway, role, Path(folder))]
    print(f"clairvoyance drew something for {found or 'nobody'}", flush=True)
    return [f"clairvoyance drew something as {role or 'a stranger'}" for role in found]


if __name__ == "__main__":
    sys.exit(main())
