"""Group commit: one write of the ledger in flight, everything queued goes with the next (7.2)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graph.errors import StoreUnavailable
from graph.ledger import Disclosure, written

Entering: TypeAlias = Callable[[list[tuple[Disclosure, str]], float], Awaitable[None]]
"""Writes entries with their written text to the ledger's end in one commit, within so many seconds."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits, and how long before she gives up nothing is committed any more; in seconds."""

    write: float
    commit: float


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """The entries of one caller on their way into the ledger, how long she waits, and what she waits for."""

    entries: tuple[tuple[Disclosure, str], ...]
    until: float
    landing: asyncio.Future[None]


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
        ticket = Ticket(texts, loop.time() + self.patience.write, loop.create_future())
        self._queue.append(ticket)
        if self._flights is None:
            self._flights = loop.create_task(self._fly())
        try:
            async with asyncio.timeout_at(ticket.until):
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
        latest = asyncio.get_running_loop().time() + self.patience.commit
        tickets, self._queue = self._queue, []
        return [ticket for ticket in tickets if not ticket.landing.done() and ticket.until > latest]

    async def _flown(self, tickets: list[Ticket]) -> None:
        seconds = min(ticket.until for ticket in tickets) - asyncio.get_running_loop().time()
        fault: Exception | None = None
        try:
            await self._enter([entry for ticket in tickets for entry in ticket.entries], seconds)
        except Exception as one:
            fault = one
        for ticket in tickets:
            if ticket.landing.done():
                continue
            if fault is None:
                ticket.landing.set_result(None)
            else:
                ticket.landing.set_exception(fault)
