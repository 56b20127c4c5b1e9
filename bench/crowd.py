"""Stores full of people, and what a sheet costs in them: it must not depend on how many others there are."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from bench.cpu import SERVERS, pinned
from bench.documents import SHEET
from bench.person import Person, device_of
from bench.report import Row, Table
from bench.rounds import Plan, Target, alternated, percentile
from bench.servers import gateway
from bench.world import World, known, subject, values, variables
from graph.records import Device, Record
from graph.sqlite_store import changes, subjects
from graph.sqlite_store.lanes import Lanes
from graph.sqlite_store.values import Deposit, put
from graph.store import Change, Command
from graph.terms import DeviceKind

AT_ONCE = 250  # people in one transaction: well within the time a write may take
NOTE = (
    "Stores filled through the store's own commands: each person has {records} records, {values} values, a device. "
    "{askers} of them, spread over the whole store, ask the sheet in turn; the ratio is that of the medians of rounds."
)


async def crowded(world: World, plan: Plan, folder: Path) -> Table:
    """Measure the sheet in a small and in a large store."""
    files = {number: folder / f"crowd-{number}.sqlite" for number in plan.crowds}
    for number, path in files.items():
        await filled(world, path, number)
    with ExitStack() as stack:
        targets = [await _target(world, stack, plan, number, path) for number, path in files.items()]
        found = await alternated(targets, plan)
    few = found[targets[0].name]
    rows = tuple(
        Row(name, (one.microseconds, one.over(few), percentile(one.loaded, 50), percentile(one.loaded, 99)))
        for name, one in found.items()
    )
    own = world.model.own
    note = NOTE.format(records=len(own.records), values=len(world.asked.keys), askers=min(plan.people, *plan.crowds))
    return Table("People in the store", note, ("CPU µs", "× the first", "p50 ms", "p99 ms"), rows)


async def _target(world: World, stack: ExitStack, plan: Plan, number: int, path: Path) -> Target:
    server = stack.enter_context(gateway(path))
    pinned(server.process, SERVERS)
    model = await known(server, world.catalogue, world.asked)
    step = max(number // plan.people, 1)
    people = [Person(server, model.client, model.documents, name_of(one)) for one in range(0, number, step)]
    sent = cycle([person.request(SHEET, variables(SHEET, world.asked)) for person in people[: plan.people]])
    return Target(f"{number:,} people", server, lambda wanted: list(islice(sent, wanted)))


def name_of(number: int) -> str:
    """Return the `sub` of one of the crowd."""
    return f"crowd-{number}"


async def filled(world: World, path: Path, number: int) -> None:
    """Fill a store with so many people like the one who was really asked, through the commands of the store itself."""
    lanes = Lanes(path)
    await lanes.prepare()
    for first in range(0, number, AT_ONCE):
        people = range(first, min(first + AT_ONCE, number))
        await lanes.write(partial(_entered, world=world, people=people))
    await lanes.aclose()


def _entered(connection: sqlite3.Connection, world: World, people: Sequence[int]) -> None:
    own = world.model.own
    at = max(record.recorded_at for record in own.records)
    held = values(world.asked, at)
    for person in map(name_of, people):
        key, known_as = subject(person), Command(f"crowd:{person}", "crowd")
        made = replace(world.model.subject, id=key)
        headset = Device(device_of(person), "headset", DeviceKind.HEADSET, shared=False, linked_at=at)
        subjects.open_subject(connection, made, headset, at)
        put(connection, Deposit(key, held, replace(known_as, key=f"{known_as.key}:values"), at))
        changes.append(connection, Change(key, 0, at, known_as, begins=tuple(_said(own.records, person))))


def _said(records: Sequence[Record], person: str) -> Iterator[Record]:
    """Yield a person's records: those of the one who was really asked, said on her own device."""
    for number, record in enumerate(records):
        given_on = replace(record.given_on, device=device_of(person))
        yield replace(record, id=f"{person}-{number}", given_on=given_on, sequence=1)
