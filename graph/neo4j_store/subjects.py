"""Subjects coming to be: made at the first call with a valid token, kept up to date with its claims."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from graph.instants import micros
from graph.neo4j_store.changes import apply, restated
from graph.neo4j_store.connection import Attempt, Link
from graph.neo4j_store.names import party_of
from graph.neo4j_store.parties import LINK, Party, device_row, locked_or_made, read, written
from graph.records import Device, Subject
from graph.terms import Standing
from graph.transition import claimed

KNOWN: Final = """// party known: READ
OPTIONAL MATCH (state:State {id: $party})
RETURN state.records AS records"""


async def is_open(link: Link, subject: Subject, device: Device | None) -> bool:
    """Tell whether opening this subject would change nothing; the usual case, and only a read."""
    text = (await link.read(KNOWN, {"party": party_of(subject.kind, subject.id)}))["records"]
    if text is None:
        return False
    known = read(text)
    if known.subject.standing is Standing.ERASED:
        return True
    return claimed(known.subject, subject) == known.subject and not _is_new(known, device)


async def open_subject(attempt: Attempt, subject: Subject, device: Device | None, at: datetime) -> None:
    """Make a subject and link her first device, or take over what newer claims say, inside a write transaction."""
    party, held = party_of(subject.kind, subject.id), await locked_or_made(attempt, subject)
    if held.party.subject.standing is Standing.ERASED:
        return
    if device is not None and _is_new(held.party, device):
        held = replace(held, party=replace(held.party, devices=(*held.party.devices, device)))
        linked = {"party": party, "records": written(held.party), "device": device_row(party, device)}
        await attempt.run(LINK, linked)
    newest = claimed(held.party.subject, subject)
    if newest != held.party.subject:
        await apply(attempt, party, restated(held, newest, micros(at)))


def _is_new(party: Party, device: Device | None) -> bool:
    return device is not None and party.device(device.id) is None
