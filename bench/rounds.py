"""Rounds: every target is loaded in turn, over and over, so that what the machine does meanwhile meets all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.client import answers
from bench.cpu import settled_cpu_seconds
from bench.servers import Server

CONNECTIONS = 8  # callers at once: enough that the server never waits for the client
MICROSECONDS, MILLISECONDS = 1e6, 1e3


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: rounds, and requests of each round; a short run proves that it works."""

    rounds: int = 9
    requests: int = 160
    crowds: tuple[int, int] = (1_000, 100_000)
    people: int = 64
    decisions: int = 200


QUICK = Plan(rounds=2, requests=16, crowds=(20, 100), people=8, decisions=5)


@dataclass(frozen=True, slots=True)
class Target:
    """Something to load: a name, a server, and what makes so many requests."""

    name: str
    server: Server
    requests: Callable[[int], Sequence[bytes]]


@dataclass(slots=True)
class Measured:
    """What was measured of one target: server CPU of each round in µs a request, and every latency in seconds."""

    cpu: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)

    @property
    def microseconds(self) -> float:
        """Return the median CPU of a request."""
        return median(self.cpu)

    def over(self, other: "Measured") -> float:
        """Return the median of the rounds' ratios: each round is compared with its neighbour in time."""
        return median(one / another for one, another in zip(self.cpu, other.cpu, strict=True))


def percentile(latencies: Sequence[float], hundredth: int) -> float:
    """Return a percentile in milliseconds."""
    return quantiles(latencies, n=100, method="inclusive")[hundredth - 1] * MILLISECONDS


async def alternated(targets: Sequence[Target], plan: Plan) -> dict[str, Measured]:
    """Load every target in each round, beginning with another one each time; returns what was measured by name."""
    found = {target.name: Measured() for target in targets}
    for target in targets:
        await answers(target.server.place, target.requests(plan.requests // 2), CONNECTIONS)  # warm
    for number in range(plan.rounds):
        first = number % len(targets)
        for target in (*targets[first:], *targets[:first]):
            await _loaded(target, plan, found[target.name])
    return found


async def _loaded(target: Target, plan: Plan, measured: Measured) -> None:
    requests = target.requests(plan.requests)
    before = await settled_cpu_seconds(target.server.process)
    told = await answers(target.server.place, requests, CONNECTIONS)
    measured.cpu.append((await settled_cpu_seconds(target.server.process) - before) / len(requests) * MICROSECONDS)
    measured.loaded += [seconds for seconds, _ in told]
    alone = await answers(target.server.place, target.requests(plan.requests // 4), 1)
    measured.alone += [seconds for seconds, _ in alone]
