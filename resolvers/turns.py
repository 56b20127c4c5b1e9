"""Acts on one person come one after another: a courtesy among the callers of one gateway, never what keeps them apart.

The revision decides who was first (2.4); this spares twenty callers at one person from computing twenty times what
only one of them can write.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import Event, move_on_after

LONGEST_SECONDS = 3.0  # some hundred acts long; who waited so long goes ahead, and has time left to be answered


class Turns:
    """Holds, for each person somebody acts on now, whoever came last: the next one waits for that one alone."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        """Hold how long anybody waits."""
        self._last: dict[str, Event] = {}
        self._longest = longest_seconds

    @asynccontextmanager
    async def at(self, person: str) -> AsyncIterator[None]:
        """Wait for those who came before, so long at most, then act; the next one goes when this ends, however."""
        before, mine = self._last.get(person), Event()
        self._last[person] = mine
        try:
            if before is not None:
                with move_on_after(self._longest):
                    await before.wait()
            yield
        finally:
            mine.set()
            if self._last.get(person) is mine:  # nobody came after: the last one puts the light out
                del self._last[person]

    def __len__(self) -> int:
        """Return how many persons are acted on now."""
        return len(self._last)
