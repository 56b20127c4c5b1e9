"""Reading held values: in an aggregation before the states, so that what is released is proven by what comes after."""

from datetime import datetime
from typing import Any, Final

import msgspec

from graph.archive import SealedValue
from graph.decision.snapshot import Snapshot
from graph.instants import instant, instant_or_none, micros, micros_or_none
from graph.neo4j_store.connection import Link
from graph.neo4j_store.consent import named, newest, revisions_of
from graph.neo4j_store.names import below, party_of
from graph.proving import holds, parties_of
from graph.records import Value
from graph.sealing import opened, sealed
from graph.store import Page, ValuesAt
from graph.terms import PartyKind

# INVARIANT: the aggregation is the barrier: every value is read before any state is. Lists, never nodes: the properties
# of a node are read after the last row.
# INVARIANT: no revision is compared before the barrier, and each state is matched once. The additions come last: a
# catalogue newer than the states is only newer.
READ: Final = """// values, then the states that prove them, whole where they moved: READ
MATCH (value:Value)
WHERE value.id IN $values
WITH collect(value.sealed) AS sealed
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
WITH sealed,
  own.revision AS ownRevision, CASE WHEN own.revision = $own THEN null ELSE own.records END AS ownRecords,
  device.revision AS deviceRevision,
  CASE WHEN device.revision = $deviceAt THEN null ELSE device.records END AS deviceRecords,
  household.revision AS householdRevision,
  CASE WHEN household.revision = $householdAt THEN null ELSE household.records END AS householdRecords
OPTIONAL MATCH (additions:Additions {id: 'additions'})
RETURN sealed, ownRevision, ownRecords, deviceRevision, deviceRecords, householdRevision, householdRecords,
  additions.revision AS additionsRevision"""
HELD: Final = """// values held: READ
OPTIONAL MATCH (:Subject {id: $party})-[:HAS_VALUE]->(value:Value)
RETURN collect(value.sealed) AS sealed"""
HOLDERS: Final = """// subjects with values: READ
MATCH (subject:Subject)
WHERE subject.place > $after AND subject.kind = 'PERSON' AND EXISTS { (subject)-[:HAS_VALUE]->() }
WITH subject ORDER BY subject.place LIMIT $first
RETURN collect([subject.place, subject.subject]) AS holders"""

# One string a value, so that it is never half of one write and half of another.
_box = msgspec.msgpack.Decoder(tuple[str, bytes, int, str, int | None, int | None, str | None, tuple[str, ...], int])


def value_of(party: str, key: str) -> str:
    """Return the id of a party's value."""
    return below(party, "value", key)


async def read(link: Link, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
    """Read values that have not expired, then prove what is known; a state that moved comes whole with them."""
    subject = known.own.id
    parameters = named(subject, parties_of(known))
    ids = [value_of(party_of(PartyKind.SUBJECT, subject), key) for key in keys]
    row = await link.read(READ, {**parameters, **revisions_of(known), "values": ids})
    values = (unboxed(box) for box in row["sealed"])
    fresh = {one.key: one for one in values if one.expires_at is None or one.expires_at > at}
    revisions = (row["ownRevision"], row["deviceRevision"], row["householdRevision"])
    if holds(known, row["additionsRevision"] or 0, revisions):
        return ValuesAt(fresh)
    return ValuesAt(fresh, newest(known, row))


async def held(link: Link, subject: str) -> tuple[Value, ...]:
    """List what is held about a subject, by key."""
    row = await link.read(HELD, {"party": party_of(PartyKind.SUBJECT, subject)})
    return tuple(sorted((unboxed(box) for box in row["sealed"]), key=lambda one: one.key))


async def holders(link: Link, page: Page) -> tuple[tuple[int, str], ...]:
    """List the subjects about whom a value is held."""
    row = await link.scan(HOLDERS, {"after": page.after, "first": page.first})
    return tuple((place, subject) for place, subject in row["holders"])


def boxed(value: Value | SealedValue) -> bytes:
    """Return a value as one string, what is held in it sealed; what comes sealed is not opened."""
    return msgspec.msgpack.encode(
        (
            value.key,
            value.box if isinstance(value, SealedValue) else sealed(value.held),
            micros(value.recorded_at),
            value.purpose,
            micros_or_none(value.expires_at),
            micros_or_none(value.observed_at),
            value.device,
            value.sources,
            value.input_revision,
        )
    )


def parts_of_box(box: bytes) -> tuple[str, bytes, int, str, int | None, int | None, str | None, tuple[str, ...], int]:
    """Return the parts of a string that `boxed` made, what is held in it still sealed."""
    return _box.decode(box)


def unboxed(box: bytes) -> Value:
    """Return the value of a string that `boxed` made."""
    key, seal, recorded, purpose, expires, observed, device, sources, input_revision = parts_of_box(box)
    return Value(
        key,
        opened(seal),
        instant(recorded),
        purpose,
        instant_or_none(expires),
        instant_or_none(observed),
        device,
        sources,
        input_revision,
    )


def value_row(party: str, value: Value | SealedValue) -> dict[str, Any]:
    """Return the properties of a value's node; beside the string, what the graph is asked for."""
    return {
        "id": value_of(party, value.key),
        "name": value.key,
        "party": party,
        "attribute": value.key,
        "sealed": boxed(value),
        "purpose": value.purpose,
        "recordedAt": micros(value.recorded_at),
        "expiresAt": micros_or_none(value.expires_at),
        "observedAt": micros_or_none(value.observed_at),
    }
