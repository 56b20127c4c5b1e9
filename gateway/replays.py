"""Proofs seen before: which of one key's were shown a moment ago; bounded for each key and in all."""

from collections import Counter, deque
from collections.abc import Callable

# A key that calls 100 times a second, the default rate, has 12,000 to be remembered in two minutes; who shows more is
# refused until some are forgotten, and takes no room from others.
MOST_OF_ONE = 16_384
MOST = 262_144  # about 60 MB when full, which takes 2,000 calls a second for two minutes: more than a gateway answers


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

    def first(self, key: str, proof: bytes) -> bool:
        """Remember a proof of a key; tell whether it was not shown before and there was room to remember it."""
        self._forget()
        if (key, proof) in self._seen or len(self._seen) >= self._most or self._of[key] >= self._most_of_one:
            return False
        self._seen.add((key, proof))
        self._order.append((self._clock() + self._seconds, key, proof))
        self._of[key] += 1
        return True

    def _forget(self) -> None:
        """Let go of the proofs that no window lets in any more."""
        now = self._clock()
        while self._order and self._order[0][0] <= now:
            _, key, proof = self._order.popleft()
            self._seen.remove((key, proof))
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]
