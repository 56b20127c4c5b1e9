"""Rounds: every target is loaded in turn, over and over, so that what the machine does meanwhile meets all alike."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.client import answers
from bench.cpu import cpu_seconds, settled_cpu_seconds
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
    entered: int = 2_000  # people whose entry into a store is timed; more than are asked but once
    filling_seconds: float = 60.0  # spent on filling a large Neo4j
    flood_seconds: float = 60.0  # that one caller floods, and that nobody does
    warming_seconds: float = 25.0  # a server of Java's takes as long until it is at its speed


QUICK = Plan(
    rounds=2,
    requests=16,
    crowds=(20, 120),
    people=8,
    decisions=5,
    entered=60,
    filling_seconds=1,
    flood_seconds=1.2,
    warming_seconds=1,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Something to load: a name, a server, what makes so many requests, and the process of its store, if it has one."""

    name: str
    server: Server
    requests: Callable[[int], Sequence[bytes]]
    store: int | None = None


@dataclass(slots=True)
class Measured:
    """What was measured of one target: CPU of each round in µs a request, and every latency in seconds."""

    cpu: list[float] = field(default_factory=list)
    cpu_alone: list[float] = field(default_factory=list)
    store_cpu: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)

    @property
    def microseconds(self) -> float:
        """Return the median CPU of a request."""
        return median(self.cpu)

    @property
    def of_the_store(self) -> float | None:
        """Return the median CPU the store's own process spends on a request, if it has one."""
        return median(self.store_cpu) if self.store_cpu else None

    def over(self, other: "Measured") -> float:
        """Return the median of the rounds' ratios: each round is compared with its neighbour in time."""
        return median(one / another for one, another in zip(self.cpu, other.cpu, strict=True))

    def over_alone(self, other: "Measured") -> float:
        """Return the same where one caller asks."""
        return median(one / another for one, another in zip(self.cpu_alone, other.cpu_alone, strict=True))


def same(sent: bytes) -> Callable[[int], Sequence[bytes]]:
    """Return what makes one request over and over."""
    return lambda wanted: [sent] * wanted


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


async def warmed(targets: Sequence[Target], seconds: float) -> None:
    """Load every target in turn until so many seconds are over, and measure nothing."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for target in targets:
            await answers(target.server.place, target.requests(CONNECTIONS * 2), CONNECTIONS)


async def _loaded(target: Target, plan: Plan, measured: Measured) -> None:
    before = 0.0 if target.store is None else cpu_seconds(target.store)
    cpu, latencies = await _timed(target, plan.requests, CONNECTIONS)
    if target.store is not None:
        measured.store_cpu.append((cpu_seconds(target.store) - before) / plan.requests * MICROSECONDS)
    measured.cpu.append(cpu)
    measured.loaded += latencies
    cpu, latencies = await _timed(target, plan.requests // 4, 1)
    measured.cpu_alone.append(cpu)
    measured.alone += latencies


async def _timed(target: Target, wanted: int, connections: int) -> tuple[float, list[float]]:
    """Send so many requests; returns the server's CPU in µs a request and each answer's seconds."""
    requests = target.requests(wanted)
    before = await settled_cpu_seconds(target.server.process)
    told = await answers(target.server.place, requests, connections)
    cpu = (await settled_cpu_seconds(target.server.process) - before) / len(requests) * MICROSECONDS
    return cpu, [seconds for seconds, _ in told]
