"""The measurements on a real Neo4j: the sheet beside the bare driver, stores full of people, acts, entering people."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median

from bench.acts import acted
from bench.client import request
from bench.cpu import CLIENT, SERVERS, pinned
from bench.crowd import Crowd, compared
from bench.documents import SHEET
from bench.entrants import name_of
from bench.loading import COLUMNS as ENTERING
from bench.loading import NOTE as ENTERED
from bench.loading import TITLE as LOADING
from bench.loading import awake, full, into_file, into_graph
from bench.neo4j import ABSENT, Graph, neo4j, usable
from bench.person import Person
from bench.report import Row, Table
from bench.rounds import CONNECTIONS, Measured, Plan, Target, alternated, percentile, same, warmed
from bench.servers import Server, driver, gateway
from bench.world import World, known, variables

TITLE, PEOPLE, ACTS = "Sheet on Neo4j", "People in a Neo4j", "Acts on Neo4j"
AGAIN, NEVER = "gateway, asked again", "gateway, never asked before"
IN_FILE = "gateway on SQLite, asked again"
PORT = "the store alone, both reads and the ledger"
WHOLE, PROVEN = "bare driver, both reads and the ledger", "bare driver, the values' read and the ledger"
DRIVERS = {
    PORT: "store",
    WHOLE: "both+ledger",
    PROVEN: "values+ledger",
    "bare driver, both reads": "both",
    "bare driver, the values' read": "values",
}
COLUMNS = (
    *("CPU µs", "× both and ledger", "× values and ledger", "store CPU µs"),
    *("alone CPU µs", "alone × both and ledger", "p50 ms", "p99 ms", "alone p50 ms", "alone p99 ms"),
)
NOTE = (
    "The gateway's rows are whole requests as in the first table: token, decision, reads, ledger, answer. Asked again "
    "is one person over and over, never asked before somebody else each time, whom this process has not met. The bare "
    "driver is a process that runs the same Cypher with the same parameters, driver settings and sessions behind a raw "
    "ASGI application: no token, no decision, nothing of the store round a call; the store alone is that process with "
    "the calls of the store's port instead. Both reads are the snapshot and the "
    "values; the values' read alone is what a snapshot that is known already needs. The ledger is its lock, its "
    "entries and their commit; entries that wait go with the next commit, in the gateway as in the driver. CPU is that "
    f"process's, store CPU the Neo4j's, of {CONNECTIONS} callers at once; alone is one caller. The Neo4j has the "
    "client's core."
)


async def on_neo4j(world: World, plan: Plan, folder: Path) -> tuple[Table, ...]:
    """Measure everything that is measured on a Neo4j, or say why it is not."""
    row = await into_file(world, plan, folder)
    if not usable():
        return *(Table(title, ABSENT, (), ()) for title in (TITLE, PEOPLE, ACTS)), _loading(world, plan, row)
    few, many = folder / "few", folder / "many"
    rates, people = await into_graph(world, plan, few), await full(world, plan, many)
    async with _at_its_core(world, few) as graph:
        async with _at_its_core(world, many) as other:
            size = (other.size - graph.size) / (people - plan.entered)
            sheets = await _sheets(world, plan, folder, graph)
            crowds = (Crowd(graph.url, plan.entered, graph.process), Crowd(other.url, people, other.process))
            crowded = await compared(world, plan, PEOPLE, crowds)
        acts = await acted(world, plan, ACTS, graph.url, graph.process)
    return sheets, crowded, acts, _loading(world, plan, row, Row("Neo4j", (*rates, size)))


@asynccontextmanager
async def _at_its_core(world: World, folder: Path) -> AsyncIterator[Graph]:
    with neo4j(folder) as graph:
        await awake(world, graph)
        pinned(graph.process, CLIENT)
        yield graph


def _loading(world: World, plan: Plan, *rows: Row) -> Table:
    own, held = len(world.model.own.records), len(world.asked.keys)
    note = ENTERED.format(records=own, values=held, people=plan.entered)
    return Table(LOADING, note if usable() else f"{note} {ABSENT}", ENTERING, rows)


async def _sheets(world: World, plan: Plan, folder: Path, graph: Graph) -> Table:
    """Measure one person's sheet at the gateway and through the bare driver."""
    with ExitStack() as stack:
        server, filed = stack.enter_context(gateway(graph.url)), stack.enter_context(gateway(world.store))
        here = await known(server, world.catalogue, world.asked, name_of(0))
        there = await known(filed, world.catalogue, world.asked)
        file = folder / "sheet.json"
        file.write_text(json.dumps({SHEET: await here.asks(SHEET, variables(SHEET, world.asked))}))
        drivers = [
            _driver(name, stack.enter_context(driver(reads, (graph.url, name_of(0), str(file)))), graph)
            for name, reads in DRIVERS.items()
        ]
        again = Target(AGAIN, server, same(_sheet(world, here)), graph.process)
        for one in (server, filed, *(target.server for target in drivers)):
            pinned(one.process, SERVERS)
        await warmed((again, *drivers), plan.warming_seconds)
        never = Target(NEVER, server, _strangers(world, here, plan), graph.process)
        found = await alternated((again, never, Target(IN_FILE, filed, same(_sheet(world, there))), *drivers), plan)
    return Table(f"{TITLE}: {len(world.asked.keys)} attributes", NOTE, COLUMNS, tuple(_rows(found)))


def _sheet(world: World, person: Person) -> bytes:
    return person.request(SHEET, variables(SHEET, world.asked))


def _driver(name: str, server: Server, graph: Graph) -> Target:
    return Target(name, server, same(request(server.place, {})), graph.process)


def _strangers(world: World, model: Person, plan: Plan) -> Callable[[int], Sequence[bytes]]:
    """Return what makes the requests of people never asked before, each once."""
    people = (replace(model, sub=name_of(number)) for number in range(1, plan.entered))

    def requests(wanted: int) -> Sequence[bytes]:
        return [_sheet(world, person) for person in islice(people, wanted)]

    return requests


def _rows(found: Mapping[str, Measured]) -> Iterator[Row]:
    whole, proven = found[WHOLE], found[PROVEN]
    for name, one in found.items():
        cpu = (one.microseconds, one.over(whole), one.over(proven), one.of_the_store)
        alone = (median(one.cpu_alone), one.over_alone(whole))
        latencies = (percentile(times, hundredth) for times in (one.loaded, one.alone) for hundredth in (50, 99))
        yield Row(name, (*cpu, *alone, *latencies))
