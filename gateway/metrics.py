"""Counters and histograms of our own: a dictionary and a list each, read by whoever exports them."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

OPERATIONS = "consent_gateway.operations"  # audience, code
OPERATION_SECONDS = "consent_gateway.operation.duration"  # audience
STORE_SECONDS = "consent_gateway.store.duration"  # method, outcome
TOKENS_REFUSED = "consent_gateway.tokens.refused"  # fault
SNAPSHOTS = "consent_gateway.snapshots"  # found: held, read; moved where what was known did not hold
COUNTERS = (OPERATIONS, TOKENS_REFUSED, SNAPSHOTS)
HISTOGRAMS = (OPERATION_SECONDS, STORE_SECONDS)

# Seconds: a read from memory, a page of the store, one fsync, a store that is slow, the time-outs of 1, 2 and 5 s.
BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
MOST_SERIES = 256  # of one metric: labels are words of closed lists, so more is a fault of ours, not a reason to grow

Labels: TypeAlias = tuple[tuple[str, str], ...]
OTHER: Labels = (("other", "true"),)


@dataclass(frozen=True, slots=True)
class Sample:
    """One number as an exporter reads it; a histogram is cumulative `.bucket`s, `.count` and `.sum`."""

    name: str
    labels: Labels
    value: float


class _Histogram:
    """Counts durations by the bound they stay within."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def samples(self, name: str, labels: Labels) -> Iterable[Sample]:
        seen = 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self.counts, strict=True):
            seen += count
            yield Sample(f"{name}.bucket", (*labels, ("le", bound)), seen)
        yield Sample(f"{name}.count", labels, seen)
        yield Sample(f"{name}.sum", labels, self.total)


class Metrics:
    """Holds the numbers of one process; adding costs a look-up and an addition."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[Labels, float]] = {name: {} for name in COUNTERS}
        self._histograms: dict[str, dict[Labels, _Histogram]] = {name: {} for name in HISTOGRAMS}

    def count(self, name: str, labels: Labels, amount: float = 1) -> None:
        """Add to a counter; `name` is one of COUNTERS."""
        series = self._counts[name]
        key = labels if labels in series or len(series) < MOST_SERIES else OTHER
        series[key] = series.get(key, 0) + amount

    def observe(self, name: str, labels: Labels, seconds: float) -> None:
        """Add a duration to a histogram; `name` is one of HISTOGRAMS."""
        series = self._histograms[name]
        key = labels if labels in series or len(series) < MOST_SERIES else OTHER
        found = series.get(key)
        if found is None:
            found = series[key] = _Histogram()
        found.add(seconds)

    def samples(self, name: str) -> tuple[Sample, ...]:
        """Return the numbers of one metric as they stand."""
        if name in self._counts:
            return tuple(Sample(name, labels, value) for labels, value in list(self._counts[name].items()))
        rows = list(self._histograms[name].items())
        return tuple(sample for labels, found in rows for sample in found.samples(name, labels))
