"""Work whose garbage is cleared up at its end, instead of in the collector's next round through everything."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

YOUNGEST, OLDEST = 0, 2  # the garbage collector's words for what was made just now, and for all there is

_ONE = Lock()  # one collector in a process: what ends first would make what another still holds older


@contextmanager
def cleared() -> Iterator[None]:
    """Keep what is made meanwhile in the collector's youngest generation, then let it look through that.

    Objects that hold each other and were looked at while they were in use grow old, and wait for a round through
    everything: a flood of long documents would hold a gigabyte by then. Another thread in here is waited for.
    """
    with _ONE:
        try:
            gc.disable()
            yield
        finally:
            _look()


def _look() -> None:
    """Let the collector look, through older ones too when that is due: each look puts off the one it would begin."""
    counts, most = gc.get_count(), gc.get_threshold()
    try:
        gc.collect(max((one for one in range(1, OLDEST + 1) if counts[one] > most[one]), default=YOUNGEST))
    finally:
        gc.enable()
