"""`python -m tests.attacks`: raw HTTP by the hundred thousand at a real gateway; exits 1 if anything came of it."""

import argparse
import sys
import time

from tests.attacks.fuzzing import fuzzed
from tests.support.collector import collecting
from tests.support.gateway_running import started
from tests.support.heard import Heard

MOST_TOLD = 20


def main() -> int:
    """Attack, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case, to send some again")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.requests} connections", flush=True)
    heard = Heard()
    with collecting(heard) as heard.collector:
        gateway = started(heard, settings={"RATE": "1000000/second"})
        began = time.monotonic()
        tally = fuzzed(gateway, asked.seed, range(asked.first, asked.first + asked.requests))
        gateway.stop()
    print(f"{time.monotonic() - began:.0f} s; no answer {tally.silent}; answers by status and code:")
    print("\n".join(f"{count:8} {name}" for name, count in sorted(tally.answers.items())))
    print(f"memory {tally.memory[0]} KiB after warming, {tally.memory[1]} KiB at the end")
    print("\n".join(tally.faults[:MOST_TOLD]) or "nothing came of it", flush=True)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
