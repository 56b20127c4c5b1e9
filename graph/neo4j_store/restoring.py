"""Taking in what another store told, in many transactions, under a mark: while it stands, nobody can open the store.

The mark says whose restore it is and how far it came, so that a batch is written once, and by one restore alone. What
breaks off is taken out again; if that cannot be done either, the mark stays, and the next restore begins with it.
"""

import json
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Any, Final, LiteralString

import anyio
from neo4j.exceptions import ConstraintError

from graph.archive import Entry
from graph.errors import ArchiveRefused, StoreError, StoreNotEmpty, StoreUnavailable
from graph.neo4j_store.connection import LONG_READ_SECONDS, Attempt, Link
from graph.neo4j_store.deposits import TRACE
from graph.neo4j_store.migrations import STARTS
from graph.neo4j_store.taking import Step, Taking

AT_ONCE: Final = 500  # entries a transaction
BATCH_SECONDS: Final = 20.0  # a batch takes a tenth of a second; a server that just started, some
CLEAR_SECONDS: Final = 30.0  # for what breaks off to be taken out again; else the next restore does it
HALF_DONE: Final = (
    "the store is being taken in, or that was broken off; wait for its end, or run `consent-gateway import` on it again"
)
OVERTAKEN: Final = "another import has begun on this store; let only one run"

HALF: Final = """// restore under way: READ
OPTIONAL MATCH (store:Store {id: 'restore'})
RETURN store.half AS half"""
LOCK: Final = """// lock of a restore: WRITE
MERGE (store:Store {id: 'restore'})
SET store.lock = $lock
WITH head(collect(store)) AS store
RETURN store.half AS half, store.batch AS batch"""
MARK: Final = """// mark of a restore: WRITE
MATCH (store:Store {id: 'restore'})
SET store.half = $half, store.batch = $batch"""
KEPT_HERE: Final = """// anything kept: READ
RETURN EXISTS { MATCH (n:Additions {id: 'additions'}) WHERE n.tally <> $tally }
  OR EXISTS { MATCH (n:Ledger {id: 'ledger'}) WHERE n.end <> $end }
  OR EXISTS { MATCH (n:State) WHERE n.id >= '' }
  OR EXISTS { MATCH (n:Addition) WHERE n.id >= '' }
  OR EXISTS { MATCH (n:Secret) WHERE n.id >= '' }
  OR EXISTS { MATCH (n:Offer) WHERE n.id >= '' }
  OR EXISTS { MATCH (n:Command) WHERE n.id >= '' }
  OR EXISTS { MATCH (n:Entry) WHERE n.position >= 0 } AS kept"""
ENDS: Final = """// ends of feeds, ledger and additions as they were elsewhere: WRITE
MATCH (ledger:Ledger {id: 'ledger'})
SET ledger.end = $end
WITH count(*) AS ledgers
MATCH (additions:Additions {id: 'additions'})
SET additions.revision = $revision, additions.tally = $tally
WITH count(*) AS both
UNWIND $feeds AS row
MATCH (feed:Feed {id: row.id})
SET feed.position = row.position"""
# With what is no catalogue's digest: the next to be served is mirrored, over what was taken in.
SERVED: Final = """// catalogue served last elsewhere: WRITE
MERGE (catalogue:Catalogue {id: 'catalogue'})
SET catalogue.lock = $lock
WITH catalogue, CASE WHEN toInteger(catalogue.version) > $version THEN toInteger(catalogue.version) ELSE $version END
  AS version
SET catalogue.version = toString(version), catalogue.mark = [toString(version), 'none']"""
_WAY: Final[LiteralString] = " AND node.position >= 0"  # an index of two properties is found by both
CLEAR: Final[dict[str, LiteralString]] = {
    label: f"""// half a restore cleared of one label: WRITE
MATCH (node:{label})
WHERE node.{found}
WITH node LIMIT 1000
DETACH DELETE node
RETURN count(*) AS cleared"""
    for label, found in (
        ("Value", "id >= ''"),
        ("Record", "id >= ''"),
        ("Change", "id >= ''"),
        ("Device", "id >= ''"),
        ("State", "id >= ''"),
        ("Subject", "id >= ''"),
        ("Cohort", "id >= ''"),
        ("ReleasedKey", "key >= ''" + _WAY),
        ("Evidence", "record >= ''" + _WAY),
        ("Entry", "position >= 0"),
        ("Offer", "id >= ''"),
        ("Command", "id >= ''"),
        ("Addition", "id >= ''"),
        ("Secret", "id >= ''"),
        ("Disclosure", "id >= ''"),
        ("RollUp", "id >= ''"),
    )
}


