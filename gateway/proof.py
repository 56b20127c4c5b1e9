"""Proof that the store can be written: one real write at a time, whoever asks, and good for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf

# How long a write stands for the next: reads between cost nothing, and what cannot be recorded soon stops being read.
PROVEN_SECONDS = 0.25


class Proof:
    """Shares one write among all who ask; used from one event loop."""

    def __init__(self, write: Callable[[], Awaitable[None]], clock: Callable[[], float]) -> None:
        """Hold what writes, and a clock of seconds that never goes back."""
        self._write, self._clock = write, clock
        self._until = -inf
        self._writing: asyncio.Task[None] | None = None

    async def fresh(self) -> None:
        """Write, or await the write under way; raises `StoreUnavailable`."""
        if self._writing is None:
            self._writing = asyncio.create_task(self._written())
        await asyncio.shield(self._writing)  # who gives up takes the proof from nobody

    async def hold(self) -> None:
        """Return at once if a write succeeded a moment ago, else as `fresh`."""
        if self._clock() >= self._until:
            await self.fresh()

    def doubt(self) -> None:
        """Let no earlier write stand any more: another one has failed."""
        self._until = -inf

    async def _written(self) -> None:
        try:
            await self._write()
            self._until = self._clock() + PROVEN_SECONDS
        finally:
            self._writing = None
