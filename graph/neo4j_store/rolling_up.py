"""The ledger rolled up: one `Disclosure` a subject, recipient, purpose and record, so that releases can be traced.

The ledger stays the truth; this is folded from it, each entry once. An entry names its subject sealed: whose it is, the
records say that proved it. One that no record proved, or whose record's id two parties share, is in the ledger alone.
Disclosures of somebody who was erased stay, as her entries and records do: they say whom to tell (GDPR Art. 19).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from graph.neo4j_store.connection import Attempt, Link
from graph.neo4j_store.names import below

AT_ONCE: Final = 200  # entries a transaction: some 50 ms in which their subjects' writers wait

# INVARIANT: entries are folded in the order of the chain without a gap: what comes into sight late is not left out.
NEXT: Final = """// entries not rolled up: READ
OPTIONAL MATCH (done:RollUp {id: 'ledger'})
WITH coalesce(done.position, 0) AS after, collect(1) AS barrier
RETURN after, COLLECT {
  MATCH (entry:Entry) WHERE entry.position > after
  RETURN [entry.position, entry.recipient, entry.purpose, entry.at, entry.keys, entry.evidence]
  ORDER BY entry.position LIMIT $most
} AS entries"""
HOLDERS: Final = """// whose records some are: READ
UNWIND $records AS name
CALL (name) {
  MATCH (record:Record)
  USING INDEX SEEK record:Record(record)
  WHERE record.record = name
  RETURN record.party AS party LIMIT 2
}
WITH name, collect(party) AS parties
WHERE size(parties) = 1
RETURN collect([name, parties[0]]) AS holders"""
# Lock order: states by id, as the rows are sorted; then what is this query's own. Any property takes the lock: `lock`
# itself is the mark of a write of what is moved with a store (`still`), and this writes none of it.
LOCK: Final = """// parties of disclosures locked: WRITE
UNWIND $parties AS party
MATCH (state:State {id: party})
SET state.rolledUp = $lock"""
TURN: Final = """// turn to fold taken: WRITE
MERGE (done:RollUp {id: 'ledger'})
SET done.lock = $lock
WITH head(collect(done)) AS done
RETURN coalesce(done.position, 0) AS position"""
FOLD: Final = """// disclosures rolled up: WRITE
MATCH (done:RollUp {id: 'ledger'})
SET done.position = $position
WITH done
UNWIND $rows AS row
MATCH (record:Record {id: row.under})<-[:HOLDS|HELD]-(subject:Subject)
MERGE (disclosure:Disclosure {id: row.id})
  ON CREATE SET disclosure += row.named, disclosure.count = 0, disclosure.attributes = [],
    disclosure.firstAt = row.firstAt, disclosure.lastAt = row.lastAt
SET disclosure.count = disclosure.count + row.count, disclosure.position = row.position,
  disclosure.firstAt = CASE WHEN row.firstAt < disclosure.firstAt THEN row.firstAt ELSE disclosure.firstAt END,
  disclosure.lastAt = CASE WHEN row.lastAt > disclosure.lastAt THEN row.lastAt ELSE disclosure.lastAt END,
  disclosure.attributes = disclosure.attributes + [key IN row.attributes WHERE NOT key IN disclosure.attributes]
MERGE (subject)-[:DISCLOSED]->(disclosure)
MERGE (disclosure)-[:UNDER]->(record)"""


@dataclass(slots=True)
class Folded:
    """What a stretch of the ledger adds to one `Disclosure`."""

    party: str
    recipient: str
    purpose: str
    record: str
    first_at: int
    last_at: int
    position: int = 0
    count: int = 0
    attributes: dict[str, None] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Return it as the parameters of `FOLD`."""
        return {
            "id": below(self.party, "disclosure", self.recipient, self.purpose, self.record),
            "party": self.party,
            "under": below(self.party, "record", self.record),
            "named": {
                "name": f"{self.recipient} for {self.purpose}",
                "recipient": self.recipient,
                "purpose": self.purpose,
                "record": self.record,
            },
            "count": self.count,
            "attributes": list(self.attributes),
            "firstAt": self.first_at,
            "lastAt": self.last_at,
            "position": self.position,
        }


async def roll_up(link: Link) -> int:
    """Fold the next entries; return how many were looked at, 0 when nothing is new or another gateway is at it."""
    found = await link.scan(NEXT, {"most": AT_ONCE})
    after, entries = found["after"], _without_gap(found["after"], found["entries"])
    if not entries:
        return 0
    records = sorted({record for *_, evidence in entries for record in evidence})
    holders = dict((await link.scan(HOLDERS, {"records": records}))["holders"]) if records else {}
    rows = [one.row() for one in _folded(entries, holders)]
    step = partial(_fold, after=after, position=entries[-1][0], rows=rows)
    return len(entries) if await link.write(step) else 0


async def _fold(attempt: Attempt, after: int, position: int, rows: list[dict[str, Any]]) -> bool:
    """Fold rows inside a write transaction, unless somebody did; tell whether to look for more.

    A try whose end nobody knows finds that too: then it was probably this one, and nobody else goes on.
    """
    parties = sorted({row["party"] for row in rows})
    await attempt.run(LOCK, {"parties": parties, "lock": attempt.lock})
    if (await attempt.row(TURN, {"lock": attempt.lock}))["position"] != after:
        await attempt.forget()
        return attempt.uncertain
    await attempt.run(FOLD, {"position": position, "rows": rows})
    return True


def _without_gap(after: int, entries: list[list[Any]]) -> list[list[Any]]:
    return [entry for place, entry in enumerate(entries, start=after + 1) if entry[0] == place]


def _folded(entries: Iterable[list[Any]], holders: Mapping[str, str]) -> list[Folded]:
    found: dict[tuple[str, str, str], Folded] = {}
    for position, recipient, purpose, at, keys, evidence in entries:
        for record in evidence:
            if record in holders:
                new = Folded(holders[record], recipient, purpose, record, at, at)
                one = found.setdefault((recipient, purpose, record), new)
                one.count, one.position = one.count + 1, position
                one.first_at, one.last_at = min(one.first_at, at), max(one.last_at, at)
                one.attributes.update(dict.fromkeys(keys))
    return sorted(found.values(), key=lambda one: (one.party, one.position, one.record))
