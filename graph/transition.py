"""What a change makes of a party's state and what its chain says of it, wherever the state is kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec

from graph.errors import CatalogueTooOld, RevisionConflict
from graph.instants import micros, micros_or_none
from graph.ledger import seal
from graph.records import Record, Subject
from graph.store import Change
from graph.terms import AgeBand

CONFLICT: Final = "the subject's state moved on; load it again and decide again"


def latest(known: int | None, change: Change) -> int:
    """Return the newest instant of recording; it never goes back within a party's tree (2.4 rule 7)."""
    instants = [micros(record.recorded_at) for record in change.begins] or [micros(change.at)]
    for at in instants:
        if known is not None and at < known:
            raise RevisionConflict("something later is on record; load the state again and record at a later instant")
        known = at
    return instants[-1]


def in_force(records: tuple[Record, ...], change: Change) -> tuple[Record, ...]:
    """Return the records in force after a change, in the store's order."""
    gone = {*change.ends, *change.lifts}
    return (*(record for record in records if record.id not in gone), *change.begins)


def changed(subject: Subject, change: Change) -> Subject:
    """Return a party after a change."""
    return replace(
        subject,
        standing=change.standing or subject.standing,
        levels=tuple({**dict(subject.levels), **dict(change.levels)}.items()),
        guardians=subject.guardians if change.guardians is None else change.guardians,
    )


def claimed(known: Subject, newest: Subject) -> Subject:
    """Return a subject with what her newest claims say; what they leave out stays."""
    return replace(
        known,
        age_band=known.age_band if newest.age_band is AgeBand.UNKNOWN else newest.age_band,
        jurisdictions=newest.jurisdictions or known.jurisdictions,
    )


def link(head: str, revision: int, at: int, said: Mapping[str, object]) -> tuple[str, str]:
    """Return the next link of a party's chain, and the head after it."""
    text = json.dumps({"revision": revision, "at": at, **said}, sort_keys=True, separators=(",", ":"))
    return text, seal(head, text)


def said_of_claims(subject: Subject) -> dict[str, object]:
    """Return what newer claims say in the chain."""
    return {"ageBand": subject.age_band, "jurisdictions": subject.jurisdictions}


def said(change: Change) -> dict[str, object]:
    """Return what a change says in the chain: records by digest, devices without the names people gave them."""
    return {
        "command": change.command.key,
        "begins": [[record.id, digest(record)] for record in change.begins],
        "ends": change.ends,
        "lifts": change.lifts,
        "levels": change.levels,
        "devices": [
            [one.id, one.kind, one.shared, micros(one.linked_at), micros_or_none(one.unlinked_at)]
            for one in change.devices
        ],
        "standing": change.standing,
        "guardians": change.guardians,
        "erasesValues": change.erases_values,
    }


def refuse_older_catalogue(known: int, version: int) -> None:
    """Raise `CatalogueTooOld` for a catalogue older than one that was served from this store: its nos would be lost."""
    if version < known:
        raise CatalogueTooOld(
            f"the store has served catalogue `{known}`, this one is `{version}`; start with the newer catalogue"
        )


def digest(record: Record) -> str:
    """Return the digest of a record over one fixed spelling of it, so that an edited one is found."""
    return hashlib.sha256(msgspec.json.encode(record, order="sorted")).hexdigest()
