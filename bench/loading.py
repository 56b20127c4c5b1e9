"""The measurement of entering people: how many a second come into a store through its port, how much each takes up."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.entrants import Entrant, entrant
from bench.neo4j import UP_SECONDS, Graph, neo4j, up
from bench.report import Row
from bench.rounds import CONNECTIONS, Plan
from bench.servers import in_file
from bench.world import World
from gateway.wiring import opened
from graph.errors import StoreUnavailable
from graph.store import Store

LATE = 10_000_000  # people who come in beside those who are counted have numbers from here on
TITLE = "Entering people"
COLUMNS = ("a second, 1 at once", f"a second, {CONNECTIONS} at once", "bytes a person")
NOTE = (
    "Through the store's port, from this process: each person is made with {records} records, {values} values and a "
    "device by three writes, each durable before the next. The bytes are those by which a store is larger that holds "
    "at least twice the {people:,}, all of it written into its files: with its indexes, without its log."
)


@dataclass(frozen=True, slots=True)
class Entered:
    """How many people were entered, and how many a second."""

    people: int
    rate: float


async def into_file(world: World, plan: Plan, folder: Path) -> Row:
    """Enter people into two files, into one more than into the other; returns the row of SQLite."""
    few, many = folder / "few.sqlite", folder / "many.sqlite"
    store = await opened(in_file(few))
    alone, together = await timed(store, world, plan)
    await store.aclose()  # its journal goes with it
    store = await opened(in_file(many))
    await entered(store, world, range(2 * plan.entered), CONNECTIONS)
    await store.aclose()
    return Row("SQLite", (alone, together, (_size(many) - _size(few)) / plan.entered))


async def into_graph(world: World, plan: Plan, folder: Path) -> tuple[float, float]:
    """Enter people into a Neo4j; returns how many a second, one by one and several at once."""
    with neo4j(folder) as graph:
        store = await up(graph)
        await _insisted(lambda: store.mirror(world.catalogue))
        rates = await timed(store, world, plan)
        await store.aclose()
        return rates


async def timed(store: Store, world: World, plan: Plan) -> tuple[float, float]:
    """Enter as many people as are wanted; returns how many a second, one by one and several at once.

    A first half of them is not timed: a server of Java's gets up to its speed with them.
    """
    half, few = plan.entered // 2, plan.entered // 10
    await entered(store, world, range(half), CONNECTIONS)
    alone = await entered(store, world, range(half, half + few), 1)
    together = await entered(store, world, range(half + few, plan.entered), CONNECTIONS)
    return alone.rate, together.rate


async def awake(world: World, graph: Graph) -> None:
    """Wait until a server answers, then enter a few more people: after a start its first writes take seconds."""
    store = await up(graph)
    await entered(store, world, range(LATE, LATE + 2 * CONNECTIONS), CONNECTIONS)
    await store.aclose()


async def full(world: World, plan: Plan, folder: Path) -> int:
    """Enter people into a Neo4j for as long as is planned, at least twice as many as are timed; returns how many."""
    with neo4j(folder) as graph:
        store = await up(graph)
        await _insisted(lambda: store.mirror(world.catalogue))
        found = await entered(store, world, _filling(plan, time.monotonic()), CONNECTIONS)
        await store.aclose()
        return found.people


async def entered(store: Store, world: World, people: Iterable[int], at_once: int) -> Entered:
    """Enter people, so many at once."""
    waiting, began, counts = iter(people), time.perf_counter(), [0]

    async def worked() -> None:
        for number in waiting:
            await _enter(store, entrant(world, number))
            counts[0] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worked())
    return Entered(counts[0], counts[0] / (time.perf_counter() - began))


async def _enter(store: Store, one: Entrant) -> None:
    await _insisted(lambda: store.open_subject(one.subject, one.device, one.change.at))
    await _insisted(lambda: store.put(one.subject.id, one.values, one.command, one.change.at))
    await _insisted(lambda: store.append(one.change))


async def _insisted(write: Callable[[], Awaitable[object]]) -> None:
    """Write until it is done: each write does once what it does. The whole wait counts."""
    until = time.monotonic() + UP_SECONDS
    while True:
        try:
            await write()
        except StoreUnavailable:
            if time.monotonic() > until:
                raise
            sys.stderr.write("a write did not end in time, the machine is busy; writing again\n")
        else:
            return


def _filling(plan: Plan, began: float) -> Iterator[int]:
    for number in range(plan.crowds[1]):
        if number >= 2 * plan.entered and time.monotonic() > began + plan.filling_seconds:
            return
        yield number


def _size(path: Path) -> int:
    return path.stat().st_size
