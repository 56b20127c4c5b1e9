"""How many operations one caller may have under way; one too many is refused at once, none is queued for it."""

from collections import Counter
from collections.abc import Hashable

WAIT_SECONDS = 1  # told in `Retry-After`, which has no fractions: an operation seldom takes as long


class Crowd:
    """Counts what is under way, by caller; a caller without anything under way is not remembered."""

    def __init__(self, most: int) -> None:
        """Hold how many one caller may have at once."""
        self.most = most
        self._inside: Counter[Hashable] = Counter()

    def enter(self, who: Hashable) -> bool:
        """Count one more, unless there are as many as may be; tell whether it was counted."""
        if self._inside.get(who, 0) >= self.most:
            return False
        self._inside[who] += 1
        return True

    def leave(self, who: Hashable) -> None:
        """Count one less."""
        self._inside[who] -= 1
        if not self._inside[who]:
            del self._inside[who]

    def __len__(self) -> int:
        """Return how many callers have something under way."""
        return len(self._inside)
