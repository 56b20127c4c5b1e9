"""Counts: how many of something, said as a band of whole numbers."""

from bisect import bisect_right

COUNT_EDGES = (0, 1, 5, 20, 100)  # items
WEEK_EDGES = (0, 1, 7, 20)  # hours a week
RECENCY_EDGES = (0, 1, 7, 30, 90)  # whole days


def counted(number: int, edges: tuple[int, ...]) -> str:
    """Return the band of a count: `0`, `5..19`, `100..`; both ends are within it."""
    place = bisect_right(edges, number)
    low = edges[place - 1]
    if place == len(edges):
        return f"{low}.."
    last = edges[place] - 1
    return str(low) if last == low else f"{low}..{last}"


def count_band(words: tuple[str, ...]) -> str:
    """Return the band of the length of a list."""
    return counted(len(words), COUNT_EDGES)


def week_band(words: tuple[str, ...]) -> str:
    """Return the band of hours a week of a list that names each hour of use."""
    return counted(len(words), WEEK_EDGES)