async def refuse_half_done(link: Link) -> None:
    """Raise `StoreError` for a store that was not taken in to the end."""
    if (await link.read(HALF, {}, LONG_READ_SECONDS))["half"] is not None:
        raise StoreError(HALF_DONE)


async def restore(link: Link, entries: AsyncIterable[Entry]) -> None:
    """Take in all entries; whatever is raised before the last transaction undoes everything."""
    mine = secrets.token_hex(16)
    half = await link.write(partial(begin, mine=mine), BATCH_SECONDS)
    try:
        if half is not None:
            await _clear(link, mine)
        await _take(link, mine, entries)
    except BaseException:
        with suppress(StoreUnavailable), anyio.move_on_after(CLEAR_SECONDS, shield=True):
            await _clear(link, mine)
            await link.write(partial(_end, mine=mine), BATCH_SECONDS)
        raise


async def _take(link: Link, mine: str, entries: AsyncIterable[Entry]) -> None:
    taking, number = Taking(), 0
    async for number, page in _pages(entries):
        await _batch(link, mine, number, taking.take(page))
    await _batch(link, mine, number + 1, taking.finish())
    await link.write(partial(land, mine=mine, taking=taking), BATCH_SECONDS)


async def _pages(entries: AsyncIterable[Entry]) -> AsyncIterator[tuple[int, list[Entry]]]:
    number, page = 1, list[Entry]()
    async for entry in entries:
        page.append(entry)
        if len(page) == AT_ONCE:
            yield number, page
            number, page = number + 1, []
    yield number, page


async def _batch(link: Link, mine: str, number: int, steps: list[Step]) -> None:
    try:
        await link.write(partial(written, mine=mine, number=number, steps=steps), BATCH_SECONDS)
    except (ConstraintError, OverflowError):
        raise ArchiveRefused("the archive tells something twice, or what no store holds; export it again") from None


async def written(attempt: Attempt, mine: str, number: int, steps: list[Step]) -> None:
    """Write one batch, once, inside a write transaction; raises `StoreUnavailable` when another restore has begun."""
    row = await _turn(attempt, mine)
    if row["batch"] == number:  # the try before was committed, only its answer was lost
        await attempt.forget()
        return
    for query, rows in steps:
        await attempt.run(query, {"traces" if query == TRACE else "rows": rows})
    await attempt.run(MARK, {"half": mine, "batch": number})


async def begin(attempt: Attempt, mine: str) -> str | None:
    """Set the mark; return whose stood there. Raises `StoreNotEmpty`."""
    half: str | None = (await attempt.row(LOCK, {"lock": attempt.lock}))["half"]
    if half is None and (await attempt.row(KEPT_HERE, STARTS))["kept"]:
        raise StoreNotEmpty("the store holds something already; name one that is new")
    await attempt.run(MARK, {"half": mine, "batch": 0})
    return half


async def land(attempt: Attempt, mine: str, taking: Taking) -> None:
    """Move the ends and take the mark away: now it is a store."""
    row = await attempt.row(LOCK, {"lock": attempt.lock})
    if row["half"] is None and attempt.uncertain:
        await attempt.forget()
        return
    _refuse_overtaken(row, mine)
    revision, number = taking.added.revision, taking.additions
    ends = {
        "end": json.dumps([taking.end.length, taking.end.head]),
        "revision": revision,
        "tally": json.dumps([revision, number, revision * number]),
        "feeds": [{"id": feed, "position": position} for feed, position in sorted(taking.feeds.items())],
    }
    await attempt.run(ENDS, ends)
    await attempt.run(SERVED, {"version": taking.added.catalogue, "lock": attempt.lock})
    await attempt.run(MARK, {"half": None, "batch": None})


async def _clear(link: Link, mine: str) -> None:
    for query in CLEAR.values():
        while await link.write(partial(_cleared, mine=mine, query=query), BATCH_SECONDS):
            pass


async def _cleared(attempt: Attempt, mine: str, query: LiteralString) -> int:
    await _turn(attempt, mine)
    number: int = (await attempt.row(query, {}))["cleared"]
    return number


async def _end(attempt: Attempt, mine: str) -> None:
    await _turn(attempt, mine)
    await attempt.run(MARK, {"half": None, "batch": None})


async def _turn(attempt: Attempt, mine: str) -> Any:
    row = await attempt.row(LOCK, {"lock": attempt.lock})
    _refuse_overtaken(row, mine)
    return row


def _refuse_overtaken(row: Any, mine: str) -> None:
    if row["half"] != mine:
        raise StoreUnavailable(OVERTAKEN)
