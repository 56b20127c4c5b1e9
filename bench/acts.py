"""The measurement of yes and no: how many a second are said, each durable before it is answered, with a receipt."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import uuid4

from bench.client import answers
from bench.cpu import SERVERS, cpu_seconds, pinned, settled_cpu_seconds
from bench.documents import GIVE, OFFER, WITHDRAW
from bench.person import Person, giving
from bench.report import Row, Table
from bench.rounds import CONNECTIONS, MICROSECONDS, Plan, percentile
from bench.servers import gateway
from bench.world import World, known

WRITERS = (1, CONNECTIONS)
COLUMNS = ("a second", "CPU µs", "store CPU µs", "p50 ms", "p99 ms")
NOTE = (
    "Different people, so many at once, over HTTP. A yes is to everything an offer asked for the sheet: a record for "
    "each of its {cells} cells under one receipt; a no takes the purpose back. Each is on the disk before it is "
    "answered."
)


@dataclass(slots=True)
class Phase:
    """What was measured of one kind of act: acts a second and CPU of each round, and every latency."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    store_cpu: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def numbers(self) -> tuple[float | None, ...]:
        """Return the row."""
        return (
            median(self.rates),
            median(self.cpu),
            median(self.store_cpu) if self.store_cpu else None,
            percentile(self.latencies, 50),
            percentile(self.latencies, 99),
        )


@dataclass(slots=True)
class Acting:
    """People at a gateway, the process of its store if it has one, and what was measured of each act and number."""

    people: Sequence[Person]
    process: int | None
    phases: dict[tuple[str, int], Phase] = field(default_factory=dict)

    async def phase(self, name: str, writers: int, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Let everybody do one thing, so many at once; returns what each was answered."""
        server, phase = self.people[0].server, self.phases.setdefault((name, writers), Phase())
        sent = [person.request(name, variables) for person, variables in zip(self.people, given, strict=True)]
        stored = 0.0 if self.process is None else cpu_seconds(self.process)
        before, began = await settled_cpu_seconds(server.process), time.perf_counter()
        told = await answers(server.place, sent, writers)
        phase.rates.append(len(sent) / (time.perf_counter() - began))
        phase.cpu.append((await settled_cpu_seconds(server.process) - before) / len(sent) * MICROSECONDS)
        if self.process is not None:
            phase.store_cpu.append((cpu_seconds(self.process) - stored) / len(sent) * MICROSECONDS)
        phase.latencies += [seconds for seconds, _ in told]
        return [json.loads(body)["data"] for _, body in told]


async def acted(world: World, plan: Plan, title: str, url: str, process: int | None = None) -> Table:
    """Let people say yes and take it back, round after round, in a store."""
    with gateway(url) as server:
        pinned(server.process, SERVERS)
        model = await known(server, world.catalogue, world.asked)
        people = [Person(server, model.client, model.documents, f"acting-{number}") for number in range(plan.people)]
        acting, cells = Acting(people, process), 0
        for _ in range(plan.rounds):
            for writers in WRITERS:
                cells = await _round(world, acting, writers)
    rows = tuple(Row(_named(name, writers), phase.numbers) for (name, writers), phase in acting.phases.items())
    return Table(title, NOTE.format(cells=cells), COLUMNS, rows)


async def _round(world: World, acting: Acting, writers: int) -> int:
    """Let everybody be offered, say yes and take it back; returns how many cells an offer has."""
    wanted = [{"keys": list(world.asked.keys)} for _ in acting.people]
    offers = await acting.phase(OFFER, writers, wanted)
    await acting.phase(GIVE, writers, [{"input": giving(one["offer"])} for one in offers])
    await acting.phase(WITHDRAW, writers, [_taking_back(world) for _ in acting.people])
    return len(offers[0]["offer"]["cells"])


def _named(name: str, writers: int) -> str:
    return f"{name}, {writers} at once"


def _taking_back(world: World) -> dict[str, Any]:
    return {"input": {"idempotencyKey": uuid4().hex, "scope": {"purpose": world.asked.purpose}}}
