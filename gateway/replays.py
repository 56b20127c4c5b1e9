"""Proofs seen before: which of one caller's were shown a moment ago; bounded for each caller and in all."""

from collections import Counter, deque
from collections.abc import Callable

# Who calls 100 times a second, the default rate, has 12,000 to be remembered in two minutes; who shows more is refused
# until some are forgotten, and takes no room from others.
MOST_OF_ONE = 16_384
MOST = 262_144  # about 80 MB when full, which takes 16 callers and 2,000 calls a second for two minutes


class Replays:
    """Remembers each proof for `seconds`, by a clock that never goes back. INVARIANT: used from one event loop."""

    def __init__(
        self, seconds: float, clock: Callable[[], float], most: int = MOST, most_of_one: int = MOST_OF_ONE
    ) -> None:
        self._seconds, self._clock = seconds, clock
        self._most, self._most_of_one = most, most_of_one
        self._seen: set[tuple[str, bytes]] = set()
        self._order: deque[tuple[float, str, bytes]] = deque()
        self._of: Counter[str] = Counter()

    @property
    def held(self) -> int:
        """Return how many proofs are remembered."""
        return len(self._seen)

    def first(self, caller: str, proof: bytes) -> bool:
        """Remember a proof of a caller; tell whether it was not shown before and there was room to remember it."""
        self._forget()
        if (caller, proof) in self._seen or len(self._seen) >= self._most or self._of[caller] >= self._most_of_one:
            return False
        self._seen.add((caller, proof))
        self._order.append((self._clock() + self._seconds, caller, proof))
        self._of[caller] += 1
        return True

    def _forget(self) -> None:
        """Let go of the proofs that no window lets in any more."""
        now = self._clock()
        while self._order and self._order[0][0] <= now:
            _, caller, proof = self._order.popleft()
            self._seen.remove((caller, proof))
            self._of[caller] -= 1
            if not self._of[caller]:
                del self._of[caller]
