"""The storage port: what every store promises. Its meaning is `tests/conformance`.

Every method may raise `StoreUnavailable`, within 5 s (`mirror`, before serving: 20); none leaves anything half done.
Where a write was cut off in the very act of committing, the same call with the same key tells what became of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph.catalogue import Catalogue, NoticeVersion, Recipient
from graph.decision.snapshot import Snapshot
from graph.feed import Moved, PartyName
from graph.ledger import Disclosure, LedgerState, Rest, at_once
from graph.reach import NOWHERE_ELSE, Population, Reach
from graph.records import Device, Record, Scope, Subject, Value
from graph.terms import Level, Operation, PartyKind, Standing


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose states a decision reads beside the subject's: the device's profile, the household's."""

    device: str | None = None
    household: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing: at most `first` rows after the row whose position is `after`; positions start at 1."""

    first: int = 25
    after: int = 0


@dataclass(frozen=True, slots=True)
class AsOf:
    """A bitemporal question: what counted at `valid_at`, by what was known at `known_at`; absent, everything.

    Half-open: a record counts from its start until its end, and until the instant at which it left the snapshot. An
    end that came after `known_at` was not known: the record is listed without it.
    """

    valid_at: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """The idempotency of a call: its key, a digest of its input, and the answer to give again (kept 24 h)."""

    key: str
    fingerprint: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One command on one party's state, applied whole or not at all.

    `base` is the revision the change was computed from; another one now raises `RevisionConflict`. The records in
    `begins` carry the sequence `base + 1`. A change without effect (`effective` false) keeps the revision. A party
    that is not there yet has revision 0 and is made by its first change; parties of different kinds never meet, even
    under one id. `levels` and `devices` replace those they name and keep the others; `guardians` replaces all.
    """

    subject: str
    base: int
    at: datetime
    command: Command
    begins: tuple[Record, ...] = ()
    ends: tuple[str, ...] = ()
    lifts: tuple[str, ...] = ()
    levels: tuple[tuple[str, Level], ...] = ()
    devices: tuple[Device, ...] = ()
    standing: Standing | None = None
    guardians: tuple[str, ...] | None = None
    offer: str | None = None
    erases_values: bool = False
    kind: PartyKind = PartyKind.SUBJECT

    @property
    def effective(self) -> bool:
        """Tell whether this change makes a new revision."""
        return bool(
            self.begins or self.lifts or self.levels or self.devices or self.standing or self.guardians is not None
        )


@dataclass(frozen=True, slots=True)
class Appended:
    """What a change made: the party's revision after it, and the answer kept; `replayed` if it was there before."""

    revision: int
    answer: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record in a listing: its position, and when it left the snapshot, if it did."""

    position: int
    record: Record
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ValuesAt:
    """Values, and what the states were found to be after reading them: `snapshot` is `None` if none has moved."""

    values: Mapping[str, Value]
    snapshot: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class DisclosureQuery:
    """Which disclosures are asked for; every absent field matches all; instants are half-open."""

    subject: str | None = None
    recipient: str | None = None
    purpose: str | None = None
    key: str | None = None
    record: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """A document a recipient may run: its hash, body, purpose and operation, and the keys it asks for."""

    id: str
    recipient: str
    name: str
    body: str
    purpose: str
    operation: Operation
    keys: tuple[str, ...] = ()
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Additions:
    """What governance added to the pack at run time; `revision` grows with each addition."""

    revision: int = 0
    recipients: tuple[Recipient, ...] = ()
    notices: tuple[NoticeVersion, ...] = ()
    documents: tuple[RegisteredDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody was told is on record: parties by kind and id, each at a revision."""

    parties: tuple[tuple[PartyKind, str, int], ...] = ()


