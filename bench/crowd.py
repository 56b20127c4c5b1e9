"""Stores full of people, and what a sheet costs in them: it must not depend on how many others there are."""

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from bench.cpu import SERVERS, pinned
from bench.documents import SHEET
from bench.entrants import entrant, name_of
from bench.person import Person
from bench.report import Row, Table
from bench.rounds import Measured, Plan, Target, alternated, percentile
from bench.servers import gateway, in_file
from bench.world import World, known, variables
from graph.sqlite_store import changes, subjects
from graph.sqlite_store.lanes import Lanes
from graph.sqlite_store.values import Deposit, put

AT_ONCE = 250  # people in one transaction: well within the time a write may take
COLUMNS = ("CPU µs", "× the first", "store CPU µs", "p50 ms", "p99 ms")
NOTE = (
    "Stores filled through the store's own commands: each person has {records} records, {values} values, a device. "
    "{askers} of them, spread over the whole store, ask the sheet in turn; the ratio is that of the medians of rounds."
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """A store full of people: where it is, how many they are, and the process of its server, if it has one."""

    url: str
    people: int
    process: int | None = None


async def crowded(world: World, plan: Plan, folder: Path) -> Table:
    """Measure the sheet in a small and in a large file."""
    files = {number: folder / f"crowd-{number}.sqlite" for number in plan.crowds}
    for number, path in files.items():
        await filled(world, path, number)
    crowds = [Crowd(in_file(path), number) for number, path in files.items()]
    return await compared(world, plan, "People in the store", crowds)


async def compared(world: World, plan: Plan, title: str, crowds: Sequence[Crowd]) -> Table:
    """Measure the sheet in each of these stores."""
    with ExitStack() as stack:
        targets = [await _target(world, stack, plan, crowd) for crowd in crowds]
        found = await alternated(targets, plan)
    rows = tuple(_row(name, one, found[targets[0].name]) for name, one in found.items())
    askers = min(plan.people, *(crowd.people for crowd in crowds))
    note = NOTE.format(records=len(world.model.own.records), values=len(world.asked.keys), askers=askers)
    return Table(title, note, COLUMNS, rows)


def _row(name: str, one: Measured, few: Measured) -> Row:
    latencies = (percentile(one.loaded, hundredth) for hundredth in (50, 99))
    return Row(name, (one.microseconds, one.over(few), one.of_the_store, *latencies))


async def _target(world: World, stack: ExitStack, plan: Plan, crowd: Crowd) -> Target:
    server = stack.enter_context(gateway(crowd.url))
    pinned(server.process, SERVERS)
    model = await known(server, world.catalogue, world.asked)
    step = max(crowd.people // plan.people, 1)
    people = [Person(server, model.client, model.documents, name_of(one)) for one in range(0, crowd.people, step)]
    sent = cycle([person.request(SHEET, variables(SHEET, world.asked)) for person in people[: plan.people]])
    return Target(f"{crowd.people:,} people", server, lambda wanted: list(islice(sent, wanted)), crowd.process)


async def filled(world: World, path: Path, number: int) -> None:
    """Fill a store with so many people like the one who was really asked, through the commands of the store itself."""
    lanes = Lanes(path)
    await lanes.prepare()
    for first in range(0, number, AT_ONCE):
        people = range(first, min(first + AT_ONCE, number))
        await lanes.write(partial(_entered, world=world, people=people))
    await lanes.aclose()


def _entered(connection: sqlite3.Connection, world: World, people: Sequence[int]) -> None:
    for one in (entrant(world, number) for number in people):
        at = one.change.at
        subjects.open_subject(connection, one.subject, one.device, at)
        put(connection, Deposit(one.subject.id, one.values, one.command, at))
        changes.append(connection, one.change)
