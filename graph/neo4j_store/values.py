"""Reading held values: in an aggregation before the states, so that what is released is proven by what comes after."""

from datetime import datetime
from typing import Any, Final

import msgspec

from graph.archive import SealedValue
from graph.instants import instant, instant_or_none, micros, micros_or_none
from graph.neo4j_store.connection import LONG_READ_SECONDS, Link
from graph.neo4j_store.consent import named, revision
from graph.neo4j_store.names import below, party_of
from graph.records import Value
from graph.sealing import opened, sealed
from graph.store import Page, Parties, ValuesAt
from graph.terms import PartyKind

# INVARIANT: the aggregation is the barrier: every value is read before any state is. Lists, never nodes: the properties
# of a node are read after the last row.
READ: Final = """// values, then the revisions that prove them: READ
MATCH (value:Value)
WHERE value.id IN $values
WITH collect(value.sealed) AS sealed
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
RETURN sealed, own.revision AS own, device.revision AS device, household.revision AS household"""
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


async def read(link: Link, subject: str, keys: tuple[str, ...], at: datetime, *, parties: Parties) -> ValuesAt:
    """Read values that have not expired, then the revision: a value of a later grant never comes with an older one."""
    parameters = named(subject, parties)
    ids = [value_of(party_of(PartyKind.SUBJECT, subject), key) for key in keys]
    row = await link.read(READ, {**parameters, "values": ids})
    values = (unboxed(box) for box in row["sealed"])
    fresh = {one.key: one for one in values if one.expires_at is None or one.expires_at > at}
    return ValuesAt(fresh, revision(subject, parties, row))


async def held(link: Link, subject: str) -> tuple[Value, ...]:
    """List what is held about a subject, by key."""
    row = await link.read(HELD, {"party": party_of(PartyKind.SUBJECT, subject)})
    return tuple(sorted((unboxed(box) for box in row["sealed"]), key=lambda one: one.key))


async def holders(link: Link, page: Page) -> tuple[tuple[int, str], ...]:
    """List the subjects about whom a value is held."""
    row = await link.read(HOLDERS, {"after": page.after, "first": page.first}, LONG_READ_SECONDS)
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
