"""Writing held values: stored once for each key, discarded, swept at their end; always under the party's lock."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from graph.archive import SealedValue
from graph.errors import RevisionConflict
from graph.idempotency import KEPT
from graph.instants import micros
from graph.neo4j_store import commands
from graph.neo4j_store.connection import Attempt, Link
from graph.neo4j_store.names import below, party_of
from graph.neo4j_store.parties import locked, locked_or_made
from graph.neo4j_store.values import value_of, value_row
from graph.records import Subject, Value
from graph.store import Appended, Command
from graph.terms import PartyKind, Standing
from graph.transition import CONFLICT

PUT: Final = """// values stored: WRITE
MATCH (subject:Subject)-[:HAS_STATE]->(state:State {id: $party})
SET state.values = state.values + 1
WITH subject
UNWIND $rows AS row
MERGE (value:Value {id: row.id})
WITH subject, value, row, coalesce(value.rev, 0) + 1 AS rev
SET value = row, value.rev = rev
MERGE (subject)-[:HAS_VALUE]->(value)
WITH value
MATCH (value)-[old:DERIVED_FROM|OBSERVED_ON]->()
DELETE old"""
TRACE: Final = """// where values came from: WRITE
UNWIND $traces AS row
MATCH (value:Value {id: row.value})
CALL (value, row) {
  UNWIND row.sources AS source
  MATCH (input:Value {id: source})
  CREATE (value)-[:DERIVED_FROM {inputRev: input.rev}]->(input)
}
CALL (value, row) {
  MATCH (device:Device {id: row.device})
  CREATE (value)-[:OBSERVED_ON]->(device)
}"""
DISCARD: Final = """// values discarded: WRITE
MATCH (value:Value)
WHERE value.id IN $values
DETACH DELETE value"""
PAST: Final = """// whose values are past their end: READ
MATCH (value:Value)
WHERE value.expiresAt <= $at
WITH value LIMIT 500
RETURN collect(DISTINCT value.party) AS parties"""
SWEEP: Final = """// values past their end: WRITE
UNWIND $parties AS party
MATCH (subject:Subject)-[:HAS_STATE]->(state:State {id: party})
SET state.lock = $lock
WITH subject
MATCH (subject)-[:HAS_VALUE]->(value:Value)
WHERE value.expiresAt <= $at
DETACH DELETE value
RETURN count(*) AS swept"""


@dataclass(frozen=True, slots=True)
class Deposit:
    """Values to be stored by one command; `base` is the revision on which that was decided, if it was."""

    subject: str
    values: tuple[Value, ...]
    command: Command
    at: datetime
    base: int | None = None


async def put(attempt: Attempt, deposit: Deposit) -> Appended:
    """Store values inside a write transaction; raises `KeyReused`, `RevisionConflict`."""
    party, at = party_of(PartyKind.SUBJECT, deposit.subject), micros(deposit.at)
    opened = await commands.opened(attempt, party, deposit.command, at)
    if opened.earlier is not None:
        await attempt.forget()
        return opened.earlier
    held = opened.held or await locked_or_made(attempt, Subject(deposit.subject))
    if held.party.subject.standing is Standing.ERASED or deposit.base not in (None, held.party.revision):
        raise RevisionConflict(CONFLICT)
    if deposit.values:
        await attempt.run(PUT, {"party": party, "rows": [value_row(party, one) for one in deposit.values]})
    traces = [trace(party, one) for one in deposit.values if one.sources or one.device]
    if traces:
        await attempt.run(TRACE, {"traces": traces})
    return await commands.keep(attempt, commands.kept(party, deposit.command, held.party.revision, at))


async def discard(attempt: Attempt, subject: str, keys: tuple[str, ...], *, base: int | None) -> None:
    """Delete values for good inside a write transaction; raises `RevisionConflict`."""
    party = party_of(PartyKind.SUBJECT, subject)
    held = await locked(attempt, party)
    if base is not None and (held is None or held.party.revision != base):
        raise RevisionConflict(CONFLICT)
    await attempt.run(DISCARD, {"values": [value_of(party, key) for key in keys]})


async def sweep(link: Link, at: datetime) -> int:
    """Delete every value past its end, some people at a time; return how many. Old commands go with them."""
    swept, instant = 0, micros(at)
    while parties := (await link.read(PAST, {"at": instant}))["parties"]:
        swept += await link.write(partial(_sweep, parties=sorted(parties), at=instant))
    while await link.write(partial(_forget, at=instant - KEPT)):
        pass
    return swept


async def _sweep(attempt: Attempt, parties: list[str], at: int) -> int:
    number: int = (await attempt.row(SWEEP, {"parties": parties, "at": at, "lock": attempt.lock}))["swept"]
    return number


async def _forget(attempt: Attempt, at: int) -> int:
    number: int = (await attempt.row(commands.FORGET, {"at": at, "lock": attempt.lock}))["forgotten"]
    return number


def trace(party: str, value: Value | SealedValue) -> dict[str, Any]:
    """Return where a value came from."""
    return {
        "value": value_of(party, value.key),
        "sources": [value_of(party, source) for source in value.sources],
        "device": None if value.device is None else below(party, "device", value.device),
    }
