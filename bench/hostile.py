"""Hostile loads: one floods with the costliest document, with what reads most, with garbage; another is timed."""

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.client import Line
from bench.cpu import SERVERS, pinned, resident_bytes
from bench.documents import SHEET
from bench.garbage import about_everybody, costliest, garbage
from bench.person import Person
from bench.report import Row, Table
from bench.rounds import Plan, percentile
from bench.servers import Server, gateway
from bench.world import World, known, variables

CONNECTIONS = 16  # of the caller that floods
ROUNDS = 4  # alone, then beside the flood, in turn: what the machine does meanwhile meets both alike
PAUSE_SECONDS = 0.02  # of the well-behaved caller between an answer and its next question
MEGABYTE = 1_000_000
PREFIX = "CONSENT_GATEWAY_"
WIDE = {f"{PREFIX}RATE": "1000000/second", f"{PREFIX}CONCURRENCY": "1000"}  # neither ends the flood
AS_SET = {f"{PREFIX}RATE": "100/second", f"{PREFIX}CONCURRENCY": "16"}  # what a gateway has that nobody set otherwise
COLUMNS = (
    "alone p50 ms",
    "p99 ms",
    "beside p50 ms",
    "p99 ms beside",
    "× p99 alone",
    "a second",
    "% 200",
    "RSS MB",
    "grew MB",
)
NOTE = (
    f"One caller floods over {CONNECTIONS} connections, each as soon as it is answered, from a process of its own; "
    "another asks the sheet one time after another, with a pause of 20 ms. The costliest document is made from the "
    "cost rule, up to its limit; questions about everybody are counts, the ledger's check and pages of disclosures, as "
    "many as a document may have aliases; garbage is forged tokens, broken and deep bodies, huge headers, and texts "
    "never seen before that do not hold. Without limits means a rate and a number at once that end no flood: what is "
    "left is the turns callers take. RSS is the gateway's after the flood, and by how much that is more than after a "
    "fifth of it."
)


@dataclass(slots=True)
class Beside:
    """What was measured of one flood: latencies without and beside it, its answers, and the gateway's memory."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    resident: list[int] = field(default_factory=list)

    @property
    def numbers(self) -> tuple[float | None, ...]:
        """Return the row."""
        answered = sum(self.told.values())
        last = self.resident[-1]
        return (
            percentile(self.alone, 50),
            percentile(self.alone, 99),
            percentile(self.beside, 50),
            percentile(self.beside, 99),
            percentile(self.beside, 99) / percentile(self.alone, 99),
            answered / self.seconds,
            100 * self.told.get("200", 0) / answered,
            last / MEGABYTE,
            (last - self.resident[len(self.resident) // 5]) / MEGABYTE,
        )


async def hostile(world: World, plan: Plan, folder: Path) -> Table:
    """Measure each flood, with the limits a gateway has by itself and without."""
    rows = []
    for said, settings in (("", AS_SET), (", without limits", WIDE)):
        with gateway(world.store, settings=settings) as server:
            pinned(server.process, SERVERS)
            person = await known(server, world.catalogue, world.asked)
            for name, sent in _floods(world, server, person).items():
                file = folder / "flood"
                file.write_bytes(b"\n".join(base64.b64encode(one) for one in sent))
                found = await _measured(world, plan, person, file)
                rows.append(Row(f"{name}{said}", found.numbers))
    return Table("One caller floods, another asks", NOTE, COLUMNS, tuple(rows))


def _floods(world: World, server: Server, person: Person) -> Mapping[str, Sequence[bytes]]:
    flooder = Person(server, person.client, person.documents, "flooder")
    return {
        "costliest document": costliest(world, server),
        "questions about everybody": about_everybody(server),
        "garbage": garbage(server, flooder),
    }


async def _measured(world: World, plan: Plan, person: Person, file: Path) -> Beside:
    rounds = min(ROUNDS, plan.rounds)
    found, seconds = Beside(), plan.flood_seconds / rounds
    sent = person.request(SHEET, variables(SHEET, world.asked))
    await _asked(person, sent, min(seconds, 2.0))  # warm
    for _ in range(rounds):
        found.alone += await _asked(person, sent, seconds)
        with _flooding(person.server, file, seconds) as flood:
            await asyncio.sleep(min(1.0, seconds / 4))  # it has begun
            found.beside += await _asked(person, sent, seconds * 0.9, found.resident)
            told = json.loads((await asyncio.to_thread(flood.communicate))[0])
        for status, count in told.items():
            found.told[status] = found.told.get(status, 0) + count
        found.seconds += seconds
    return found


async def _asked(person: Person, sent: bytes, seconds: float, resident: list[int] | None = None) -> list[float]:
    """Ask one time after another for so long; returns the seconds of each answer, and notes the gateway's memory."""
    latencies, until = [], time.monotonic() + seconds
    async with Line(person.server.place) as line:
        while time.monotonic() < until:
            latencies.append(await line.timed(sent))
            if resident is not None:
                resident.append(resident_bytes(person.server.process))
            await asyncio.sleep(PAUSE_SECONDS)
    return latencies


@contextmanager
def _flooding(server: Server, file: Path, seconds: float) -> Iterator["subprocess.Popen[bytes]"]:
    command = (
        sys.executable,
        "-m",
        "bench.flood",
        server.announced["graphql"],
        str(file),
        str(CONNECTIONS),
        str(seconds),
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()
