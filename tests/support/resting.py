"""A pace whose rests are the moments in which something happens."""

from resolvers.pacing import Unpaced
from tests.support.stores_watched import Act


class Resting(Unpaced):
    """A pace that rests as often as something is left to happen meanwhile."""

    def __init__(self, *acts: Act) -> None:
        self.acts = [*acts]

    @property
    def due(self) -> bool:
        return bool(self.acts)

    async def rest(self) -> None:
        await self.acts.pop()()


class Counting(Unpaced):
    """A pace that counts its rests."""

    def __init__(self) -> None:
        self.rests = 0

    async def rest(self) -> None:
        self.rests += 1


class Always(Counting):
    """A pace that rests whenever it may."""

    due = True
