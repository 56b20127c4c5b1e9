"""Reading consent states: the snapshot a decision is made on, in one trip, and the history behind it."""

from dataclasses import replace
from typing import Any, Final

from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.errors import StoreUnavailable
from graph.instants import instant_or_none
from graph.neo4j_store.connection import LONG_READ_SECONDS, Link
from graph.neo4j_store.faults import UNAVAILABLE
from graph.neo4j_store.names import party_of
from graph.neo4j_store.parties import Party, read
from graph.neo4j_store.spelling import record_of
from graph.records import Device, Subject
from graph.store import Parties
from graph.terms import PartyKind, Standing

COLUMNS: Final = {PartyKind.SUBJECT: "own", PartyKind.DEVICE: "device", PartyKind.HOUSEHOLD: "household"}
LOOKS: Final = 5  # at a history that is being written while it is read

# INVARIANT: each state is one string, so each is of one instant; what moves between two of them, the revision read with
# the values shows. The additions come last: a catalogue newer than the states is only newer.
SNAPSHOT: Final = """// snapshot: READ
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
WITH own.records AS own, device.records AS device, household.records AS household
OPTIONAL MATCH (additions:Additions {id: 'additions'})
RETURN own, device, household, additions.revision AS additions"""
# INVARIANT: states first, then records: with all that a state counts it is whole, with fewer somebody is writing.
EVER: Final = """// every record of three parties: READ
OPTIONAL MATCH (own:State {id: $subject})
OPTIONAL MATCH (device:State {id: $device})
OPTIONAL MATCH (household:State {id: $household})
OPTIONAL MATCH (additions:Additions {id: 'additions'})
WITH own.records AS own, device.records AS device, household.records AS household, additions.revision AS additions,
  collect(1) AS barrier
RETURN own, device, household, additions,
  COLLECT {
    MATCH (record:Record) USING INDEX SEEK record:Record(party, place)
    WHERE record.party = $subject AND record.place > 0
    RETURN [record.place, record.body] ORDER BY record.party, record.place
  } AS ownRecords,
  COLLECT {
    MATCH (record:Record) USING INDEX SEEK record:Record(party, place)
    WHERE record.party = $device AND record.place > 0
    RETURN [record.place, record.body] ORDER BY record.party, record.place
  } AS deviceRecords,
  COLLECT {
    MATCH (record:Record) USING INDEX SEEK record:Record(party, place)
    WHERE record.party = $household AND record.place > 0
    RETURN [record.place, record.body] ORDER BY record.party, record.place
  } AS householdRecords"""
KNOWN: Final = """// state of a subject: READ
OPTIONAL MATCH (state:State {id: $subject})
RETURN state.records AS records"""


def named(subject: str, parties: Parties) -> dict[str, str | None]:
    """Return the ids of up to three parties as parameters."""
    return {
        "subject": party_of(PartyKind.SUBJECT, subject),
        "device": None if parties.device is None else party_of(PartyKind.DEVICE, parties.device),
        "household": None if parties.household is None else party_of(PartyKind.HOUSEHOLD, parties.household),
    }


async def snapshot(link: Link, subject: str, parties: Parties) -> Snapshot:
    """Read the states of up to three parties, the device, and the revision of the additions."""
    row = await link.read(SNAPSHOT, named(subject, parties))
    own, device, household = (None if text is None else read(text) for text in row.values()[:3])
    states = [_state(PartyKind.SUBJECT, subject, own)]
    if parties.device is not None:
        states.append(_state(PartyKind.DEVICE, parties.device, device))
    if parties.household is not None:
        states.append(_state(PartyKind.HOUSEHOLD, parties.household, household))
    return Snapshot(_person(subject, own), tuple(states), _device(parties.device, own), row["additions"] or 0)


