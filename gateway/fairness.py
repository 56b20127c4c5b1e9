"""Turns among callers: beside others, who asks much waits for itself.

A courtesy and never a lock: whoever waited long enough goes on. Used from one event loop.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field

from gateway.rests import Rests, Share, less, within

LINGER_SECONDS = 1.0  # after its last call a caller is still there: who asks now and then finds the way clear


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of turn: how many of it one caller has at once beside others, and whether others' rests wait for it."""

    at_once: int
    awaited: bool = False
    longest_seconds: float = field(default=0.25, compare=False)  # what anybody waits for one


# Operations: enough that a caller seldom waits for its own writes to reach the disk. Whoever has none when its time is
# over is told so by the endpoint.
RUNNING = Kind(4, awaited=True, longest_seconds=5.0)
KNOCKING = Kind(2, longest_seconds=5.0)  # tokens that were not seen before: a wait is a part of the time of an answer
REFUSED = Kind(1)  # answers that refuse: who asks again at once asks again at this pace; late in no case


@dataclass(slots=True)
class _Line:
    """What of one caller and kind is under way, and what waits for it."""

    running: int = 0
    waiting: "deque[asyncio.Future[None]]" = field(default_factory=deque)


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
            self.share.rests.no_longer_light(self.share)
        self.fairness.ended(self)


class Fairness:
    """Knows who is here. Alone, a caller runs as it likes; beside others, a few of its calls at once.

    Here is who has operations: to show a new token, or to be refused, makes nobody else of who is alone.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Hold a clock of seconds that never goes back."""
        self._clock = clock
        self._lines: dict[tuple[Hashable, Kind], _Line] = {}
        self._here: Counter[Hashable] = Counter()
        self._latest: OrderedDict[Hashable, float] = OrderedDict()  # the two callers that were here last
        self._rests = Rests(clock, self._beside_others)

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
        return self._rests.share(who, light=kind.awaited)

    def ended(self, turn: "Turn") -> None:
        """Give a turn back, once the loop has come round: what never waits would else never be counted."""
        asyncio.get_running_loop().call_soon(self._ended, turn.who, turn.kind, turn.line)
        if turn.kind.awaited:
            self._gone(turn.who)

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
        less(self._here, who)
        self._seen(who)

    def _seen(self, who: Hashable) -> None:
        self._latest[who] = self._clock()
        self._latest.move_to_end(who)
        if len(self._latest) > 2:
            self._latest.popitem(last=False)

    def _beside_others(self, who: Hashable) -> bool:
        """Tell whether somebody else is here, or was a moment ago."""
        since = self._clock() - LINGER_SECONDS
        left = any(other != who and seen > since for other, seen in self._latest.items())
        return left or any(other != who for other in self._here)

    async def _admitted(self, who: Hashable, kind: Kind) -> _Line:
        line = self._lines.setdefault((who, kind), _Line())
        self._let_on(who, kind, line)  # whoever came before goes first: others may have left meanwhile
        if self._may_go(who, kind, line):
            line.running += 1
            return line
        mine = asyncio.get_running_loop().create_future()
        line.waiting.append(mine)
        try:
            await within(kind.longest_seconds, mine)
        except BaseException:
            if mine.done() and not mine.cancelled():  # it was given a turn that it does not take
                self._ended(who, kind, line)
            raise
        finally:
            _no_longer(mine, line)
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


def _no_longer(mine: "asyncio.Future[None]", line: _Line) -> None:
    """Take who left, or goes on without a turn, out of line: where it is never empty they would be kept for ever."""
    if mine.cancelled():
        with suppress(ValueError):  # it was passed over a moment ago
            line.waiting.remove(mine)
