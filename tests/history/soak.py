"""A history from its first person to its judgement: who takes part, how long, what goes wrong meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

from graph.errors import StoreUnavailable
from graph.store import AsOf, Page, Parties, Store
from graph.terms import RecordKind
from tests.history.clients import Client
from tests.history.cluster import Cluster, standing
from tests.history.entries import Tail
from tests.history.faults import KINDS, Faults
from tests.history.gateways import SERVE
from tests.history.habits import Habit, reading, reading_shared, writing
from tests.history.journal import Journal
from tests.history.operations import Kept, Violation
from tests.history.people import arrive, surroundings

PAGE = 1000
ACTED = (RecordKind.GIVEN, RecordKind.WITHDRAWN)
BACK_SECONDS = 30.0  # for the store to answer again after the last fault


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen.

    Nothing new begins after so many operations, and not before each fault happened once; or after `seconds`.
    """

    operations: int
    seconds: float | None = None
    seed: int = 0
    people: int = 96
    writers: int = 8
    readers: int = 12
    brand_readers: int = 12
    at_once: int = 10  # people in one question of a brand
    judge_every: int = 10_000
    fault_every: int = 2_000
    faults: Sequence[str] = tuple(KINDS)
    command: Sequence[str] = SERVE
    quick: bool = False  # a server that is sooner up, and slower ever after
    ends_at: str = ""  # a rule: the history ends when it is found broken


@dataclass(slots=True)
class Told:
    """What a history came to."""

    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    operations: int = 0
    failed: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    violations: list[Violation] = field(default_factory=list)


@dataclass(slots=True)
class Soak:
    """One history under way."""

    plan: Plan
    cluster: Cluster
    tail: Tail
    journal: Journal = field(default_factory=Journal)
    told: Told = field(default_factory=Told)
    began: float = field(default_factory=monotonic)

    def over(self) -> bool:
        """Tell whether nothing new is to begin."""
        plan = self.plan
        late = plan.seconds is not None and monotonic() - self.began >= plan.seconds
        broken = any(one.rule == plan.ends_at for one in self.told.violations)
        enough = self.journal.operations >= plan.operations and self.told.faults.keys() >= set(plan.faults)
        return late or broken or enough

    async def reached(self, operations: int) -> bool:
        """Wait for a number of operations; tells whether it was reached before all was over."""
        await self.journal.until(lambda: self.over() or self.journal.operations >= operations)
        return not self.over()

    async def judge(self) -> None:
        """Judge what can be judged; a store that is away is asked next time."""
        before = monotonic()
        try:
            entries = await self.tail.read()
        except StoreUnavailable:
            return
        self.journal.tell(entries)
        self.told.entries += len(entries)
        self.told.violations += self.journal.judged(before)

    async def judging(self) -> None:
        """Judge now and then."""
        for operations in count(self.plan.judge_every, self.plan.judge_every):
            if not await self.reached(operations):
                return
            await self.judge()

    async def harming(self) -> None:
        """Let everything go wrong that is planned, in an order that the seed gives, again and again."""
        faults = Faults(self.cluster, self.journal, Random(f"{self.plan.seed} faults"), self.told.faults)
        while self.plan.faults:
            for kind in faults.random.sample(self.plan.faults, len(self.plan.faults)):
                if not await self.reached(self.journal.operations + self.plan.fault_every):
                    return
                await faults.happen(kind)


async def soaked(plan: Plan, folder: Path) -> Told:
    """Make a history and judge it."""
    async with standing(folder, plan.command, quick=plan.quick) as cluster:
        soak = Soak(plan, cluster, Tail(cluster.store, cluster.pseudonyms))
        clients = await _arrived(soak)
        soak.began = monotonic()
        async with asyncio.TaskGroup() as tasks:
            for habit, client in clients:
                tasks.create_task(_again(habit, client, soak.over))
            tasks.create_task(soak.judging())
            tasks.create_task(soak.harming())
        _sum_up(soak)
        await _judged_at_the_end(soak)
    return soak.told


async def _arrived(soak: Soak) -> list[tuple[Habit, Client]]:
    """Let everybody arrive; return who does what from now on."""
    plan, around = soak.plan, await surroundings(soak.cluster, soak.journal, soak.plan.people)
    habits = [writing] * plan.writers + [reading] * plan.readers + [reading_shared(plan.at_once)] * plan.brand_readers
    clients = [Client(number, around, Random(f"{plan.seed} client {number}")) for number in range(len(habits))]
    shares = ((clients[place], around.people[place :: plan.writers]) for place in range(plan.writers))
    await asyncio.gather(*(arrive(writer, people) for writer, people in shares))
    return list(zip(habits, clients, strict=True))


async def _again(habit: Habit, client: Client, over: Callable[[], bool]) -> None:
    try:
        while not over():
            await habit(client)
    finally:
        client.close()


def _sum_up(soak: Soak) -> None:
    told, journal = soak.told, soak.journal
    told.seconds = monotonic() - soak.began
    told.counts, told.operations, told.failed = journal.counts, journal.operations, journal.failed


async def _judged_at_the_end(soak: Soak) -> None:
    """Judge everything that is left, what the store holds, and what the gateways logged."""
    store, told = soak.cluster.store, soak.told
    async with asyncio.timeout(BACK_SECONDS):
        await _back(store)
    await soak.judge()
    kept = {subject: await _kept(store, subject) for subject in soak.journal.lives}
    told.violations += soak.journal.judged_at_the_end(kept.__getitem__)
    ledger = await store.ledger()
    if not ledger.intact or ledger.length != told.entries:
        told.violations.append(Violation("ledger broken", f"{ledger}, {told.entries} entries read"))
    told.violations += soak.journal.strange
    faults = (line for gateway in soak.cluster.gateways.all for line in gateway.faults())
    told.violations += [Violation("fault of a gateway", line) for line in faults]


async def _back(store: Store) -> None:
    """Return when the store can be written; each look takes as long as the store takes to say no."""
    while True:
        try:
            return await store.ready()
        except StoreUnavailable:
            continue


async def _kept(store: Store, subject: str) -> Kept:
    rows: list[tuple[str, int]] = []
    after = 0
    while page := await store.records(subject, Page(PAGE, after), AsOf()):
        rows += [(one.record.id, one.record.sequence) for one in page if one.record.kind in ACTED]
        after = page[-1].position
    return Kept((await store.snapshot(subject, Parties())).own.revision, tuple(rows))