class ConsentStore(Protocol):
    """Consent states: who said what, and which of it is in force."""

    async def snapshot(self, subject: str, parties: Parties) -> Snapshot:
        """Read the states of up to three parties in one read; an unknown subject has standing UNKNOWN.

        Each party named is in the answer, at revision 0 if it is not there yet; so is the device named, unlinked if
        the subject never linked it. Whether it is attested is the token's to say, never the store's.
        """

    async def recent(self, subject: str, parties: Parties) -> Snapshot:
        """Read as `snapshot` does, or give what was read a moment ago: for who proves it with `values`, nobody else."""

    async def moved(self, after: str | None) -> Moved:
        """Tell a page of those whose revision grew since a cursor, in that order, none missed; `None` begins at now."""

    async def stale(self, known: tuple[tuple[PartyKind, str, int], ...]) -> tuple[PartyName, ...]:
        """Tell which of at most `MOST_KNOWN` parties are not at the revision they are known at."""

    async def open_subject(self, subject: Subject, device: Device | None, at: datetime) -> None:
        """Make a subject, and link the device she first signed in on, unless they are there; keeps the revision.

        A device once unlinked stays unlinked: only a change links it again. An age band or jurisdictions that the
        newest claims name otherwise replace those on record: a new revision, because decisions change with them; what
        the claims leave out stays. Nothing is added to an erased subject. Standing, levels and guardians of an
        existing subject are left alone.
        """

    async def append(self, change: Change) -> Appended:
        """Apply a change durably, once for each key.

        Raises `KeyReused`, `OfferUsed`, `RevisionConflict`: also for an instant before what is on record in this tree.
        """

    async def answered(
        self, subject: str, command: Command, at: datetime, *, kind: PartyKind = PartyKind.SUBJECT
    ) -> Appended | None:
        """Return what a key was answered in the last 24 h, or `None`; raises `KeyReused` for another input."""

    async def records(self, subject: str, page: Page, as_of: AsOf) -> tuple[StoredRecord, ...]:
        """List a subject's records, ended ones too, oldest first."""

    async def count_records(self, subject: str, as_of: AsOf) -> int:
        """Count what `records` would list over all pages."""

    async def history(self, subject: str, parties: Parties) -> Snapshot:
        """Read the same as `snapshot` with every record ever made, ended ones too: for decisions in the past."""

    async def devices(self, subject: str) -> tuple[Device, ...]:
        """List a subject's devices, unlinked ones too, in the order they were first linked."""

    async def holders(self, page: Page) -> tuple[tuple[int, str], ...]:
        """List the subjects about whom a value is held, with their positions: for the sweep, never for a caller."""


class ValueStore(Protocol):
    """Held values, sealed."""

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        """Read a subject's values that have not expired at `at`, and no later than the states that prove `known`.

        It holds where the parties and additions are at their revision (a first device has none); else newer ones come.
        """

    async def put(
        self, subject: str, values: tuple[Value, ...], command: Command, at: datetime, *, base: int | None = None
    ) -> Appended:
        """Store values durably, once for each key; raises `KeyReused`; keeps the revision.

        With `base`, her revision when that was decided: `RevisionConflict` if it moved on, and if she was erased.
        """

    async def held(self, subject: str) -> tuple[Value, ...]:
        """List what is held about a subject, by key."""

    async def discard(self, subject: str, keys: tuple[str, ...], *, base: int | None = None) -> None:
        """Delete values for good; with `base`, as for `put`."""

    async def sweep(self, at: datetime) -> int:
        """Delete every value past its end; return how many."""


class DisclosureStore(Protocol):
    """The ledger: what was given out, appended before it is sent, never changed."""

    async def disclose(self, entries: tuple[Disclosure, ...]) -> None:
        """Append entries to the chain; durable when it returns."""

    async def disclosures(self, query: DisclosureQuery, page: Page) -> tuple[tuple[int, Disclosure], ...]:
        """List disclosures with their positions, oldest first."""

    async def count_disclosures(self, query: DisclosureQuery) -> int:
        """Count what `disclosures` would list over all pages."""

    async def ledger(self, start: int = 0, rest: Rest = at_once) -> LedgerState:
        """Check the chain after a position, with a rest before each stretch; the state is that up to its end."""


class CatalogueStore(Protocol):
    """What governance adds to the catalogue at run time, and the secrets all gateways of one store share."""

    async def additions(self) -> Additions:
        """Read everything added so far."""

    async def add(self, additions: Additions, command: Command, at: datetime) -> Appended:
        """Add recipients, notices or documents durably, once for each key; its `revision` field is ignored.

        A recipient or document of the same id replaces the older one; a notice version never changes once it is
        there: another one under its number raises `RevisionConflict`. Answers the revision of the additions.
        """

    async def added(self, command: Command, at: datetime) -> Appended | None:
        """Return what a key of `add` was answered in the last 24 h, or `None`; raises `KeyReused` for another input."""

    async def mirror(self, served: Catalogue) -> None:
        """Take note of the catalogue a gateway begins to serve; `CatalogueTooOld` if a newer one was served before."""

    async def secret(self, name: str) -> bytes:
        """Return 32 random bytes by name, the same for every gateway of this store, made when first asked for."""

    async def population(self, scope: Scope, at: datetime, reach: Reach = NOWHERE_ELSE) -> Population:
        """Say how many subjects a scope touches by a yes in force, unless erased, or by a disclosure; names nobody."""

    async def ready(self) -> None:
        """Prove that the store can be read and written; raises `StoreUnavailable` if not."""

    async def aclose(self) -> None:
        """Close what the store holds open."""


class Store(ConsentStore, ValueStore, DisclosureStore, CatalogueStore, Protocol):
    """Everything the gateway keeps."""

    def after(self, seen: Seen) -> "Store":
        """Return this same store for somebody who was told of `seen`: nothing read through it is older than that.

        A call waits for a member of a cluster that is behind; where that takes too long, or the store lost what was
        seen, it raises `StoreUnavailable`. What an earlier `after` asked for still holds. Closing one closes both.
        INVARIANT: a store that wraps another wraps the other's `after`, so that what it kept is proven there.
        """
