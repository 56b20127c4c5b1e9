"""Reading the ledger: found by subject, record, key, recipient or purpose, checked stretch by stretch."""

import json
from typing import Final, LiteralString

from graph.ledger import Disclosure, LedgerState, Rest, continued, read, verify
from graph.neo4j_store.connection import Link
from graph.store import DisclosureQuery, Page
from graph.ways import named, way

CHECKED_AT_ONCE: Final = 500  # entries: some 5 ms of reading
LOOKS: Final = 3  # at a break in the chain: an entry may come into sight a moment after the end that counts it

END: Final = """// end of the ledger: READ
MATCH (ledger:Ledger {id: 'ledger'})
RETURN ledger.end AS end"""
HEAD_AT: Final = """// head of the ledger at a position: READ
OPTIONAL MATCH (entry:Entry {position: $position})
RETURN entry.head AS head"""
# INVARIANT: the end before the entries: what it counts was entered with it, what comes later is left out.
STRETCH: Final = """// stretch of the ledger: READ
MATCH (ledger:Ledger {id: 'ledger'})
WITH ledger.end AS end, collect(1) AS barrier
RETURN end, COLLECT {
  MATCH (entry:Entry) WHERE entry.position > $after
  RETURN [entry.position, entry.text, entry.head] ORDER BY entry.position LIMIT $most
} AS entries"""

# Each way in begins with an index and then looks at what is left; which way is chosen by what was asked.
_REST: Final[LiteralString] = """
  AND ($subject IS NULL OR entry.subject = $subject)
  AND ($recipient IS NULL OR entry.recipient = $recipient)
  AND ($purpose IS NULL OR entry.purpose = $purpose)
  AND ($key IS NULL OR $key IN entry.keys)
  AND ($record IS NULL OR $record IN entry.evidence)
  AND ($since IS NULL OR entry.at >= $since)
  AND ($until IS NULL OR entry.at < $until)
"""
_BY_RECORD: Final[LiteralString] = """MATCH (way:Evidence)
USING INDEX SEEK way:Evidence(record, position)
WHERE way.record = $record AND way.position > $after
MATCH (way)<-[:PROVEN_BY]-(entry:Entry)
WHERE true"""
_BY_KEY: Final[LiteralString] = """MATCH (way:ReleasedKey)
USING INDEX SEEK way:ReleasedKey(key, position)
WHERE way.key = $key AND way.position > $after
MATCH (way)<-[:RELEASED]-(entry:Entry)
WHERE true"""
_BY_SUBJECT: Final[LiteralString] = """MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(subject, position)
WHERE entry.subject = $subject AND entry.position > $after"""
_BY_RECIPIENT: Final[LiteralString] = """MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(recipient, position)
WHERE entry.recipient = $recipient AND entry.position > $after"""
_BY_PURPOSE: Final[LiteralString] = """MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(purpose, position)
WHERE entry.purpose = $purpose AND entry.position > $after"""
_IN_ORDER: Final[LiteralString] = "MATCH (entry:Entry)\nWHERE entry.position > $after"
# In the order of the index by which each way begins: both its properties, or the planner sorts.
_PAGE: Final[LiteralString] = " LIMIT $first\nRETURN collect([entry.position, entry.text]) AS entries"
_NUMBER: Final[LiteralString] = "RETURN count(entry) AS number"
_L: Final[LiteralString] = "// disclosures: READ\n"
_C: Final[LiteralString] = "// disclosures counted: READ\n"

LIST: Final[dict[str, LiteralString]] = {
    "record": _L + _BY_RECORD + _REST + "WITH way, entry ORDER BY way.record, way.position" + _PAGE,
    "subject": _L + _BY_SUBJECT + _REST + "WITH entry ORDER BY entry.subject, entry.position" + _PAGE,
    "key": _L + _BY_KEY + _REST + "WITH way, entry ORDER BY way.key, way.position" + _PAGE,
    "recipient": _L + _BY_RECIPIENT + _REST + "WITH entry ORDER BY entry.recipient, entry.position" + _PAGE,
    "purpose": _L + _BY_PURPOSE + _REST + "WITH entry ORDER BY entry.purpose, entry.position" + _PAGE,
    "": _L + _IN_ORDER + _REST + "WITH entry ORDER BY entry.position" + _PAGE,
}
COUNT: Final[dict[str, LiteralString]] = {
    "record": _C + _BY_RECORD + _REST + _NUMBER,
    "subject": _C + _BY_SUBJECT + _REST + _NUMBER,
    "key": _C + _BY_KEY + _REST + _NUMBER,
    "recipient": _C + _BY_RECIPIENT + _REST + _NUMBER,
    "purpose": _C + _BY_PURPOSE + _REST + _NUMBER,
    "": _C + _IN_ORDER + _REST + _NUMBER,
}


async def listed(link: Link, query: DisclosureQuery, page: Page) -> tuple[tuple[int, Disclosure], ...]:
    """List one page of disclosures with their positions, oldest first."""
    asked = {**named(query), "after": page.after, "first": page.first}
    rows = (await link.scan(LIST[way(query)], asked))["entries"]
    return tuple((position, read(text)) for position, text in rows)


async def counted(link: Link, query: DisclosureQuery) -> int:
    """Count what `listed` would list over all pages."""
    row = await link.scan(COUNT[way(query)], {**named(query), "after": 0})
    number: int = row["number"]
    return number


async def checked(link: Link, start: int, rest: Rest) -> LedgerState:
    """Check the chain of the entries after a position; a break is looked at again before it is one."""
    state = await _checked(link, start, rest)
    for _ in range(LOOKS - 1):
        if state.intact:
            break
        state = await _checked(link, start, rest)
    return state


async def _checked(link: Link, start: int, rest: Rest) -> LedgerState:
    state = await _start_at(link, start)
    last = state.first_broken is not None
    while not last:
        await rest()
        state, last = await _next(link, state)
    return state


async def _start_at(link: Link, position: int) -> LedgerState:
    """Return the chain as it stood after a position; past the end it is the end, a missing entry is broken."""
    length, head = json.loads((await link.read(END, {}))["end"])
    if position <= 0 or position >= length:
        return verify(()) if position <= 0 else LedgerState(length, head)
    then = (await link.read(HEAD_AT, {"position": position}))["head"]
    return LedgerState(length, head, position) if then is None else LedgerState(position, then)


async def _next(link: Link, state: LedgerState) -> tuple[LedgerState, bool]:
    """Check the next stretch of the chain after `state`; tell also whether that was the last."""
    row = await link.scan(STRETCH, {"after": state.length, "most": CHECKED_AT_ONCE})
    length, head = json.loads(row["end"])
    rows = [(position, text, seal) for position, text, seal in row["entries"] if position <= length]
    return continued(state, rows, LedgerState(length, head), most=CHECKED_AT_ONCE)
