"""Numbers: bands and rounding, exact in decimals."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal


def band(held: float, edges: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the bounds of the band [low, high) that holds a number; an open end is `None`."""
    place = bisect_right(edges, held)
    low = float(edges[place - 1]) if place else None
    high = float(edges[place]) if place < len(edges) else None
    return low, high


def rounded(held: float, step: float) -> float:
    """Return the nearest step, halves towards +infinity; a whole number stays one if the step is whole.

    Worked out in whole numbers on the decimals as written, so that 0.15 in steps of 0.1 is a half, as it reads.
    """
    over, under = _ratio(held)
    step_over, step_under = _ratio(step)
    steps = (2 * over * step_under + under * step_over) // (2 * under * step_over)
    if isinstance(held, int) and step_under == 1:
        return steps * step_over
    return steps * step_over / step_under


def _ratio(number: float) -> tuple[int, int]:
    return Decimal(repr(number)).as_integer_ratio()
