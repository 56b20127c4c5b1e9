"""Whose states changed since a cursor, and which of those known are stale: what shortens how long something is held."""

from typing import Final

from graph.feed import Moved, PartyName
from graph.neo4j_store.connection import Link
from graph.neo4j_store.names import KINDS, party_of
from graph.terms import PartyKind

PAGE: Final = 200  # changes in one answer, of each feed

ENDS: Final = """// ends of the feeds: READ
MATCH (feed:Feed)
WHERE feed.id >= ''
WITH feed ORDER BY feed.id
RETURN collect(feed.position) AS positions"""
# INVARIANT: a place is taken under its feed's lock, which is held until the commit can be seen: no lower place appears
# after a higher one. Two comparisons, not a chain of them: of that the planner seeks one bound, and walks the rest.
MOVED: Final = """// changes since a place in each feed: READ
UNWIND $cursors AS cursor
CALL (cursor) {
  MATCH (change:Change)
  WHERE change.place > cursor.after AND change.place < cursor.end
  WITH change
  ORDER BY change.place
  LIMIT $page
  RETURN collect([change.place, change.party, change.subject]) AS changes
}
RETURN collect(changes) AS feeds"""
STALE: Final = """// parties that are not as known: READ
UNWIND $known AS known
OPTIONAL MATCH (state:State {id: known[0]})
WITH known, coalesce(state.revision, 0) AS revision
RETURN collect(CASE WHEN revision <> known[1] THEN known[2] END) AS places"""

_KINDS: Final = {word: kind for kind, word in KINDS.items()}


async def moved(link: Link, after: str | None) -> Moved:
    """Tell whose state changed after a cursor: the last place seen in each of the feeds."""
    if after is None:
        return Moved(_spelt((await link.read(ENDS, {}))["positions"]))
    positions = [int(position) for position in after.split(".")]
    cursors = [
        {"after": f"{feed:02d}/{position:012d}", "end": f"{feed:02d}0"} for feed, position in enumerate(positions)
    ]
    feeds = (await link.read(MOVED, {"cursors": cursors, "page": PAGE}))["feeds"]
    ends = [
        int(rows[-1][0].partition("/")[2]) if rows else position
        for rows, position in zip(feeds, positions, strict=True)
    ]
    parties = dict.fromkeys((_kind(party), subject) for rows in feeds for _, party, subject in rows)
    return Moved(_spelt(ends), tuple(parties))


async def stale(link: Link, known: tuple[tuple[PartyKind, str, int], ...]) -> tuple[PartyName, ...]:
    """Tell which parties are not at the revision they are known at."""
    rows = [[party_of(kind, party), revision, place] for place, (kind, party, revision) in enumerate(known)]
    places = (await link.read(STALE, {"known": rows}))["places"]
    return tuple(known[place][:2] for place in places)


def _spelt(positions: list[int]) -> str:
    return ".".join(str(position) for position in positions)


def _kind(party: str) -> PartyKind:
    return _KINDS[party.partition("/")[0]]
