"""What a person sees of what she said and of what was given out: her consents, and disclosures rolled up."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from graph.decision.consent import flaw
from graph.decision.situation import Hearing, Situation
from graph.decision.snapshot import UNCOUNTED, Entry, effective_scope, entries
from graph.ledger import Disclosure
from graph.records import ALL_OPERATIONS, Record, Scope, at_least_as_narrow
from graph.store import AsOf, DisclosureQuery, Page, StoredRecord
from graph.terms import Fidelity, Operation, PartyKind, Reason, RecordKind
from resolvers.context import Context
from resolvers.cursors import Listing, Paged
from resolvers.notices import NoticeShown, notice_of
from resolvers.reading import Point, Reading, read_own

READ_AT_ONCE = 500  # rows of the store in one read: some 5 ms, and a person rarely has more

EVER = AsOf()


class ConsentState(StrEnum):
    """How a consent record stands now."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    REFUSED = "REFUSED"
    OBJECTED = "OBJECTED"
    OUTDATED = "OUTDATED"


STATES_OF_NO = {
    RecordKind.REFUSED: ConsentState.REFUSED,
    RecordKind.WITHDRAWN: ConsentState.WITHDRAWN,
    RecordKind.REVOKED: ConsentState.WITHDRAWN,
    RecordKind.OBJECTED: ConsentState.OBJECTED,
    RecordKind.SIGNAL: ConsentState.OBJECTED,
}
STATES_OF_FLAW = {
    Reason.CONSENT_EXPIRED: ConsentState.EXPIRED,
    Reason.NOTICE_OUTDATED: ConsentState.OUTDATED,
}


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """One record as its person sees it; an absent dimension is all of it."""

    id: str
    purpose: str | None
    category: str | None
    recipient_name: str | None
    channel: str | None
    operations: tuple[Operation, ...] | None
    fidelity: Fidelity | None
    state: ConsentState
    given_at: datetime
    ends_at: datetime | None
    notice: NoticeShown


@dataclass(frozen=True, slots=True)
class DisclosureShown:
    """What one recipient received for one purpose, over all times it did."""

    id: str
    recipient_name: str
    purpose: str
    keys: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    count: int


async def consents(context: Context, listing: Listing, *, first: int | None, after: str | None) -> Paged[ConsentShown]:
    """List what a person said, oldest first, ended records too; a third party's app sees what names it."""
    page, reading = listing.page(first, after), await read_own(context)
    found: list[StoredRecord] = []
    async for stored in _records(reading, page.after):
        if _is_listed(stored.record, reading.context):
            found.append(stored)
        if len(found) > page.first:
            break
    states = _States(reading)
    return listing.paged(page, [(stored.position, states.shown(stored)) for stored in found])


async def _records(reading: Reading, after: int) -> AsyncIterator[StoredRecord]:
    subject, store = reading.snapshot.subject.id, reading.context.store
    while rows := await store.records(subject, Page(READ_AT_ONCE, after), EVER):
        for row in rows:
            yield row
        after = rows[-1].position


def _is_listed(record: Record, context: Context) -> bool:
    if record.kind in UNCOUNTED:
        return False
    return not context.third_party or record.scope.recipient == context.recipient.id


