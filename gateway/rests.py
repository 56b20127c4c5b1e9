"""Rests of what takes long: it is done in pieces, between which what is light of other callers goes first.

A courtesy and never a lock: whoever waited long enough goes on. Used from one event loop.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeAlias

LIGHT_WORK = 600  # fields told before the first rest: 4 ms or so, more than a whole usual sheet
PIECE_OF_WORK = 200  # and between any two after that
PATIENCE_SECONDS = 0.01  # a rest beside others, at most: what is long keeps an eighth, whatever else there is
# Of one operation, for its own rests together: what others wait for may be a slow store, and it has to be answered too.
MOST_WAITED_SECONDS = 3.0
LONGEST_SECONDS = 5.0  # a rest, at most, whatever goes wrong: longer than any answer may take
ROUNDS = 3  # of the loop between two pieces: a call that came meanwhile is read, recognised and under way by then


@dataclass(slots=True)
class Share:
    """One operation's part of the gateway: how much it did since it last let others go first."""

    rests: "Rests"
    who: Hashable
    order: int
    light: bool
    work: int = 0
    resting: bool = False
    waited: float = 0.0  # seconds, for others to be answered first

    @property
    def due(self) -> bool:
        """Tell whether it is time to rest; while one part of an operation rests, it is for all that run beside it."""
        return self.resting or self.work >= (LIGHT_WORK if self.light else PIECE_OF_WORK)

    def worked(self, work: int) -> None:
        """Count fields told, or what takes as long."""
        self.work += work

    @property
    def patience(self) -> float:
        """Return how long the next rest may wait: ever shorter, so that all of them together have an end."""
        return PATIENCE_SECONDS * max(0.0, 1 - self.waited / MOST_WAITED_SECONDS)

    async def rest(self) -> None:
        """Let others go first."""
        self.resting = True
        try:
            await self.rests.rest(self)
        finally:
            self.go_on()

    def go_on(self) -> None:
        """Begin the next piece."""
        self.work, self.resting = 0, False


_Resting: TypeAlias = tuple[int, int, Share, "asyncio.Future[None]"]


class Rests:
    """Knows what is light and what rests. What has rested once is long, anything else light.

    Of all that is long one piece runs at a time, and only while nothing light of another caller is under way, or has
    been for too long.
    """

    def __init__(self, clock: Callable[[], float], beside_others: Callable[[Hashable], bool]) -> None:
        """Hold a clock of seconds that never goes back, and who tells whether a caller has others beside it."""
        self._clock, self._beside_others = clock, beside_others
        self._light: Counter[Hashable] = Counter()
        self._resting: OrderedDict[Hashable, list[_Resting]] = OrderedDict()
        self._order = count()
        self._calm = asyncio.Event()
        self._granting: asyncio.Task[None] | None = None

    def share(self, who: Hashable, *, light: bool) -> Share:
        """Return the part of the gateway that an operation has; others' rests wait for it while it is light."""
        if light:
            self._light[who] += 1
        return Share(self, who, next(self._order), light)

    async def rest(self, share: Share) -> None:
        """Let others go first: all that is ready to run, and beside others what is light of theirs."""
        self.no_longer_light(share)
        granted = asyncio.get_running_loop().create_future()
        heappush(self._resting.setdefault(share.who, []), (share.order, next(self._order), share, granted))
        if self._granting is None:
            self._granting = asyncio.create_task(self._grant())
        await within(LONGEST_SECONDS, granted)

    def no_longer_light(self, share: Share) -> None:
        """Let nobody rest for an operation that rests itself, or has ended."""
        if share.light:
            share.light = False
            less(self._light, share.who)
            self._calm.set()

    async def _grant(self) -> None:
        """Let one after another of those that rest go on, each for a piece."""
        try:
            while self._resting:
                who = next(iter(self._resting))
                if not self._resting[who][0][3].done():  # nobody waits for one that was cut off
                    await self._quiet(self._resting[who][0][2])
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

    async def _quiet(self, share: Share) -> None:
        """Wait until nothing light of another caller is under way, but not for too long."""
        who, began = share.who, self._clock()
        until = began + share.patience
        while len(self._light) > (who in self._light) and (left := until - self._clock()) > 0:
            self._calm.clear()
            await within(left, asyncio.ensure_future(self._calm.wait()))
        share.waited += self._clock() - began


async def within(seconds: float, wanted: "asyncio.Future[Any]") -> None:
    """Wait for something, so long at most; it is cancelled then."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await wanted


def less(counts: "Counter[Hashable]", who: Hashable) -> None:
    """Count one less; what is none is not remembered."""
    counts[who] -= 1
    if not counts[who]:
        del counts[who]
