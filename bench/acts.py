"""The measurement of yes and no: how many a second are said, each durable before it is answered, with a receipt."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from bench.client import answers
from bench.cpu import SERVERS, pinned, settled_cpu_seconds
from bench.documents import GIVE, OFFER, WITHDRAW
from bench.person import Person, giving
from bench.report import Row, Table
from bench.rounds import CONNECTIONS, MICROSECONDS, Plan, percentile
from bench.servers import gateway
from bench.world import World, known

COLUMNS = ("a second", "CPU µs", "p50 ms", "p99 ms")
NOTE = (
    "Different people, {connections} at once, over HTTP. A yes is to everything an offer asked for the sheet: a record "
    "for each of its {cells} cells under one receipt; a no takes the purpose back. Each is on the disk before it is "
    "answered."
)


@dataclass(slots=True)
class Phase:
    """What was measured of one kind of act: acts a second and CPU of each round, and every latency."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the row."""
        return (
            median(self.rates),
            median(self.cpu),
            percentile(self.latencies, 50),
            percentile(self.latencies, 99),
        )


async def acted(world: World, plan: Plan, folder: Path) -> Table:
    """Let people say yes and take it back, round after round, on a store of their own."""
    phases = {name: Phase() for name in (OFFER, GIVE, WITHDRAW)}
    with gateway(folder / "acts.sqlite") as server:
        pinned(server.process, SERVERS)
        model = await known(server, world.catalogue, world.asked)
        people = [Person(server, model.client, model.documents, f"acting-{number}") for number in range(plan.people)]
        cells = 0
        for _ in range(plan.rounds):
            offers = await _phase(people, OFFER, [{"keys": list(world.asked.keys)}] * len(people), phases[OFFER])
            cells = len(offers[0]["offer"]["cells"])
            await _phase(people, GIVE, [{"input": giving(one["offer"])} for one in offers], phases[GIVE])
            taken = [_taking_back(world) for _ in people]
            await _phase(people, WITHDRAW, taken, phases[WITHDRAW])
    rows = tuple(Row(name, phase.numbers) for name, phase in phases.items())
    return Table("Acts", NOTE.format(connections=CONNECTIONS, cells=cells), COLUMNS, rows)


def _taking_back(world: World) -> dict[str, Any]:
    return {"input": {"idempotencyKey": uuid4().hex, "scope": {"purpose": world.asked.purpose}}}


async def _phase(
    people: Sequence[Person], name: str, given: Sequence[Mapping[str, Any]], phase: Phase
) -> list[dict[str, Any]]:
    """Let everybody do one thing; returns what each was answered."""
    server = people[0].server
    sent = [person.request(name, variables) for person, variables in zip(people, given, strict=True)]
    before, began = await settled_cpu_seconds(server.process), time.perf_counter()
    told = await answers(server.place, sent, CONNECTIONS)
    phase.rates.append(len(sent) / (time.perf_counter() - began))
    phase.cpu.append((await settled_cpu_seconds(server.process) - before) / len(sent) * MICROSECONDS)
    phase.latencies += [seconds for seconds, _ in told]
    return [json.loads(body)["data"] for _, body in told]
