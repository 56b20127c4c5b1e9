"""What a history came to, as lines to read."""

from collections.abc import Iterator

from tests.history.soak import Plan, Told

SHOWN = 5  # violations told in full


def lines(plan: Plan, told: Told) -> Iterator[str]:
    """Yield the summary: operations, faults, violations."""
    reads = sum(number for kind, number in told.counts.items() if kind.startswith("reads"))
    written = told.operations - reads
    yield f"operations  {told.operations:,}: {reads:,} reads, {written:,} acts and values (seed {plan.seed})"
    yield f"            {_listed(told.counts)}"
    yield f"rate        {told.operations / max(told.seconds, 1e-9):,.0f} a second over {told.seconds:,.0f} s"
    yield f"unanswered  {told.counts['unknown']:,} reads; {told.failed:,} tries, commands among them until answered"
    yield f"ledger      {told.entries:,} entries"
    yield f"faults      {sum(told.faults.values()):,}: {_listed(told.faults)}"
    yield f"violations  {len(told.violations):,}"
    yield from (str(one) for one in told.violations[:SHOWN])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {number:,}" for kind, number in sorted(counts.items())) or "none"
