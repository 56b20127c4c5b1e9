"""What a history is made of: operations with the instants at which they were invoked and answered, and what was seen.

An operation is one act, one value or one read *of one person*: a partner's document that asks about ten people is ten
reads, with one interval, because each is decided, proven and disclosed by itself. Instants are those of one monotonic
clock, in seconds. Whatever was tried again under the same key is one operation, from its first try to its answer.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import inf


class Says(Enum):
    """How an act counts."""

    YES = "yes"
    NO = "no"


class Outcome(Enum):
    """What became of a read; nobody knows whether one without an answer was recorded as a disclosure."""

    RELEASED = "released"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Act:
    """One yes or no for one recipient; `revision` is what its answer told, `records` those its receipt names."""

    client: int
    subject: str
    recipient: str
    says: Says
    invoked: float
    answered: float
    revision: int
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deposit:
    """One value written; its number is in the value, so that whoever reads the value knows which write it was."""

    client: int
    subject: str
    number: int
    invoked: float
    answered: float


@dataclass(frozen=True, slots=True)
class Read:
    """One person read for one recipient.

    `revision` is set where the answer tells it, `number` where a value was released, `least` to the revision that
    client knew of before: by its own act, whose token it brought, or by its own earlier read.
    """

    client: int
    subject: str
    recipient: str
    trace: str
    invoked: float
    answered: float
    outcome: Outcome
    revision: int | None = None
    number: int | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger: to whom one person was disclosed in the request of this trace, at which revision."""

    position: int
    trace: str
    subject: str
    recipient: str
    revision: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds of one person at the end: her revision, and each record of an act with its sequence."""

    revision: int
    records: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one person: all acts and values so far, and the reads and entries to be judged.

    `began` is her revision before the first act. Acts and values that were invoked before a read was answered have all
    been answered, or that read has to wait for its judgement.
    """

    subject: str
    began: int = 0
    acts: tuple[Act, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    reads: tuple[Read, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that was broken, with the operations that show it."""

    rule: str
    said: str
    shown: tuple[object, ...] = ()

    def __str__(self) -> str:
        return "\n".join((f"{self.rule}: {self.said}", *(f"    {one}" for one in self.shown)))


class Highest:
    """The highest of some numbers, each from an instant of its own on."""

    def __init__(self, rows: Iterable[tuple[float, float]]) -> None:
        self._instants: list[float] = []
        self._highest: list[float] = []
        for instant, number in sorted(rows):
            self._instants.append(instant)
            self._highest.append(max(number, self._highest[-1] if self._highest else -inf))

    def before(self, instant: float) -> float:
        """Return the highest of what came strictly before an instant; minus infinity if nothing did."""
        place = bisect_left(self._instants, instant)
        return self._highest[place - 1] if place else -inf