class _States:
    """Tells how records stand; remembers the law and the notices of each recipient and purpose once looked up."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._situations: dict[tuple[str, str], Situation] = {}
        self._nos = tuple(
            entry
            for entry in entries(reading.snapshot.own, reading.at)
            if entry.record.is_no and entry.record.kind is not RecordKind.SIGNAL
        )

    def shown(self, stored: StoredRecord) -> ConsentShown:
        """Return a record as its person sees it."""
        record, context = stored.record, self._reading.context
        recipient = context.catalogue.recipients.get(record.scope.recipient or "")
        operations = sorted(record.scope.operations, key=list(Operation).index)
        ending = self._ending(stored)
        return ConsentShown(
            id=record.id,
            purpose=record.scope.purpose,
            category=record.scope.category,
            recipient_name=(recipient.name if recipient else "") or record.scope.recipient or record.scope.group,
            channel=record.scope.channel,
            operations=None if record.scope.operations == ALL_OPERATIONS else tuple(operations),
            fidelity=record.cap if record.is_yes else None,
            state=self._state(stored, ending),
            given_at=record.recorded_at,
            ends_at=self._ends_at(stored, ending),
            notice=notice_of(record, context.catalogue, self._reading.at),
        )

    def _ending(self, stored: StoredRecord) -> Entry | None:
        """Return the first no on record that takes back a yes whole."""
        scope = effective_scope(stored.record, PartyKind.SUBJECT)
        if scope is None or not stored.record.is_yes:
            return None
        trees = self._reading.trees
        later = (no for no in self._nos if no.record.sequence > stored.record.sequence)
        return next((no for no in later if at_least_as_narrow(scope, no.scope, trees)), None)

    def _state(self, stored: StoredRecord, ending: Entry | None) -> ConsentState:
        if stored.record.is_no:
            return STATES_OF_NO[stored.record.kind]
        if ending is not None:
            return ConsentState.WITHDRAWN
        if stored.ended_at is not None:
            return ConsentState.EXPIRED  # a newer yes took its place
        return self._state_of_yes(stored.record)

    def _state_of_yes(self, record: Record) -> ConsentState:
        if record.valid_until is not None and record.valid_until <= self._reading.at:
            return ConsentState.EXPIRED
        flaws = (flaw(record, hearing, situation) for hearing, situation in self._heard(record.scope))
        found = (STATES_OF_FLAW[reason] for reason in flaws if reason in STATES_OF_FLAW)
        return next(found, ConsentState.ACTIVE)

    def _heard(self, scope: Scope) -> Iterable[tuple[Hearing, Situation]]:
        """Yield the cells a scope names, one for each operation; one that leaves something open names none."""
        if scope.purpose is not None and scope.category is not None and scope.recipient is not None:
            situation = self._situation(scope.recipient, scope.purpose)
            for operation in sorted(scope.operations, key=list(Operation).index):
                yield situation.hearing(scope.category, operation), situation

    def _situation(self, recipient: str, purpose: str) -> Situation:
        if (recipient, purpose) not in self._situations:
            point = Point(purpose, recipient, self._reading.context.caller.channel)
            self._situations[recipient, purpose] = self._reading.situation(point)
        return self._situations[recipient, purpose]

    def _ends_at(self, stored: StoredRecord, ending: Entry | None) -> datetime | None:
        """Return the first instant at which a record ended or will; a yes also ends at the law's maximum age."""
        ends = [stored.ended_at, ending.record.recorded_at if ending else None]
        if stored.record.is_yes:
            ages = (hearing.rule.max_age for hearing, _ in self._heard(stored.record.scope))
            ends += [stored.record.valid_until, *(stored.record.recorded_at + age for age in ages if age is not None)]
        return min((one for one in ends if one is not None), default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """Disclosures to one recipient for one purpose, at the position of the first."""

    position: int
    recipient: str
    shown: DisclosureShown


async def disclosures(
    context: Context, listing: Listing, *, first: int | None, after: str | None
) -> Paged[DisclosureShown]:
    """List who received what, rolled up by recipient and purpose; a third party's app sees what it received."""
    page = listing.page(first, after)
    lines = [line for line in await received(await read_own(context)) if line.position > page.after]
    return listing.paged(page, [(line.position, line.shown) for line in lines])


async def received(reading: Reading) -> tuple[Line, ...]:
    """Return every line of what this caller may know was given out, in the order in which they began."""
    context = reading.context
    query = DisclosureQuery(
        subject=context.pseudonyms.seal_subject(reading.snapshot.subject.id),
        recipient=context.recipient.id if context.third_party else None,
    )
    lines: dict[tuple[str, str], list[tuple[int, Disclosure]]] = {}
    after = 0
    while found := await context.store.disclosures(query, Page(READ_AT_ONCE, after)):
        for row in found:
            lines.setdefault((row[1].recipient, row[1].purpose), []).append(row)
        after = found[-1][0]
    return tuple(_line(rows, reading) for rows in lines.values())


def _line(rows: list[tuple[int, Disclosure]], reading: Reading) -> Line:
    position, first = rows[0]
    recipient = reading.context.catalogue.recipients.get(first.recipient)
    instants = [entry.at for _, entry in rows]
    shown = DisclosureShown(
        id=_digest(reading.snapshot.subject.id, first.recipient, first.purpose),
        recipient_name=(recipient.name if recipient else "") or first.recipient,
        purpose=first.purpose,
        keys=tuple(dict.fromkeys(key for _, entry in rows for key in entry.keys)),
        first_at=min(instants),
        last_at=max(instants),
        count=len(rows),
    )
    return Line(position, first.recipient, shown)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
