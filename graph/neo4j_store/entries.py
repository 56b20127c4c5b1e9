"""Writing the ledger: entries appended to one chain under its lock, the end of the chain moved with them."""

import json
from typing import Any, Final

from graph.archive import LedgerEntry
from graph.group import Aboard
from graph.instants import micros
from graph.ledger import Disclosure, seal
from graph.neo4j_store.connection import Attempt

LOCK: Final = """// end of the ledger locked: WRITE
MATCH (ledger:Ledger {id: 'ledger'})
SET ledger.lock = $lock
WITH head(collect(ledger)) AS ledger
RETURN ledger.end AS end"""
ENTER: Final = """// disclosures: WRITE
MATCH (ledger:Ledger {id: 'ledger'})
SET ledger.end = $end
WITH ledger
UNWIND $entries AS row
CREATE (entry:Entry)
SET entry = row.entry
FOREACH (key IN row.entry.keys |
  CREATE (entry)-[:RELEASED]->(:ReleasedKey {key: key, position: row.entry.position}))
FOREACH (record IN row.entry.evidence |
  CREATE (entry)-[:PROVEN_BY]->(:Evidence {record: record, position: row.entry.position}))"""
LANDED: Final = """// whether a flight landed: READ
OPTIONAL MATCH (entry:Entry {position: $position})
RETURN entry.flight = $flight AS landed"""


class Flight:
    """Entries on their way into the ledger together: whichever try lands, they are there once."""

    def __init__(self, name: str, aboard: Aboard) -> None:
        self._name, self._aboard = name, aboard
        self._first: int | None = None  # where the try before would have put the first of them

    async def enter(self, attempt: Attempt) -> None:
        """Append what is aboard now; the chain's end is read under its lock, inside the write transaction."""
        length, head = json.loads((await attempt.row(LOCK, {"lock": attempt.lock}))["end"])
        if await self._landed(attempt):
            await attempt.forget()
            return
        self._first = length + 1
        rows = []
        for position, (entry, text) in enumerate(self._aboard(), start=length + 1):
            head = seal(head, text)
            rows.append({"entry": entry_row(entry, self._name, LedgerEntry(position, text, head))})
        end = json.dumps([length + len(rows), head])
        await attempt.run(ENTER, {"entries": rows, "end": end})

    async def _landed(self, attempt: Attempt) -> bool:
        if not attempt.uncertain or self._first is None:
            return False
        asked = {"position": self._first, "flight": self._name}
        return bool((await attempt.row(LANDED, asked))["landed"])


def entry_row(entry: Disclosure, flight: str, link: LedgerEntry) -> dict[str, Any]:
    """Return the properties of an entry's node: its link of the chain, and what the ledger is asked for."""
    return {
        "position": link.position,
        "text": link.text,
        "head": link.head,
        "flight": flight,
        "subject": entry.subject,
        "recipient": entry.recipient,
        "purpose": entry.purpose,
        "document": entry.document,
        "at": micros(entry.at),
        "keys": list(dict.fromkeys(entry.keys)),
        "evidence": list(dict.fromkeys(entry.evidence)),
    }
