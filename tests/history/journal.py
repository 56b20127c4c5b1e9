"""What every client did, kept until it is judged: reads as soon as nothing that could excuse them is under way."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from math import inf
from time import monotonic

from tests.history.checker import violations, violations_at_the_end
from tests.history.operations import Act, Deposit, Entry, History, Kept, Outcome, Read, Violation


@dataclass(slots=True)
class Life:
    """One person's part. Acts and values stay for good, they are few; reads and their entries go once judged."""

    began: int = 0
    acts: list[Act] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    under_way: dict[int, float] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def horizon(self) -> float:
        """Return the instant before which every act and value that was invoked has its answer."""
        return min(self.under_way.values(), default=inf)


@dataclass(slots=True)
class Journal:
    """Everybody's part; `counts` of operations by kind, `failed` tries that nobody answered or that were refused."""

    lives: dict[str, Life] = field(default_factory=lambda: defaultdict(Life))
    counts: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    strange: list[Violation] = field(default_factory=list)
    _tickets: Iterator[int] = field(default_factory=count)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def operations(self) -> int:
        """Return how many operations were answered."""
        return sum(self.counts.values()) - self.counts["unknown"]

    def begins(self, subject: str) -> tuple[int, float]:
        """Note that an act or a value is under way; return its ticket and the instant."""
        ticket, now = next(self._tickets), monotonic()
        self.lives[subject].under_way[ticket] = now
        return ticket, now

    def acted(self, ticket: int, act: Act) -> None:
        """Note an act that was answered."""
        self.lives[act.subject].acts.append(act)
        self._ended(act.subject, ticket, "acts")

    def deposited(self, ticket: int, deposit: Deposit) -> None:
        """Note a value that was written."""
        self.lives[deposit.subject].deposits.append(deposit)
        self._ended(deposit.subject, ticket, "values written")

    def read(self, read: Read) -> None:
        """Note a read, answered or not."""
        self.lives[read.subject].reads.append(read)
        self.counts["unknown" if read.outcome is Outcome.UNKNOWN else f"reads {read.outcome.value}"] += 1
        self._moved.set()

    def fails(self) -> None:
        """Note a try that nobody answered, or that was refused because the store was away."""
        self.failed += 1
        self._moved.set()

    def is_told(self, status: int, content: bytes) -> None:
        """Note what no gateway should ever answer here."""
        self.strange.append(Violation("answer nobody should get", f"status {status}", (content,)))

    def tell(self, entries: Iterable[Entry]) -> None:
        """Note entries of the ledger."""
        for entry in entries:
            self.lives[entry.subject].entries[entry.trace].append(entry)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when a condition holds; it is looked at after each operation and each failure."""
        while not condition():
            self._moved.clear()
            await self._moved.wait()

    def judged(self, read_before: float) -> list[Violation]:
        """Judge the reads answered before an instant, up to which the ledger was read, and forget them."""
        found: list[Violation] = []
        for subject, life in self.lives.items():
            before = min(read_before, life.horizon)
            settled = [one for one in life.reads if one.answered < before and one.outcome is not Outcome.UNKNOWN]
            if settled:
                known = set(map(id, settled))
                life.reads = [one for one in life.reads if id(one) not in known]
                entries = [entry for one in settled for entry in life.entries.pop(one.trace, ())]
                found += violations(_history(subject, life, settled, entries))
        return found

    def judged_at_the_end(self, kept: Callable[[str], Kept]) -> list[Violation]:
        """Judge what is left when everything was answered and the whole ledger was read, and what the store holds."""
        found: list[Violation] = []
        for subject, life in self.lives.items():
            assert not life.under_way
            entries = [entry for rows in life.entries.values() for entry in rows]
            history = _history(subject, life, life.reads, entries)
            found += [*violations(history), *violations_at_the_end(history, kept(subject))]
        return found

    def _ended(self, subject: str, ticket: int, kind: str) -> None:
        del self.lives[subject].under_way[ticket]
        self.counts[kind] += 1
        self._moved.set()


def _history(subject: str, life: Life, reads: Iterable[Read], entries: Iterable[Entry]) -> History:
    return History(subject, life.began, tuple(life.acts), tuple(life.deposits), tuple(reads), tuple(entries))
