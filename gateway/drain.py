"""How a gateway ends: no operation begins any more, those in flight are counted until the last is answered."""

from collections.abc import Iterator
from contextlib import contextmanager


class Drain:
    """Says whether the end has begun, and how many operations are in flight."""

    __slots__ = ("begun", "in_flight")

    def __init__(self) -> None:
        self.begun, self.in_flight = False, 0

    def begin(self) -> None:
        """Let nothing begin from now on."""
        self.begun = True

    @property
    def over(self) -> bool:
        """Tell whether the end has begun and nothing is in flight any more."""
        return self.begun and self.in_flight == 0

    @contextmanager
    def flight(self) -> Iterator[None]:
        """Count one operation, until the last byte of its answer is handed over."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
