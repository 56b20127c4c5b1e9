"""Turns among callers: beside others, who asks much waits for itself, and what takes long lets others go first.

A courtesy and never a lock: whoever waited long enough goes on. Used from one event loop.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

LINGER_SECONDS = 1.0  # after its last call a caller is still there: who asks now and then finds the way clear
LIGHT_WORK = 600  # fields told before the first rest: 4 ms or so, more than a whole usual sheet
PIECE_OF_WORK = 200  # and between any two after that
PATIENCE_SECONDS = 0.01  # a rest beside others, at most: what is long keeps an eighth, whatever else there is
LONGEST_SECONDS = 5.0  # a rest, or a wait for a turn to be refused, at most: longer than any answer may take
ROUNDS = 3  # of the loop between two pieces: a call that came meanwhile is read, recognised and under way by then


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of turn: how many of it one caller has at once beside others, and whether others' rests wait for it."""

    at_once: int
    awaited: bool = False
    longest_seconds: float = field(default=LONGEST_SECONDS, compare=False)  # what anybody waits for one


# Operations: enough that a caller seldom waits for its own writes to reach the disk. Where its first ones wait for a
# store that hangs, the others have time left to be told so themselves.
RUNNING = Kind(4, awaited=True, longest_seconds=0.25)
KNOCKING = Kind(2)  # tokens that were not seen before
REFUSED = Kind(1)  # answers that refuse: who asks again at once asks again at this pace


@dataclass(slots=True)
class _Line:
    """What of one caller and kind is under way, and what waits for it."""

    running: int = 0
    waiting: "deque[asyncio.Future[None]]" = field(default_factory=deque)


@dataclass(slots=True)
class Share:
    """One operation's part of the gateway: how much it did since it last let others go first."""

    fairness: "Fairness"
    who: Hashable
    order: int
    light: bool
    work: int = 0
    resting: bool = False

    @property
    def due(self) -> bool:
        """Tell whether it is time to rest; while one part of an operation rests, it is for all that run beside it."""
        return self.resting or self.work >= (LIGHT_WORK if self.light else PIECE_OF_WORK)

    def worked(self, work: int) -> None:
        """Count fields told, or what takes as long."""
        self.work += work

    async def rest(self) -> None:
        """Let others go first."""
        self.resting = True
        try:
            await self.fairness.rest(self)
        finally:
            self.go_on()

    def go_on(self) -> None:
        """Begin the next piece."""
        self.work, self.resting = 0, False


@dataclass(slots=True)
class Turn:
    """One turn of a caller, waited for and held with `async with`."""

    fairness: "Fairness"
    who: Hashable
    kind: Kind
    line: _Line = field(default_factory=_Line)
    share: Share | None = None

    async def __aenter__(self) -> Share:
        """Wait for it."""
        self.share = await self.fairness.begun(self)
        return self.share

    async def __aexit__(self, *_: object) -> None:
        """Give it back."""
        if self.share is not None:
            self.fairness.no_longer_light(self.share)
        self.fairness.ended(self)


