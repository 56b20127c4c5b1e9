"""One try of a call through the driver, as a task of its own: what the driver does to its task ends there."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def tried(once: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
    """Run one try; raises `TimeoutError` if it takes longer, once it has ended.

    Where the driver does not let itself be interrupted, it takes a cancellation and cancels its task once more
    (neo4j 6.4, `_async_compat`). A time-out counts how often its task was cancelled: one that was over would be taken
    for a caller who left, and a `CancelledError` that nobody caused goes past everything that answers faults.
    """
    trying = asyncio.ensure_future(once())
    trying.add_done_callback(_looked_at)
    try:
        await asyncio.wait((trying,), timeout=seconds)
    finally:
        await _ended(trying)
    if trying.cancelled():
        raise TimeoutError
    return trying.result()


async def _ended(trying: "asyncio.Task[Any]") -> None:
    """End a try that is under way, and wait for its end: its connection is given back then."""
    if not trying.done():
        trying.cancel()
        await asyncio.wait((trying,))


def _looked_at(trying: "asyncio.Task[Any]") -> None:
    """Look at a fault: of a caller who left nobody else does, and Python would complain."""
    if not trying.cancelled():
        trying.exception()
