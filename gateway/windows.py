"""Moving windows of calls in memory, as `limits` asks for them: one a key, bounded in number and in size each."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from limits.storage import MovingWindowSupport, Storage

PIECES = 32  # a window is kept in about so many pieces: a place may come free 31 ms late in a second, never early
MOST_KEYS = 8192  # at most 4 KB each: 32 MB, and more callers than one gateway serves within a second


@dataclass(slots=True)
class _Piece:
    """Calls so close together that they leave the window as one, when the last of them does."""

    began: float
    last: float
    calls: int


@dataclass(slots=True)
class _Window:
    """The calls of one key, oldest first; times are the clock's, in seconds."""

    seconds: float
    calls: int = 0
    pieces: list[_Piece] = field(default_factory=list)

    def leave(self, now: float) -> None:
        """Let go of the calls whose time has passed: a call counts for `seconds`, the end itself excluded."""
        while self.pieces and self.pieces[0].last + self.seconds <= now:
            self.calls -= self.pieces.pop(0).calls

    def add(self, calls: int, now: float) -> None:
        """Count calls made now."""
        newest = self.pieces[-1] if self.pieces else None
        if newest is not None and now - newest.began < self.seconds / PIECES:
            newest.last, newest.calls = now, newest.calls + calls
        else:
            self.pieces.append(_Piece(now, now, calls))
        self.calls += calls


class Windows(Storage, MovingWindowSupport):
    """Holds the windows of the keys that called last; the longest silent goes first when there are too many.

    The library's own memory never lets a key go, walks all of them from a thread of its own every 10 ms, and reads
    the time of day: measured with 10,000 idle keys, 958 µs of CPU a call, about what an answer costs. INVARIANT: used
    from one event loop, and nothing here awaits, so a call is counted whole.
    """

    STORAGE_SCHEME = None  # it is never asked for by URL

    def __init__(self, clock: Callable[[], float], most: int = MOST_KEYS) -> None:
        """Hold a clock of seconds that never goes back, and how many keys are kept at most."""
        super().__init__()
        self._clock, self._most = clock, most
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """Return what a failing store raises: memory does not fail."""
        return ()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count calls unless they would exceed the limit within `expiry` seconds; tell whether they were counted."""
        if self.get(key) + amount > limit:
            return False
        self.incr(key, expiry, amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002 the port's
        """Return when the oldest calls of the window were made, now if there are none, and how many it holds."""
        calls = self.get(key)
        return (self._windows[key].pieces[0].last if calls else self._clock()), calls

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count calls without a limit; return how many there are now."""
        now = self._clock()
        window = self._windows.setdefault(key, _Window(expiry))
        self._windows.move_to_end(key)
        window.leave(now)
        window.add(amount, now)
        self._forget(now)
        return window.calls

    def get(self, key: str) -> int:
        """Return how many calls a key's window holds."""
        window = self._windows.get(key)
        if window is None:
            return 0
        self._windows.move_to_end(key)
        window.leave(self._clock())
        return window.calls

    def get_expiry(self, key: str) -> float:
        """Return when a key's last call leaves its window, now if it holds none."""
        window = self._windows.get(key)
        return window.pieces[-1].last + window.seconds if window and window.pieces else self._clock()

    def check(self) -> bool:
        """Tell that it works: memory does."""
        return True

    def clear(self, key: str) -> None:
        """Forget one key."""
        self._windows.pop(key, None)

    def reset(self) -> int:
        """Forget all keys; return how many there were."""
        kept = len(self._windows)
        self._windows.clear()
        return kept

    @property
    def kept(self) -> int:
        """Return how many keys are held."""
        return len(self._windows)

    def _forget(self, now: float) -> None:
        """Let go of the longest silent: all whose window has emptied, and one more if there are too many."""
        while self._windows:
            key, window = next(iter(self._windows.items()))
            window.leave(now)
            if window.calls and len(self._windows) <= self._most:
                return
            self.clear(key)
