"""Which trace a request belongs to (W3C Trace Context), and whether it is sampled; nothing of OpenTelemetry."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
NO_TRACE, NO_SPAN, NO_VERSION = "0" * 32, "0" * 16, "ff"  # the three values that mean nothing
SAMPLED = 1  # the flag's bit
RATIO_BITS = 56  # as OpenTelemetry's own ratio sampler reads a trace id: the low bits are the random ones
TRACE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Trace:
    """A request's trace: its id, the caller's span, and what the caller said of sampling (`None`: nothing)."""

    id: str
    parent: str | None = None
    sampled: bool | None = None


def trace_of(traceparent: str | None, fresh: Callable[[int], str] = secrets.token_hex) -> Trace:
    """Return the trace a header names, or a new one; a malformed header counts as none."""
    match = TRACEPARENT.fullmatch(traceparent.strip()) if traceparent else None
    if match is None or match[1] == NO_VERSION or match[2] == NO_TRACE or match[3] == NO_SPAN:
        return Trace(fresh(TRACE_BYTES))
    if match[1] == "00" and match[5]:  # version 00 has four parts; later ones may have more
        return Trace(fresh(TRACE_BYTES))
    return Trace(match[2], match[3], bool(int(match[4], 16) & SAMPLED))


def is_sampled(trace: Trace, ratio: float) -> bool:
    """Tell whether a trace is recorded: as its caller decided, else this share of all, told from the id alone."""
    if ratio <= 0:
        return False
    if trace.sampled is not None:
        return trace.sampled
    return int(trace.id, 16) % (1 << RATIO_BITS) < ratio * (1 << RATIO_BITS)
