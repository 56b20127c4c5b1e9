"""Group commit: one write of the ledger in flight, everything queued goes with the next (7.2)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graph.errors import StoreUnavailable
from graph.ledger import Disclosure, written

Spelt: TypeAlias = tuple[Disclosure, str]
Aboard: TypeAlias = Callable[[], list[Spelt]]
"""Tells which entries, with their written text, are to be written now: nobody's who gave up on the way."""
Entering: TypeAlias = Callable[[Aboard, float], Awaitable[None]]
"""Writes what is aboard to the ledger's end in one commit, within so many seconds; asks at the last moment, anywhere.

Asked again, no entry of the last answer may be in the ledger.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits, and how long before she gives up nothing of hers is written any more; in seconds."""

    write: float
    commit: float


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """The entries of one caller on their way into the ledger, until when she waits (monotonic), and what for."""

    entries: tuple[Spelt, ...]
    until: float
    landing: asyncio.Future[None]


class Passengers:
    """Tickets that fly together, for as long as the most patient of them waits: each gives up at her own time."""

    def __init__(self, tickets: list[Ticket], commit: float) -> None:
        """Begin with everybody aboard; `commit` is how long before one gives up she is left behind, in seconds."""
        self._tickets, self._commit = tickets, commit
        self._aboard = tickets

    @property
    def until(self) -> float:
        """Return when the last one gives up."""
        return max(ticket.until for ticket in self._tickets)

    def aboard(self) -> list[Spelt]:
        """Leave behind who gave up, or will before she could land, and return the entries of the others."""
        self._aboard = _staying(self._tickets, self._commit)
        return [entry for ticket in self._aboard for entry in ticket.entries]

    def landed(self) -> None:
        """Let go on whose entries are in the ledger; who was left behind waits her time out."""
        for ticket in self._aboard:
            if not ticket.landing.done():
                ticket.landing.set_result(None)

    def failed(self, fault: Exception) -> None:
        """Tell everybody that nothing landed."""
        for ticket in self._tickets:
            if not ticket.landing.done():
                ticket.landing.set_exception(fault)


class GroupCommit:
    """The queue before the ledger, and the flight under way.

    A flight is a task of its own: a caller who is cancelled takes nobody else's entries down with her.
    """

    def __init__(self, enter: Entering, patience: Patience, unavailable: str) -> None:
        """Begin with an empty queue; `unavailable` is what a caller is told who waited in vain."""
        self.patience = patience
        self._enter, self._unavailable = enter, unavailable
        self._queue: list[Ticket] = []
        self._flights: asyncio.Task[None] | None = None

    async def disclose(self, entries: Sequence[Disclosure]) -> None:
        """Append entries; they are durable when this returns. Raises `StoreUnavailable`."""
        if not entries:
            return
        loop = asyncio.get_running_loop()
        texts = tuple((entry, written(entry)) for entry in entries)
        ticket = Ticket(texts, time.monotonic() + self.patience.write, loop.create_future())
        self._queue.append(ticket)
        if self._flights is None:
            self._flights = loop.create_task(self._fly())
        try:
            async with asyncio.timeout(self.patience.write):
                await ticket.landing
        except TimeoutError:
            raise StoreUnavailable(self._unavailable) from None

    async def settled(self) -> None:
        """Wait until nothing is in flight."""
        if self._flights is not None:
            await asyncio.wait((self._flights,))

    async def _fly(self) -> None:
        try:
            while tickets := self._boarded():
                await self._flown(tickets)
        finally:
            self._flights = None

    def _boarded(self) -> list[Ticket]:
        """Take everything queued, but those who gave up, or will before they could land: they get no entry."""
        tickets, self._queue = self._queue, []
        return _staying(tickets, self.patience.commit)

    async def _flown(self, tickets: list[Ticket]) -> None:
        passengers = Passengers(tickets, self.patience.commit)
        try:
            await self._enter(passengers.aboard, passengers.until - time.monotonic())
        except Exception as fault:
            passengers.failed(fault)
        else:
            passengers.landed()


def _staying(tickets: list[Ticket], commit: float) -> list[Ticket]:
    latest = time.monotonic() + commit
    return [ticket for ticket in tickets if not ticket.landing.done() and ticket.until > latest]