class Fairness:
    """Knows who is here. Alone, a caller runs as it likes; beside others, a few of its calls at once.

    Here is who has operations: to show a new token, or to be refused, makes nobody else of who is alone.
    What has rested once is long, anything else light. Of all that is long one piece runs at a time, and only while
    nothing light of another caller is under way, or has been for too long.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Hold a clock of seconds that never goes back."""
        self._clock = clock
        self._lines: dict[tuple[Hashable, Kind], _Line] = {}
        self._here: Counter[Hashable] = Counter()
        self._latest: OrderedDict[Hashable, float] = OrderedDict()  # the two callers that were here last
        self._light: Counter[Hashable] = Counter()
        self._resting: OrderedDict[Hashable, list[tuple[int, int, asyncio.Future[None]]]] = OrderedDict()
        self._order = count()
        self._calm = asyncio.Event()
        self._granting: asyncio.Task[None] | None = None

    def turn(self, who: Hashable, kind: Kind = RUNNING) -> "Turn":
        """Return what waits until it is this caller's turn, and holds it; it ends however that ends."""
        return Turn(self, who, kind)

    async def begun(self, turn: "Turn") -> Share:
        """Wait for a turn; returns the part of the gateway that comes with it."""
        who, kind = turn.who, turn.kind
        if kind.awaited:
            self._come(who)
        try:
            turn.line = await self._admitted(who, kind)
        except BaseException:
            if kind.awaited:
                self._gone(who)
            raise
        if kind.awaited:
            self._light[who] += 1
        return Share(self, who, next(self._order), light=kind.awaited)

    def ended(self, turn: "Turn") -> None:
        """Give a turn back, once the loop has come round: what never waits would else never be counted."""
        asyncio.get_running_loop().call_soon(self._ended, turn.who, turn.kind, turn.line)
        if turn.kind.awaited:
            self._gone(turn.who)

    async def rest(self, share: Share) -> None:
        """Let others go first: all that is ready to run, and beside others what is light of theirs."""
        self.no_longer_light(share)
        granted = asyncio.get_running_loop().create_future()
        heappush(self._resting.setdefault(share.who, []), (share.order, next(self._order), granted))
        if self._granting is None:
            self._granting = asyncio.create_task(self._grant())
        await _within(LONGEST_SECONDS, granted)

    @property
    def callers(self) -> int:
        """Return how many callers are here."""
        return len(self._here)

    @property
    def lines(self) -> int:
        """Return how many callers have turns under way or waited for, by kind."""
        return len(self._lines)

    def _come(self, who: Hashable) -> None:
        self._here[who] += 1
        self._seen(who)

    def _gone(self, who: Hashable) -> None:
        _less(self._here, who)
        self._seen(who)

    def _seen(self, who: Hashable) -> None:
        self._latest[who] = self._clock()
        self._latest.move_to_end(who)
        if len(self._latest) > 2:
            self._latest.popitem(last=False)

    def _beside_others(self, who: Hashable) -> bool:
        """Tell whether somebody else is here, or was a moment ago."""
        since = self._clock() - LINGER_SECONDS
        return len(self._here) > 1 or any(other != who and seen > since for other, seen in self._latest.items())

    async def _admitted(self, who: Hashable, kind: Kind) -> _Line:
        line = self._lines.setdefault((who, kind), _Line())
        self._let_on(who, kind, line)  # whoever came before goes first: others may have left meanwhile
        if self._may_go(who, kind, line):
            line.running += 1
            return line
        mine = asyncio.get_running_loop().create_future()
        line.waiting.append(mine)
        try:
            await _within(kind.longest_seconds, mine)
        except BaseException:
            if mine.done() and not mine.cancelled():  # it was given a turn that it does not take
                self._ended(who, kind, line)
            raise
        line.running += mine.cancelled()  # waited long enough; whoever was given a turn was counted then
        return line

    def _ended(self, who: Hashable, kind: Kind, line: _Line) -> None:
        line.running -= 1
        self._let_on(who, kind, line)
        if not line.running and not line.waiting:
            self._lines.pop((who, kind), None)

    def _may_go(self, who: Hashable, kind: Kind, line: _Line) -> bool:
        return line.running < kind.at_once or not self._beside_others(who)

    def _let_on(self, who: Hashable, kind: Kind, line: _Line) -> None:
        while line.waiting and self._may_go(who, kind, line):
            first = line.waiting.popleft()
            if not first.done():
                line.running += 1
                first.set_result(None)

    def no_longer_light(self, share: Share) -> None:
        """Let nobody rest for an operation that rests itself, or has ended."""
        if share.light:
            share.light = False
            _less(self._light, share.who)
            self._calm.set()

    async def _grant(self) -> None:
        """Let one after another of those that rest go on, each for a piece."""
        try:
            while self._resting:
                who = next(iter(self._resting))
                await self._quiet(who)
                granted = self._oldest(who)
                if not granted.done():
                    granted.set_result(None)
                    for _ in range(ROUNDS if self._beside_others(who) else 1):
                        await asyncio.sleep(0)
        finally:
            self._granting = None

    def _oldest(self, who: Hashable) -> "asyncio.Future[None]":
        """Take what rests of a caller's oldest operation: one after another ends, where all at once would be late."""
        waiting = self._resting[who]
        *_, granted = heappop(waiting)
        if waiting:
            self._resting.move_to_end(who)
        else:
            del self._resting[who]
        return granted

    async def _quiet(self, who: Hashable) -> None:
        """Wait until nothing light of another caller is under way, but not for too long."""
        until = self._clock() + PATIENCE_SECONDS
        while len(self._light) > (who in self._light) and (left := until - self._clock()) > 0:
            self._calm.clear()
            await _within(left, asyncio.ensure_future(self._calm.wait()))


async def _within(seconds: float, wanted: "asyncio.Future[Any]") -> None:
    """Wait for something, so long at most; it is cancelled then."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await wanted


def _less(counts: "Counter[Hashable]", who: Hashable) -> None:
    counts[who] -= 1
    if not counts[who]:
        del counts[who]
