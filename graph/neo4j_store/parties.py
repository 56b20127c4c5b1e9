"""Parties in the graph: the one string a decision reads, and the lock that every write to a party takes first."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from graph.instants import micros, micros_or_none
from graph.ledger import GENESIS
from graph.neo4j_store.connection import Attempt
from graph.neo4j_store.names import KINDS, below, party_of
from graph.neo4j_store.spelling import spelt
from graph.records import Device, Record, Subject

# INVARIANT: nothing of a party is read before its lock is set; what is read after it the writer before committed. The
# aggregation is what keeps it so: without it the planner reads properties with the node, before the lock.
LOCK: Final = """// lock of a party: WRITE
OPTIONAL MATCH (state:State {id: $party})
SET state.lock = $lock
WITH head(collect(state)) AS state
RETURN state.records AS records, state.head AS head"""
MAKE: Final = """// party made, unless it is there: WRITE
MERGE (state:State {id: $party})
  ON CREATE SET state.name = 'revision 0', state.revision = 0, state.values = 0, state.head = $head,
    state.records = $records
SET state.lock = $lock
WITH state
MERGE (subject:Subject {id: $party})
  ON CREATE SET subject.place = timestamp() * 1048576 + toInteger(rand() * 1048576), subject += $person
MERGE (subject)-[:HAS_STATE]->(state)
WITH head(collect(state)) AS state
RETURN state.records AS records, state.head AS head"""
LINK: Final = """// device linked to a party, the state with it: WRITE
MATCH (subject:Subject)-[:HAS_STATE]->(state:State {id: $party})
SET state.records = $records
MERGE (device:Device {id: $device.id})
SET device = $device
MERGE (subject)-[:USES]->(device)"""

NAMED: Final = 8  # letters of an id that tell one node from another on a screen

_decoder = msgspec.json.Decoder(tuple[int, tuple[Record, ...], int | None, int, Subject, tuple[Device, ...], int])


@dataclass(frozen=True, slots=True)
class Party:
    """Everything a decision needs of one party, as of one revision.

    `made` is the place of the newest record it ever had, `skipped` how many places before it have none.
    """

    revision: int
    records: tuple[Record, ...]
    latest: int | None
    made: int
    subject: Subject
    devices: tuple[Device, ...] = ()
    skipped: int = 0

    def device(self, key: str) -> Device | None:
        """Return a device this party has or had, or `None`."""
        return next((one for one in self.devices if one.id == key), None)


@dataclass(frozen=True, slots=True)
class Held:
    """A party under its lock: its state and the head of its chain."""

    party: Party
    head: str


def written(party: Party) -> str:
    """Write a state as one string: its revision, its records in force, then the rest a decision needs."""
    records = tuple(spelt(record) for record in party.records)
    parts = (party.revision, records, party.latest, party.made, party.subject, party.devices, party.skipped)
    return msgspec.json.encode(parts).decode()


def read(text: str) -> Party:
    """Read a state that `written` wrote; the revision inside it is the one that counts."""
    return Party(*_decoder.decode(text))


def person(subject: Subject) -> dict[str, Any]:
    """Return the properties of a party's node; guardians are names, never edges: no path joins two people."""
    return {
        "name": f"{KINDS[subject.kind].lower()} {subject.id[:NAMED]}",
        "subject": subject.id,
        "kind": KINDS[subject.kind],
        "standing": subject.standing.value,
        "ageBand": subject.age_band.value,
        "jurisdictions": list(subject.jurisdictions),
        "levels": [f"{channel}: {level.value}" for channel, level in subject.levels],
        "guardians": list(subject.guardians),
    }


def device_row(party: str, device: Device) -> dict[str, Any]:
    """Return the properties of a device's node: one for each party, so that a shared headset links nobody."""
    return {
        "id": below(party, "device", device.id),
        "device": device.id,
        "name": device.name,
        "kind": device.kind.value,
        "shared": device.shared,
        "linkedAt": micros(device.linked_at),
        "unlinkedAt": micros_or_none(device.unlinked_at),
    }


async def locked(attempt: Attempt, party: str) -> Held | None:
    """Lock a party and return it, or `None` if it is not there."""
    return held(await attempt.row(LOCK, {"party": party, "lock": attempt.lock}))


async def locked_or_made(attempt: Attempt, subject: Subject) -> Held:
    """Lock a party; one that is not there is made as given, at revision 0."""
    party = party_of(subject.kind, subject.id)
    fresh = written(Party(0, (), None, 0, subject))
    made = {"party": party, "lock": attempt.lock, "head": GENESIS, "records": fresh, "person": person(subject)}
    row = await attempt.row(MAKE, made)
    return Held(read(row["records"]), row["head"])


def held(row: Any) -> Held | None:
    """Return the party of a row that locked one."""
    return None if row["records"] is None else Held(read(row["records"]), row["head"])
