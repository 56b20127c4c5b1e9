"""How many people one officer may ask about in a moving day: without it the console is a bulk export."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from math import ceil

from resolvers.problems import SubjectsSpent

DAY_SECONDS = 86_400
MOST_OFFICERS = 1_024  # remembered at a time; the longest silent is forgotten first


class Budget:
    """Remembers whom each officer asked about within a day, in this process; asked again she counts once.

    INVARIANT: used from one event loop, and nothing here awaits, so what is asked at once is counted whole or not.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        """Hold how many people an officer may ask about, and a clock of seconds that never goes back."""
        self.most, self._clock = most, clock
        self._asked: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    def spend(self, officer: str, subjects: Iterable[str]) -> None:
        """Count people, known or not; raises `SubjectsSpent` if it were too many, and counts none of them then."""
        wanted, now = frozenset(subjects), self._clock()
        asked = self._of(officer, now)
        if len(asked.keys() | wanted) > self.most and not wanted <= asked.keys():
            oldest = next(iter(asked.values()), now)
            raise SubjectsSpent(self.most, max(1, ceil(oldest + DAY_SECONDS - now)))
        for one in wanted:
            asked[one] = now
            asked.move_to_end(one)

    def _of(self, officer: str, now: float) -> OrderedDict[str, float]:
        asked = self._asked.setdefault(officer, OrderedDict())
        self._asked.move_to_end(officer)
        if len(self._asked) > MOST_OFFICERS:
            self._asked.popitem(last=False)
        while asked and next(iter(asked.values())) + DAY_SECONDS <= now:
            asked.popitem(last=False)
        return asked
