"""What a caller was told is on record: a member of a cluster that is behind is waited for, once for each caller."""

import asyncio
from dataclasses import dataclass
from typing import Final

import neo4j
from neo4j import AsyncSession, Bookmarks

from graph.neo4j_store.names import party_of
from graph.store import Seen

PAUSE_SECONDS: Final = 0.02  # between looks at a member that is behind: they follow the leader by milliseconds

BEHIND: Final = """// parties that are not there yet as they were seen: READ
UNWIND $seen AS one
OPTIONAL MATCH (state:State {id: one.party})
WITH one, state
WHERE coalesce(state.revision, 0) < one.revision
RETURN count(one) AS behind"""


@dataclass(slots=True)
class Awaited:
    """What no session of one caller may lack; the first that has it hands its bookmarks to all later ones."""

    seen: Seen = Seen()
    bookmarks: Bookmarks | None = None

    def further(self, seen: Seen) -> "Awaited":
        """Return what is awaited if this was seen too."""
        return Awaited(Seen((*self.seen.parties, *seen.parties)))

    async def reached(self, session: AsyncSession, seconds: float) -> None:
        """Return when a session has what was seen; whoever calls sets the end of the wait.

        What the session runs afterwards sees no less: the driver gives it the bookmark of this look.
        """
        if self.bookmarks is not None or not self.seen.parties:
            return
        while await self._behind(session, seconds):  # noqa: ASYNC110 the member is another process
            await asyncio.sleep(PAUSE_SECONDS)
        self.bookmarks = await session.last_bookmarks()

    async def _behind(self, session: AsyncSession, seconds: float) -> bool:
        rows = [{"party": party_of(kind, party), "revision": revision} for kind, party, revision in self.seen.parties]
        result = await session.run(neo4j.Query(BEHIND, timeout=seconds), {"seen": rows})
        return bool((await result.single(strict=True))["behind"])
