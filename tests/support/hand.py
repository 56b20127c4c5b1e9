"""A clock that stands still until a test moves its hand."""

from dataclasses import dataclass


@dataclass(slots=True)
class Hand:
    """Seconds since nothing in particular, as `time.monotonic` counts them."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at
