"""Work beside the calls that cause it: done soon after them, never waited for, never their fault when it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from graph.errors import StoreError

LOGGER: Final = logging.getLogger("graph")
SOON: Final = 1.0  # seconds from a cause to its work: what comes meanwhile is done with it
LATER: Final = 5.0  # seconds until work that failed is tried again


class Background:
    """One piece of work, done again and again until it answers that nothing is left; one at a time."""

    def __init__(self, work: Callable[[], Awaitable[int]], soon: float = SOON, later: float = LATER) -> None:
        """Begin with nothing to do."""
        self._work, self._soon, self._later = work, soon, later
        self._caused = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def cause(self) -> None:
        """Let the work be done soon; costs next to nothing, and never fails."""
        self._caused.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._forever())

    async def aclose(self) -> None:
        """Stop; what is half done is undone by the server."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _forever(self) -> None:
        while True:
            await self._caused.wait()
            await asyncio.sleep(self._soon)
            self._caused.clear()
            try:
                while await self._work():
                    pass
            except Exception as fault:
                if not isinstance(fault, StoreError):  # a store that is away says so at the calls themselves
                    LOGGER.exception("work in the background failed")
                self._caused.set()
                await asyncio.sleep(self._later)
