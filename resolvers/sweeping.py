"""The daily sweep: values past their end, and values nobody may have any more because consent ended (2.7)."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from graph.catalogue import Attribute, Catalogue
from graph.decision.decide import decide
from graph.decision.request import Decision, Request
from graph.decision.snapshot import Snapshot
from graph.errors import RevisionConflict
from graph.records import Record
from graph.store import Page, Parties, Store
from graph.terms import Audience, Fidelity, Gate, Operation, RecordKind
from resolvers.context import Rules

PEOPLE_AT_ONCE = 100  # subjects of one page: a sweep never stands in the way of requests for long

# Whether anybody may have a value is the register's, the law's and the person's to say; a channel's, a level's or a
# device's limit is of one moment, and no reason to delete.
LASTING = frozenset({Gate.PURPOSE, Gate.LAW, Gate.CONSENT, Gate.LINEAGE})
ENDING = frozenset({RecordKind.WITHDRAWN, RecordKind.REVOKED, RecordKind.OBJECTED, RecordKind.SIGNAL})


@dataclass(frozen=True, slots=True)
class Swept:
    """How many values went: past their end, and without anybody who may have them."""

    expired: int
    orphaned: int


async def swept(store: Store, catalogue: Catalogue, rules: Rules, *, at: datetime) -> Swept:
    """Sweep the whole store once, page by page."""
    expired, orphaned, after = await store.sweep(at), 0, 0
    while page := await store.holders(Page(PEOPLE_AT_ONCE, after)):
        for _, subject in page:
            orphaned += await _person(store, catalogue, rules, asked=(subject, at))
        after = page[-1][0]
    return Swept(expired, orphaned)


async def _person(store: Store, catalogue: Catalogue, rules: Rules, *, asked: tuple[str, datetime]) -> int:
    """Discard what nobody may have of one person; whoever changes her state meanwhile is left to the next sweep."""
    subject, at = asked
    snapshot = await store.snapshot(subject, Parties())
    held = await store.held(subject)
    known = [catalogue.attributes[one.key] for one in held if one.key in catalogue.attributes]
    keys = tuple(one.key for one in known if _is_orphaned(one, snapshot, catalogue, asked=(rules, at)))
    if keys:
        with suppress(RevisionConflict):
            await store.discard(subject, keys, base=snapshot.own.revision)
            return len(keys)
    return 0


def _is_orphaned(
    attribute: Attribute, snapshot: Snapshot, catalogue: Catalogue, *, asked: tuple[Rules, datetime]
) -> bool:
    """Tell whether no cell of the register would release a value, and consent that ended is why (Art. 17(1)(b))."""
    records = {record.id: record for record in snapshot.own.records}
    ended = False
    for request in _requests(attribute, catalogue, rules=asked[0], at=asked[1]):
        decision = decide(request, snapshot, catalogue, (attribute.key,))[0]
        if all(answer.ceiling for answer in decision.gates if answer.gate in LASTING):
            return False
        ended = ended or _ended(decision, records, asked[1])
    return ended


def _requests(attribute: Attribute, catalogue: Catalogue, *, rules: Rules, at: datetime) -> Iterable[Request]:
    """Yield a request for every recipient, purpose and channel that the register opens to an attribute."""
    trees = catalogue.trees
    rows = [
        row
        for found in catalogue.register.values()
        for row in found
        if row.operation is not Operation.COLLECT and trees.categories.within(attribute.category, row.category)
    ]
    cells = {
        (row.recipient, purpose)
        for row in rows
        for purpose in attribute.purposes
        if trees.purposes.within(purpose, row.purpose)
    }
    for recipient, purpose in sorted(cells):
        for channel in sorted(attribute.channels):
            yield Request(
                recipient=recipient,
                purpose=purpose,
                channel=channel,
                at=at,
                audience=Audience.PARTNER,
                controller_region=rules.controller_region,
                unknown_age=rules.unknown_age,
            )


def _ended(decision: Decision, records: dict[str, Record], at: datetime) -> bool:
    """Tell whether a record that ended consent stands behind a gate that lets nothing through."""
    looked_at = [
        records[one]
        for answer in decision.gates
        if answer.gate in (Gate.CONSENT, Gate.LINEAGE) and answer.ceiling is Fidelity.NONE
        for one in answer.evidence
        if one in records
    ]
    return any(one.kind in ENDING or _is_over(one, at) for one in looked_at)


def _is_over(record: Record, at: datetime) -> bool:
    return record.is_yes and record.valid_until is not None and record.valid_until <= at