async def history(link: Link, subject: str, parties: Parties) -> Snapshot:
    """Read the same as `snapshot` with every record ever made, ended ones too."""
    for _ in range(LOOKS):
        found = _whole(await link.read(EVER, named(subject, parties), LONG_READ_SECONDS), subject, parties)
        if found is not None:
            return found
    raise StoreUnavailable(UNAVAILABLE)


async def devices(link: Link, subject: str) -> tuple[Device, ...]:
    """List a subject's devices in the order they were first linked."""
    text = (await link.read(KNOWN, {"subject": party_of(PartyKind.SUBJECT, subject)}))["records"]
    return () if text is None else read(text).devices


def revisions_of(known: Snapshot) -> dict[str, int]:
    """Return the revisions a snapshot has, as parameters; a subject nobody knows has none that a state could have."""
    unknown = known.subject.standing is Standing.UNKNOWN
    device, household = known.party(PartyKind.DEVICE), known.party(PartyKind.HOUSEHOLD)
    return {
        "own": -1 if unknown else known.own.revision,
        "deviceAt": device.revision if device else 0,
        "householdAt": household.revision if household else 0,
    }


def newest(known: Snapshot, row: Any) -> Snapshot:
    """Return what is known with the states of a row in place of those that moved.

    INVARIANT: where a state came, the revision inside it counts, not the one beside it: they may be of two commits.
    """
    gone = {kind for kind, column in COLUMNS.items() if row[f"{column}Revision"] is None}
    came = {kind: row[f"{column}Records"] for kind, column in COLUMNS.items()}
    found = {kind: read(text) for kind, text in came.items() if text is not None}
    states = tuple(
        _state(party.kind, party.id, found.get(party.kind)) if party.kind in gone or party.kind in found else party
        for party in known.parties
    )
    person, device = known.subject, known.device
    if PartyKind.SUBJECT in gone or PartyKind.SUBJECT in found:
        own = found.get(PartyKind.SUBJECT)
        person, device = _person(person.id, own), _device(None if device is None else device.id, own)
    elif device is not None:
        device = replace(device, attested=False)  # the token's to say
    return Snapshot(person, states, device, row["additionsRevision"] or 0)


def _person(subject: str, known: Party | None) -> Subject:
    return Subject(subject, standing=Standing.UNKNOWN) if known is None else known.subject


def _state(kind: PartyKind, party: str, known: Party | None) -> PartyState:
    if known is None:
        return PartyState(kind, party)
    return PartyState(kind, party, known.revision, known.records, instant_or_none(known.latest))


def _device(device: str | None, own: Party | None) -> DeviceState | None:
    """Return a device as one subject linked it; she may never have."""
    if device is None:
        return None
    known = None if own is None else own.device(device)
    if known is None:
        return DeviceState(device, known=False)
    return DeviceState(device, linked=known.unlinked_at is None, shared=known.shared)


def _whole(row: Any, subject: str, parties: Parties) -> Snapshot | None:
    """Return the history of a row, or `None` if a change was half there when it was read."""
    found = []
    for kind, party, column in (
        (PartyKind.SUBJECT, subject, "own"),
        (PartyKind.DEVICE, parties.device, "device"),
        (PartyKind.HOUSEHOLD, parties.household, "household"),
    ):
        if party is not None:
            known = None if row[column] is None else read(row[column])
            found.append((known, _ever(PartyState(kind, party), known, row[f"{column}Records"])))
    if any(state is None for _, state in found):
        return None
    own = found[0][0]
    states = tuple(state for _, state in found if state is not None)
    return Snapshot(_person(subject, own), states, _device(parties.device, own), row["additions"] or 0)


def _ever(nobody: PartyState, known: Party | None, rows: list[tuple[int, str]]) -> PartyState | None:
    if known is None:
        return nobody
    bodies = [body for place, body in rows if place <= known.made]
    if len(bodies) != known.made - known.skipped:
        return None
    records = tuple(record_of(body) for body in bodies)
    return PartyState(nobody.kind, nobody.id, known.revision, records, instant_or_none(known.latest))
