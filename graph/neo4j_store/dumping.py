"""Telling everything the graph keeps, entry by entry, page by page of an index, and proving that nothing moved by then.

A server has no reads of one instant. So whoever is told may use it only when the last entry came: between a look before
the first and a look after the last nothing was written, or `StoreUnavailable` is raised.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from typing import Any, Final, LiteralString

from graph.archive import (
    AdditionsAt,
    Answered,
    Entry,
    LedgerEnd,
    LedgerEntry,
    OfParty,
    Party,
    SealedValue,
    Secret,
    UsedOffer,
)
from graph.archive import Link as Told
from graph.errors import StoreUnavailable
from graph.idempotency import CATALOGUE, KEPT
from graph.instants import instant, instant_or_none, micros
from graph.neo4j_store import parties
from graph.neo4j_store.catalogue import ADDED, addition_of
from graph.neo4j_store.connection import Link
from graph.neo4j_store.disclosures import END
from graph.neo4j_store.names import KINDS, below
from graph.neo4j_store.spelling import record_of
from graph.neo4j_store.still import look
from graph.neo4j_store.values import parts_of_box
from graph.store import Command, StoredRecord
from graph.terms import PartyKind

AT_ONCE: Final = 500  # entries a trip: with the largest of them still a few megabytes
TOGETHER: Final = 25  # parties a trip, with what most of them have: a trip for each would take three times as long
MOVED: Final = "the store was written to while it was told; stop every gateway on it, then tell it again"

SECRETS: Final = """// dump of secrets: READ
MATCH (secret:Secret)
WHERE secret.id >= ''
WITH secret ORDER BY secret.id
RETURN collect([secret.id, secret.random]) AS rows"""
SERVED: Final = """// dump of the catalogue served last: READ
OPTIONAL MATCH (catalogue:Catalogue {id: 'catalogue'})
RETURN catalogue.version AS version"""
PARTIES: Final = """// dump of parties, each with the first it has of everything: READ
MATCH (subject:Subject)
USING INDEX SEEK subject:Subject(kind, subject)
WHERE subject.kind = $kind AND subject.subject > $after
WITH subject ORDER BY subject.kind, subject.subject LIMIT $together
WITH collect(subject) AS subjects
UNWIND subjects AS subject
RETURN collect([
  subject.id,
  COLLECT { MATCH (subject)-[:HAS_STATE]->(state:State) RETURN [state.records, state.head] },
  COLLECT {
    MATCH (record:Record) USING INDEX SEEK record:Record(party, place)
    WHERE record.party = subject.id AND record.place > 0
    RETURN [record.place, record.body, record.endedAt] ORDER BY record.party, record.place LIMIT $most
  },
  COLLECT { MATCH (subject)-[:HAS_VALUE]->(value:Value) RETURN value.sealed },
  COLLECT {
    MATCH (change:Change)
    WHERE change.id > subject.id + '/change/' AND change.id < subject.id + '/change0'
    RETURN [change.id, change.revision, change.at, change.text, change.head] ORDER BY change.id LIMIT $most
  }
]) AS rows"""
RECORDS: Final = """// dump of more records: READ
MATCH (record:Record)
USING INDEX SEEK record:Record(party, place)
WHERE record.party = $party AND record.place > $after
WITH record ORDER BY record.party, record.place LIMIT $most
RETURN collect([record.place, record.body, record.endedAt]) AS rows"""
CHANGES: Final = """// dump of more changes: READ
MATCH (change:Change)
WHERE change.id > $after AND change.id < $until
WITH change ORDER BY change.id LIMIT $most
RETURN collect([change.id, change.revision, change.at, change.text, change.head]) AS rows"""
LEDGER: Final = """// dump of disclosures: READ
MATCH (entry:Entry)
WHERE entry.position > $after
WITH entry ORDER BY entry.position LIMIT $most
RETURN collect([entry.position, entry.text, entry.head]) AS rows"""
OFFERS: Final = """// dump of offers: READ
MATCH (offer:Offer)
WHERE offer.id > $after
WITH offer ORDER BY offer.id LIMIT $most
RETURN collect([offer.id, offer.at]) AS rows"""
COMMANDS: Final = """// dump of the first commands of a party: READ
MATCH (command:Command)
USING INDEX SEEK command:Command(kind, party, key)
WHERE command.kind = $kind AND command.party = $party AND command.key > $after
WITH command ORDER BY command.kind, command.party, command.key LIMIT $most
RETURN collect([command.party, command.key, command.fingerprint, command.answer, command.revision, command.at])
  AS rows"""
OWNERS: Final = """// dump of commands of the next parties: READ
MATCH (command:Command)
USING INDEX SEEK command:Command(kind, party, key)
WHERE command.kind = $kind AND command.party > $party AND command.key >= ''
WITH command ORDER BY command.kind, command.party, command.key LIMIT $most
RETURN collect([command.party, command.key, command.fingerprint, command.answer, command.revision, command.at])
  AS rows"""

Rows = list[list[Any]]


async def dump(link: Link, at: datetime) -> AsyncGenerator[Entry, None]:
    """Tell everything; raises `StoreUnavailable` after the last entry if anything was written since the first."""
    before = await look(link)
    async for entry in _everything(link, micros(at)):
        yield entry
    if await look(link) != before:
        raise StoreUnavailable(MOVED)


async def _everything(link: Link, at: int) -> AsyncIterator[Entry]:
    for name, random in await _rows(link, SECRETS):
        yield Secret(name, random)
    row = await link.scan(ADDED, {})
    served = (await link.read(SERVED, {}))["version"]
    yield AdditionsAt(json.loads(row["tally"])[0], 0 if served is None else int(served))
    for kind, body in row["additions"]:
        yield addition_of(kind, body)
    for party_kind in sorted(PartyKind):
        async for entry in _parties(link, party_kind):
            yield entry
    yield LedgerEnd(*json.loads((await link.read(END, {}))["end"]))
    async for position, text, head in _paged(link, LEDGER, 0):
        yield LedgerEntry(position, text, head)
    async for offer, used in _paged(link, OFFERS, ""):
        yield UsedOffer(offer, instant(used))
    for owner in (None, *sorted(PartyKind)):
        async for answered in _commands(link, owner, at - KEPT):
            yield answered


async def _parties(link: Link, kind: PartyKind) -> AsyncIterator[Party | OfParty]:
    after = ""
    while rows := await _rows(link, PARTIES, kind=KINDS[kind], after=after, together=TOGETHER):
        for party, ((text, head),), *own in rows:
            state = parties.read(text)
            after = state.subject.id
            yield Party(state.subject, state.revision, instant_or_none(state.latest), head)
            for device in state.devices:
                yield device
            async for entry in _of_party(link, party, *own):
                yield entry


async def _of_party(
    link: Link, party: str, records: Rows, boxes: list[bytes], changes: Rows
) -> AsyncIterator[StoredRecord | SealedValue | Told]:
    async for position, body, ended in _paged(link, RECORDS, 0, records, party=party):
        yield StoredRecord(position, record_of(body), instant_or_none(ended))
    for value in sorted(map(_value, boxes), key=lambda one: one.key):
        yield value
    until = below(party, "change") + "0"  # the next sign after the slash
    async for _, revision, at, text, head in _paged(link, CHANGES, "", changes, until=until):
        yield Told(revision, instant(at), text, head)


async def _commands(link: Link, kind: PartyKind | None, since: int) -> AsyncIterator[Answered]:
    """Tell the commands of one kind of party, by party and key: those of one party, then those of the next."""
    asked = {"kind": CATALOGUE if kind is None else KINDS[kind]}
    party, rows = "", await _rows(link, COMMANDS, **asked, party="", after="")
    while rows or (rows := await _rows(link, OWNERS, **asked, party=party)):
        for party, key, fingerprint, answer, revision, at in rows:
            if at > since:
                yield Answered(kind, party, Command(key, fingerprint, answer), revision, instant(at))
        party, key, *_ = rows[-1]
        rows = await _rows(link, COMMANDS, **asked, party=party, after=key)


async def _paged(
    link: Link, query: LiteralString, after: object, rows: Rows | None = None, **asked: object
) -> AsyncIterator[list[Any]]:
    """Tell the rows of a query page by page; the first column is the key, and `rows` the first page if it is there."""
    if rows is None:
        rows = await _rows(link, query, after=after, **asked)
    while rows:
        for row in rows:
            yield row
        rows = [] if len(rows) < AT_ONCE else await _rows(link, query, after=rows[-1][0], **asked)


async def _rows(link: Link, query: LiteralString, **asked: object) -> Rows:
    rows: Rows = (await link.scan(query, {"most": AT_ONCE, **asked}))["rows"]
    return rows


def _value(box: bytes) -> SealedValue:
    key, seal, recorded, purpose, expires, observed, device, sources, input_revision = parts_of_box(box)
    return SealedValue(
        key,
        seal,
        instant(recorded),
        purpose,
        instant_or_none(expires),
        instant_or_none(observed),
        device,
        sources,
        input_revision,
    )
