"""Writing consent: one change on one party's state, whole or not at all, each a link of that party's hash chain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from graph import transition
from graph.archive import Link
from graph.errors import OfferUsed, RevisionConflict
from graph.instants import instant, micros, micros_or_none
from graph.neo4j_store import commands
from graph.neo4j_store.connection import Attempt
from graph.neo4j_store.names import below, bucket_of, feed_of, joined, party_of
from graph.neo4j_store.parties import Held, Party, device_row, locked_or_made, person, written
from graph.neo4j_store.spelling import text_of
from graph.records import Record, Subject
from graph.store import Appended, Change
from graph.terms import PartyKind, Standing
from graph.transition import CONFLICT

USE_OFFER: Final = """// offer answered: WRITE
MERGE (offer:Offer {id: $offer})
  ON CREATE SET offer.usedBy = $lock, offer.at = $at
RETURN offer.usedBy = $lock AS fresh"""
# Lock order: the state (locked before), what is the party's own, cohorts by id, the feed last: its lock is held until
# the commit can be seen, so that a lower place never appears after a higher one. What ends is sought by its id: among
# few records the planner would rather look at all there are.
APPLY: Final = """// change applied: WRITE
MATCH (subject:Subject)-[:HAS_STATE]->(state:State {id: $party})
SET state += $state, subject += $person
WITH subject
CALL (subject) {
  UNWIND $changes AS row
  CREATE (change:Change {id: row.id})
  SET change += row
}
CALL (subject) {
  UNWIND $devices AS row
  MERGE (device:Device {id: row.id})
  SET device = row
  MERGE (subject)-[:USES]->(device)
}
CALL (subject) {
  UNWIND $ended AS id
  MATCH (subject)-[holds:HOLDS]->(record:Record {id: id})
  USING INDEX SEEK record:Record(id)
  SET record.endedAt = $at
  DELETE holds
  CREATE (subject)-[:HELD]->(record)
  WITH record
  OPTIONAL MATCH (record)-[covers:COVERS]->(:Cohort)
  DELETE covers
  WITH DISTINCT record
  MATCH (change:Change {id: $change})
  CREATE (change)-[:ENDED]->(record)
}
CALL (subject) {
  UNWIND $begun AS row
  CREATE (subject)-[:HOLDS]->(record:Record {id: row.id})
  SET record += row
  WITH record
  MATCH (change:Change {id: $change})
  CREATE (change)-[:BEGAN]->(record)
}
CALL (subject) {
  UNWIND $cohorts AS row
  MERGE (cohort:Cohort {id: row.cohort.id})
    ON CREATE SET cohort += row.cohort, cohort.madeBy = $lock
  WITH cohort, row
  MATCH (record:Record {id: row.record})
  CREATE (record)-[:COVERS]->(cohort)
}
CALL (subject) {
  UNWIND $cohorts AS row
  MATCH (cohort:Cohort {id: row.cohort.id})
  WHERE cohort.madeBy = $lock
  WITH DISTINCT cohort
  CALL (cohort) {
    MATCH (category:Category {id: cohort.category})
    USING INDEX SEEK category:Category(id)
    CREATE (cohort)-[:OF]->(category)
  }
  CALL (cohort) {
    MATCH (purpose:Purpose {id: cohort.purpose})
    USING INDEX SEEK purpose:Purpose(id)
    CREATE (cohort)-[:FOR]->(purpose)
  }
  CALL (cohort) {
    MATCH (recipient:Recipient {id: cohort.recipient})
    USING INDEX SEEK recipient:Recipient(id)
    CREATE (cohort)-[:TO]->(recipient)
  }
}
CALL (subject) {
  UNWIND $erased AS party
  MATCH (subject)-[:HAS_VALUE]->(value:Value)
  DETACH DELETE value
}
CALL (subject) {
  UNWIND $uncounted AS party
  MATCH (subject)-[:HOLDS]->(:Record)-[covers:COVERS]->(:Cohort)
  DELETE covers
}
CALL (subject) {
  UNWIND $commands AS row
  MERGE (command:Command {id: row.id})
  SET command = row
}
CALL (subject) {
  UNWIND $changes AS row
  MATCH (feed:Feed {id: $feed})
  SET feed.position = feed.position + 1
  WITH feed, row
  MATCH (change:Change {id: row.id})
  SET change.place = feed.id + '/' + right('00000000000' + toString(feed.position), 12)
}"""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one command makes of a party: the state before and after, and what is written beside it."""

    before: Held
    after: Party
    at: int
    said: Mapping[str, object]
    change: Change | None = None
    kept: dict[str, Any] | None = None

    @property
    def linked(self) -> bool:
        """Tell whether this is a link of the party's chain: it made a new revision."""
        return self.after.revision != self.before.party.revision


async def append(attempt: Attempt, change: Change) -> Appended:
    """Apply a change inside a write transaction; raises `KeyReused`, `OfferUsed`, `RevisionConflict`, in this order."""
    party, at = party_of(change.kind, change.subject), micros(change.at)
    opened = await commands.opened(attempt, party, change.command, at)
    if opened.earlier is not None:
        await attempt.forget()
        return opened.earlier
    await _use_offer(attempt, change.offer, at)
    _refuse_another(opened.held, change)
    if not (change.effective or change.ends or change.erases_values):
        return await commands.keep(attempt, commands.kept(party, change.command, change.base, at))
    held = opened.held or await locked_or_made(attempt, Subject(change.subject, change.kind))
    _refuse_another(held, change)  # somebody else may have made it meanwhile
    after = _after(held.party, change)
    kept = commands.kept(party, change.command, after.revision, at)
    await apply(attempt, party, Effect(held, after, at, transition.said(change), change, kept))
    return Appended(after.revision, change.command.answer)


