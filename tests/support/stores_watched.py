"""A real store that is watched: which calls come, in which order, and what happens just before one of them."""

from collections.abc import Awaitable, Callable
from typing import Any

from graph.store import Store

Act = Callable[[], Awaitable[object]]


class WatchedStore:
    """Passes every call on to a store; keeps each call's name, in order, and what it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.calls: list[str] = []
        self.asked: list[tuple[Any, ...]] = []
        self._before: dict[str, list[Act]] = {}

    def before(self, call: str, *acts: Act) -> None:
        """Let each act happen once, just before the next calls of this name."""
        self._before.setdefault(call, []).extend(acts)

    def forget(self) -> None:
        """Forget the calls so far."""
        self.calls.clear()
        self.asked.clear()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)

        async def called(*args: Any, **more: Any) -> Any:
            self.calls.append(name)
            self.asked.append(args)
            acts = self._before.get(name)
            if acts:
                await acts.pop(0)()
            return await method(*args, **more)

        return called
