"""Whether anything was written between two looks at everything kept: how a dump proves that it is of one instant.

Each party is looked at under the lock that every write to it takes, and whoever writes leaves a new mark under that
lock. So a write was either done, and whole, before the first look, or its mark differs at the second, or it came after
that: with the same marks at both looks, nothing that was read between them moved. A look writes nothing itself.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from graph.neo4j_store.connection import LONG_READ_SECONDS, Attempt, Link

AT_ONCE: Final = 1000  # states locked together: some 20 ms, for which whoever writes to them waits

# `looked` is undone with its transaction: setting it takes the lock, and the aggregation keeps the mark behind it.
STATES: Final = """// marks of states, under their locks: WRITE
MATCH (state:State)
WHERE state.id > $after
WITH state ORDER BY state.id LIMIT $most
SET state.looked = true
WITH collect(state) AS states
UNWIND states AS state
RETURN collect([state.id, state.lock]) AS marks"""
ENDS: Final = """// ends of ledger and additions, under their locks: WRITE
MATCH (ledger:Ledger {id: 'ledger'})
SET ledger.looked = true
WITH head(collect(ledger)) AS ledger
MATCH (additions:Additions {id: 'additions'})
SET additions.looked = true
WITH ledger, head(collect(additions)) AS additions
OPTIONAL MATCH (catalogue:Catalogue {id: 'catalogue'})
RETURN [ledger.end, additions.tally, catalogue.version] AS ends"""
SECRETS: Final = """// secrets there are: READ
MATCH (secret:Secret)
WHERE secret.id >= ''
RETURN collect(secret.id) AS marks"""
OFFERS: Final = """// offers answered, page by page: READ
MATCH (offer:Offer)
WHERE offer.id > $after
WITH offer ORDER BY offer.id LIMIT $most
RETURN collect([offer.id, offer.at]) AS marks"""
COMMANDS: Final = """// commands answered, page by page: READ
MATCH (command:Command)
WHERE command.id > $after
WITH command ORDER BY command.id LIMIT $most
RETURN collect([command.id, command.at]) AS marks"""

Marks = list[list[Any]]
Pages = Callable[[str], Awaitable[Marks]]


async def look(link: Link) -> str:
    """Return one digest over the marks of everything kept; the same twice only if nothing was written between."""
    digest = hashlib.sha256()
    ends = await link.write(_ends, LONG_READ_SECONDS)
    secrets = sorted((await link.scan(SECRETS, {}))["marks"])
    digest.update(json.dumps([ends, secrets]).encode())
    for pages in (partial(_states, link), partial(_page, link, OFFERS), partial(_page, link, COMMANDS)):
        after = ""
        while marks := await pages(after):
            digest.update(json.dumps(marks).encode())
            after = marks[-1][0]
    return digest.hexdigest()


async def _states(link: Link, after: str) -> Marks:
    return await link.write(partial(_locked, after=after), LONG_READ_SECONDS)


async def _page(link: Link, query: Any, after: str) -> Marks:
    found: Marks = (await link.scan(query, {"after": after, "most": AT_ONCE}))["marks"]
    return found


async def _locked(attempt: Attempt, after: str) -> Marks:
    found: Marks = (await attempt.row(STATES, {"after": after, "most": AT_ONCE}))["marks"]
    await attempt.forget()
    return found


async def _ends(attempt: Attempt) -> list[Any]:
    found: list[Any] = (await attempt.row(ENDS, {}))["ends"]
    await attempt.forget()
    return found