async def apply(attempt: Attempt, party: str, effect: Effect) -> None:
    """Write an effect on a party that is locked, all in one statement."""
    await attempt.run(APPLY, {"party": party, "lock": attempt.lock, "at": effect.at, **_rows(party, effect)})


async def _use_offer(attempt: Attempt, offer: str | None, at: int) -> None:
    if offer is None:
        return
    if not (await attempt.row(USE_OFFER, {"offer": offer, "lock": attempt.lock, "at": at}))["fresh"]:
        raise OfferUsed("the offer was answered before; ask for a new one")


def _refuse_another(held: Held | None, change: Change) -> None:
    if change.base != (0 if held is None else held.party.revision):
        raise RevisionConflict(CONFLICT)


def _after(party: Party, change: Change) -> Party:
    devices = {one.id: one for one in party.devices} | {one.id: one for one in change.devices}
    return Party(
        revision=party.revision + change.effective,
        records=transition.in_force(party.records, change),
        latest=transition.latest(party.latest, change) if change.effective else party.latest,
        made=party.made + len(change.begins),
        subject=transition.changed(party.subject, change),
        devices=tuple(devices.values()),
        skipped=party.skipped,
    )


def _rows(party: str, effect: Effect) -> dict[str, Any]:
    change, after, head = effect.change, effect.after, effect.before.head
    changes: list[dict[str, Any]] = []
    if effect.linked:
        text, head = transition.link(head, after.revision, effect.at, effect.said)
        row = change_row(party, Link(after.revision, instant(effect.at), text, head))
        command = None if change is None else change.command.key
        changes.append({**row, "subject": after.subject.id, "command": command})
    ends, begins = ((*change.ends, *change.lifts), change.begins) if change else ((), ())
    return {
        "state": {
            "name": f"revision {after.revision}",
            "revision": after.revision,
            "records": written(after),
            "head": head,
        },
        "person": person(after.subject),
        "changes": changes,
        "change": changes[0]["id"] if changes else None,
        "devices": [device_row(party, one) for one in change.devices] if change else [],
        "ended": [below(party, "record", one) for one in dict.fromkeys(ends)],
        "begun": [
            record_row(party, after.subject, place, one) for place, one in enumerate(begins, _first(after, begins))
        ],
        "cohorts": cohorts(party, after.subject, begins),
        "erased": [party] if change and change.erases_values else [],
        "uncounted": [party] if after.subject.standing is Standing.ERASED else [],
        "commands": [] if effect.kept is None else [effect.kept],
        "feed": feed_of(party),
    }


def _first(after: Party, begins: tuple[Record, ...]) -> int:
    return after.made - len(begins) + 1


def change_row(party: str, link: Link) -> dict[str, Any]:
    """Return the properties of a change's node that its link of the chain has."""
    return {
        "id": below(party, "change", f"{link.revision:012d}"),
        "name": f"change {link.revision}",
        "party": party,
        "revision": link.revision,
        "at": micros(link.at),
        "text": link.text,
        "head": link.head,
    }


def record_row(party: str, subject: Subject, place: int, record: Record) -> dict[str, Any]:
    """Return the properties of a record's node: itself as text, and what the graph is asked for."""
    scope = record.scope
    return {
        "id": below(party, "record", record.id),
        "name": f"{record.kind.value} {scope.category or '*'}",
        "record": record.id,
        "party": party,
        "subject": subject.id,
        "place": place,
        "kind": record.kind.value,
        "yes": record.is_yes,
        "cap": record.cap.name,
        "purpose": scope.purpose,
        "category": scope.category,
        "recipient": scope.recipient,
        "recipientGroup": scope.group,
        "channel": scope.channel,
        "device": scope.device,
        "givenOn": record.given_on.device,
        "operations": sorted(scope.operations),
        "notice": None if record.notice is None else str(record.notice),
        "recordedAt": micros(record.recorded_at),
        "startsAt": micros(record.starts),
        "validUntil": micros_or_none(record.valid_until) if record.is_yes else None,
        "body": text_of(record),
    }


def cohorts(party: str, subject: Subject, begins: tuple[Record, ...]) -> list[dict[str, Any]]:
    """Return which cohort each record stands in, sorted so that two writers lock them in one order.

    People only: a cohort tells how many said yes or no. Who was erased counts no more.
    """
    if subject.kind is not PartyKind.SUBJECT or subject.standing is Standing.ERASED:
        return []
    counted = [one for one in begins if one.is_yes or one.is_no]
    rows = [{"record": below(party, "record", one.id), "cohort": cohort(party, one)} for one in counted]
    return sorted(rows, key=lambda row: str(row["cohort"]["id"]))


def cohort(party: str, record: Record) -> dict[str, Any]:
    """Return the cohort of a record: one class of scopes, one bucket of people."""
    scope, bucket = record.scope, bucket_of(party)
    nodes = (scope.purpose, scope.category, scope.recipient, scope.group)
    said = "yes" if record.is_yes else "no"
    return {
        "id": joined(said, *(f"={node}" if node is not None else "*" for node in nodes), f"{bucket:02d}"),
        "name": f"{said} to {scope.category or '*'}",
        "yes": record.is_yes,
        "bucket": bucket,
        "purpose": scope.purpose,
        "category": scope.category,
        "recipient": scope.recipient,
        "recipientGroup": scope.group,
    }


def restated(before: Held, subject: Subject, at: int) -> Effect:
    """Return the effect of newer claims: another subject under a new revision, its records untouched."""
    after = replace(before.party, revision=before.party.revision + 1, subject=subject)
    return Effect(before, after, at, transition.said_of_claims(subject))
