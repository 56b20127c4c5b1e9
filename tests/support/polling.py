"""Waits for a condition, as long as it may reasonably take and no longer."""

import time
from collections.abc import Callable

MOST_SECONDS = 20.0


def until(condition: Callable[[], bool], seconds: float = MOST_SECONDS) -> None:
    """Ask again and again until a condition holds; fails when it has not by then."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"not within {seconds} s"
