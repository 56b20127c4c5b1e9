"""A store with its calls timed and traced; every promise is that of the store inside."""

from datetime import datetime

from gateway.telemetry import Telemetry
from graph.catalogue import Catalogue
from graph.decision.snapshot import Snapshot
from graph.feed import Moved, PartyName
from graph.ledger import Disclosure, LedgerState, Rest, at_once
from graph.reach import NOWHERE_ELSE, Population, Reach
from graph.records import Device, Scope, Subject, Value
from graph.store import (
    Additions,
    Appended,
    AsOf,
    Change,
    Command,
    DisclosureQuery,
    Page,
    Parties,
    Seen,
    Store,
    StoredRecord,
    ValuesAt,
)
from graph.terms import PartyKind


class TracedStore:
    """Pass each call of the port on, timed under its method's name; what is asked and answered is not looked at."""

    def __init__(self, store: Store, telemetry: Telemetry) -> None:
        self._store, self._telemetry, self._call = store, telemetry, telemetry.call

    async def snapshot(self, subject: str, parties: Parties) -> Snapshot:
        """Read the states of up to three parties in one read; an unknown subject has standing UNKNOWN."""
        return await self._call("snapshot", self._store.snapshot(subject, parties))

    async def recent(self, subject: str, parties: Parties) -> Snapshot:
        """Read as `snapshot` does, or give what was read a moment ago: for who proves it with `values`, nobody else."""
        return await self._call("recent", self._store.recent(subject, parties))

    async def moved(self, after: str | None) -> Moved:
        """Tell whose revision grew since a cursor."""
        return await self._call("moved", self._store.moved(after))

    async def stale(self, known: tuple[tuple[PartyKind, str, int], ...]) -> tuple[PartyName, ...]:
        """Tell which parties are not at the revision they are known at."""
        return await self._call("stale", self._store.stale(known))

    async def open_subject(self, subject: Subject, device: Device | None, at: datetime) -> None:
        """Make a subject, and link the device she first signed in on, unless they are there; keeps the revision."""
        await self._call("open_subject", self._store.open_subject(subject, device, at))

    async def append(self, change: Change) -> Appended:
        """Apply a change durably, once for each key."""
        return await self._call("append", self._store.append(change))

    async def answered(
        self, subject: str, command: Command, at: datetime, *, kind: PartyKind = PartyKind.SUBJECT
    ) -> Appended | None:
        """Return what a key was answered in the last 24 h, or `None`; raises `KeyReused` for another input."""
        return await self._call("answered", self._store.answered(subject, command, at, kind=kind))

    async def records(self, subject: str, page: Page, as_of: AsOf) -> tuple[StoredRecord, ...]:
        """List a subject's records, ended ones too, oldest first."""
        return await self._call("records", self._store.records(subject, page, as_of))

    async def count_records(self, subject: str, as_of: AsOf) -> int:
        """Count what `records` would list over all pages."""
        return await self._call("count_records", self._store.count_records(subject, as_of))

    async def history(self, subject: str, parties: Parties) -> Snapshot:
        """Read the same as `snapshot` with every record ever made, ended ones too: for decisions in the past."""
        return await self._call("history", self._store.history(subject, parties))

    async def devices(self, subject: str) -> tuple[Device, ...]:
        """List a subject's devices, unlinked ones too, in the order they were first linked."""
        return await self._call("devices", self._store.devices(subject))

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        """Read a subject's values that have not expired at `at`, then prove what is known of her, in one trip."""
        return await self._call("values", self._store.values(known, keys, at))

    async def put(
        self, subject: str, values: tuple[Value, ...], command: Command, at: datetime, *, base: int | None = None
    ) -> Appended:
        """Store values durably, once for each key; raises `KeyReused`; keeps the revision."""
        return await self._call("put", self._store.put(subject, values, command, at, base=base))

    async def held(self, subject: str) -> tuple[Value, ...]:
        """List what is held about a subject, by key."""
        return await self._call("held", self._store.held(subject))

    async def holders(self, page: Page) -> tuple[tuple[int, str], ...]:
        """List the subjects about whom a value is held."""
        return await self._call("holders", self._store.holders(page))

    async def discard(self, subject: str, keys: tuple[str, ...], *, base: int | None = None) -> None:
        """Delete values for good."""
        await self._call("discard", self._store.discard(subject, keys, base=base))

    async def sweep(self, at: datetime) -> int:
        """Delete every value past its end; return how many."""
        return await self._call("sweep", self._store.sweep(at))

    async def disclose(self, entries: tuple[Disclosure, ...]) -> None:
        """Append entries to the chain; durable when it returns."""
        await self._call("disclose", self._store.disclose(entries))

    async def disclosures(self, query: DisclosureQuery, page: Page) -> tuple[tuple[int, Disclosure], ...]:
        """List disclosures with their positions, oldest first."""
        return await self._call("disclosures", self._store.disclosures(query, page))

    async def count_disclosures(self, query: DisclosureQuery) -> int:
        """Count what `disclosures` would list over all pages."""
        return await self._call("count_disclosures", self._store.count_disclosures(query))

    async def ledger(self, start: int = 0, rest: Rest = at_once) -> LedgerState:
        """Check the chain after a position; its rests are part of the time it takes."""
        return await self._call("ledger", self._store.ledger(start, rest))

    async def additions(self) -> Additions:
        """Read everything added so far."""
        return await self._call("additions", self._store.additions())

    async def add(self, additions: Additions, command: Command, at: datetime) -> Appended:
        """Add recipients, notices or documents durably, once for each key; its `revision` field is ignored."""
        return await self._call("add", self._store.add(additions, command, at))

    async def added(self, command: Command, at: datetime) -> Appended | None:
        """Return what a key of `add` was answered in the last 24 h, or `None`; raises `KeyReused` for another input."""
        return await self._call("added", self._store.added(command, at))

    async def mirror(self, served: Catalogue) -> None:
        """Take note of the catalogue a gateway begins to serve, once for each version."""
        await self._call("mirror", self._store.mirror(served))

    async def secret(self, name: str) -> bytes:
        """Return 32 random bytes by name, the same for every gateway of this store, made when first asked for."""
        return await self._call("secret", self._store.secret(name))

    async def population(self, scope: Scope, at: datetime, reach: Reach = NOWHERE_ELSE) -> Population:
        """Say how many subjects a scope touches by a yes in force, unless erased, or by a disclosure; names nobody."""
        return await self._call("population", self._store.population(scope, at, reach))

    def after(self, seen: Seen) -> "TracedStore":
        """Return the same store for somebody who was told of `seen`, its calls timed and traced too."""
        return TracedStore(self._store.after(seen), self._telemetry)

    async def ready(self) -> None:
        """Prove that the store can be read and written; raises `StoreUnavailable` if not."""
        await self._call("ready", self._store.ready())

    async def aclose(self) -> None:
        """Close what the store holds open."""
        await self._call("aclose", self._store.aclose())
