"""The read and write protocol as a small model: every interleaving of its steps is one history, judged like any other.

A step is what happens at once: a statement, a commit. One person; whoever writes looks at her state, locks it,
compares, commits and is acknowledged; whoever reads looks at it, reads the value, then the revision that proves it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from tests.history.operations import Act, Deposit, Entry, History, Kept, Outcome, Read, Says

PERSON, RECIPIENT = "person", "recipient"
TRIES = 2  # of a reader before it gives up; the gateway has three, and the second is like any later one


class Variant(Enum):
    """The protocol, and the ways to break it."""

    SAFE = "as page 5.2 says"
    REVISION_FIRST = "the revision is read before the value"
    TTL_CACHE = "a snapshot is kept and never proven"
    NO_LOCK = "writers compare, but lock nothing"


@dataclass(frozen=True, slots=True)
class World:
    """What the store holds, who has the lock, which step this is, and what was acknowledged so far."""

    revision: int = 1
    permitted: bool = True
    number: int = 1
    records: tuple[tuple[str, int], ...] = (("first", 1),)
    lock: str = ""
    now: int = 0
    acts: tuple[Act, ...] = (Act(0, PERSON, RECIPIENT, Says.YES, -2, -1, 1, ("first",)),)
    deposits: tuple[Deposit, ...] = (Deposit(0, PERSON, 1, -2, -1),)
    reads: tuple[Read, ...] = ()

    @property
    def history(self) -> History:
        """Return what was acknowledged, with the ledger as it has to be."""
        released = (read for read in self.reads if read.outcome is Outcome.RELEASED)
        entries = tuple(Entry(0, read.trace, PERSON, RECIPIENT, read.revision or 0) for read in released)
        return History(PERSON, 0, self.acts, self.deposits, self.reads, entries)

    @property
    def kept(self) -> Kept:
        """Return what the store holds at the end."""
        return Kept(self.revision, self.records)


@dataclass(frozen=True, slots=True)
class Party:
    """One writer or reader: what it does step by step, where it is, and what it remembers."""

    name: str
    steps: tuple["Step", ...]
    place: int = 0
    invoked: int = 0
    revision: int = 0
    permitted: bool = False
    number: int | None = None
    tries: int = 1

    @property
    def over(self) -> bool:
        """Tell whether it has nothing left to do."""
        return self.place == len(self.steps)


Step = Callable[[World, Party], tuple[World, Party] | None]  # `None`: it has to wait


def interleavings(world: World, processes: tuple[Party, ...]) -> Iterator[World]:
    """Yield how the world ends, for every order in which these processes can take their steps."""
    if all(process.over for process in processes):
        yield world
    for place, process in enumerate(processes):
        taken = None if process.over else process.steps[process.place](world, process)
        if taken is not None:
            after, moved = taken
            others = (*processes[:place], moved, *processes[place + 1 :])
            yield from interleavings(replace(after, now=world.now + 1), others)


def acting(says: Says, variant: Variant) -> tuple[Step, ...]:
    """Return the steps by which something is said."""

    def commit(world: World, me: Party) -> tuple[World, Party]:
        revision, record = me.revision + 1, f"{me.name}-{me.place}"
        act = Act(0, PERSON, RECIPIENT, says, me.invoked, world.now, revision, (record,))
        after = replace(
            world,
            revision=revision,
            permitted=says is Says.YES,
            records=(*world.records, (record, revision)),
            lock="",
            acts=(*world.acts, act),
        )
        return after, replace(_next(me), tries=1)

    return _look, _locks(variant), commit


def depositing(number: int, variant: Variant) -> tuple[Step, ...]:
    """Return the steps by which a value is written: under the lock, and the revision stays."""

    def commit(world: World, me: Party) -> tuple[World, Party]:
        deposit = Deposit(0, PERSON, number, me.invoked, world.now)
        return replace(world, number=number, lock="", deposits=(*world.deposits, deposit)), _next(me)

    def lock(world: World, me: Party) -> tuple[World, Party] | None:
        return _locks(variant)(world, replace(me, invoked=world.now, revision=world.revision))

    return lock, commit


def reading(variant: Variant) -> tuple[Step, ...]:
    """Return the steps by which a value is released, or withheld."""
    if variant is Variant.TTL_CACHE:
        return _remember, _value_answered
    if variant is Variant.REVISION_FIRST:
        return _look, _proof, _value_answered
    return _look, _value, _proof_answered


def _look(world: World, me: Party) -> tuple[World, Party]:
    """Read the state; the first look is when it all began."""
    invoked = world.now if me.tries == 1 else me.invoked
    return world, replace(_next(me), invoked=invoked, revision=world.revision, permitted=world.permitted)


def _remember(world: World, me: Party) -> tuple[World, Party]:
    """Take the state as it was when it was first read."""
    begun = World()
    return world, replace(_next(me), invoked=world.now, revision=begun.revision, permitted=begun.permitted)


def _locks(variant: Variant) -> Step:
    def lock(world: World, me: Party) -> tuple[World, Party] | None:
        if world.lock:
            return None
        if world.revision != me.revision:  # somebody was faster: look again, as the same command
            return world, replace(me, place=me.place - 1, tries=me.tries + 1)
        return replace(world, lock="" if variant is Variant.NO_LOCK else me.name), _next(me)

    return lock


def _value(world: World, me: Party) -> tuple[World, Party]:
    return world, replace(_next(me), number=world.number if me.permitted else None)


def _proof(world: World, me: Party) -> tuple[World, Party]:
    """Read the revision: where it is another one, begin anew, but not for ever."""
    if world.revision == me.revision:
        return world, _next(me)
    if me.tries == TRIES:
        return _told(world, replace(me, number=None), Outcome.UNKNOWN)
    return world, replace(me, place=0, tries=me.tries + 1)


def _value_answered(world: World, me: Party) -> tuple[World, Party]:
    return _answered(*_value(world, me))


def _proof_answered(world: World, me: Party) -> tuple[World, Party]:
    after, moved = _proof(world, me)
    return _answered(after, moved) if moved.place > me.place and after is world else (after, moved)


def _answered(world: World, me: Party) -> tuple[World, Party]:
    return _told(world, me, Outcome.WITHHELD if me.number is None else Outcome.RELEASED)


def _told(world: World, me: Party, outcome: Outcome) -> tuple[World, Party]:
    revision = None if outcome is Outcome.UNKNOWN else me.revision
    read = Read(0, PERSON, RECIPIENT, me.name, me.invoked, world.now, outcome, revision, me.number)
    return replace(world, reads=(*world.reads, read)), replace(me, place=len(me.steps))


def _next(me: Party) -> Party:
    return replace(me, place=me.place + 1)
