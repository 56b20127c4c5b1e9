"""The store over one SQLite file: each promise of the port as one call into a lane."""

import secrets
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from copy import copy
from datetime import datetime
from functools import partial
from pathlib import Path

from graph.archive import Entry, MovableStore
from graph.catalogue import Catalogue
from graph.decision.snapshot import Snapshot
from graph.feed import Moved, PartyName
from graph.group import Aboard, GroupCommit, Patience
from graph.idempotency import CATALOGUE, whose
from graph.instants import micros
from graph.ledger import Disclosure, LedgerState, Rest, at_once
from graph.reach import NOWHERE_ELSE, Population, Reach
from graph.records import Device, Scope, Subject, Value
from graph.sqlite_store import catalogue, changes, commands, consent, disclosures, feed, records, subjects, values
from graph.sqlite_store.connection import UNAVAILABLE
from graph.sqlite_store.dumping import dump
from graph.sqlite_store.lanes import COMMIT_SECONDS, LONG_READ_SECONDS, WRITE_SECONDS, Lanes
from graph.sqlite_store.population import population
from graph.sqlite_store.restoring import restore
from graph.sqlite_store.seen import LanesAfter
from graph.sqlite_store.values import Deposit
from graph.sqlite_store.values import put as put_values
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
    StoredRecord,
    ValuesAt,
)
from graph.terms import PartyKind


async def open_store(path: str | Path, *, random: Callable[[int], bytes] = secrets.token_bytes) -> MovableStore:
    """Open the store in a file, made if it is not there; several processes may open the same.

    Raises `StoreUnavailable`, `StoreTooNew`, and `StoreError` where the file or its disk can hold no store.
    """
    lanes = Lanes(Path(path))
    await lanes.prepare()
    return SqliteStore(lanes, random)


class SqliteStore:
    """Everything the gateway keeps, in one file."""

    def __init__(self, lanes: Lanes, random: Callable[[int], bytes]) -> None:
        self._lanes: Lanes | LanesAfter = lanes
        self._apart = lanes  # what moves a whole store waits for nothing seen of it
        self._random = random
        self.ledger_queue = GroupCommit(self._enter, Patience(WRITE_SECONDS, COMMIT_SECONDS), UNAVAILABLE)

    async def snapshot(self, subject: str, parties: Parties) -> Snapshot:
        """Read the states of up to three parties in one statement."""
        return await self._lanes.read(partial(consent.snapshot, subject=subject, parties=parties))

    async def recent(self, subject: str, parties: Parties) -> Snapshot:
        """Read a snapshot: nothing is kept here."""
        return await self.snapshot(subject, parties)

    async def moved(self, after: str | None) -> Moved:
        """Tell whose revision grew since a cursor."""
        return await self._lanes.read(partial(feed.moved, after=after))

    async def stale(self, known: tuple[tuple[PartyKind, str, int], ...]) -> tuple[PartyName, ...]:
        """Tell which parties are not at the revision they are known at."""
        return await self._lanes.read(partial(feed.stale, known=known))

    async def open_subject(self, subject: Subject, device: Device | None, at: datetime) -> None:
        """Make a subject and link her first device; when nothing changes, only read."""
        if not await self._lanes.read(partial(subjects.is_open, subject=subject, device=device)):
            await self._lanes.write(partial(subjects.open_subject, subject=subject, device=device, at=at))

    async def append(self, change: Change) -> Appended:
        """Apply a change durably, once for each key."""
        return await self._lanes.write(partial(changes.append, change=change))

    async def answered(
        self, subject: str, command: Command, at: datetime, *, kind: PartyKind = PartyKind.SUBJECT
    ) -> Appended | None:
        """Return what a key was answered in the last 24 h."""
        party = whose(kind, subject)
        return await self._lanes.read(partial(commands.answered, party=party, command=command, at=micros(at)))

    async def records(self, subject: str, page: Page, as_of: AsOf) -> tuple[StoredRecord, ...]:
        """List a subject's records, oldest first."""
        return await self._lanes.read(partial(records.listed, subject=subject, page=page, as_of=as_of))

    async def count_records(self, subject: str, as_of: AsOf) -> int:
        """Count what `records` would list."""
        return await self._lanes.read(partial(records.counted, subject=subject, as_of=as_of))

    async def history(self, subject: str, parties: Parties) -> Snapshot:
        """Read the snapshot with every record ever made."""
        return await self._lanes.read(partial(consent.history, subject=subject, parties=parties))

    async def devices(self, subject: str) -> tuple[Device, ...]:
        """List a subject's devices."""
        return await self._lanes.read(partial(consent.devices, subject=subject))

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        """Read values and prove what is known, in one statement; the newer states follow."""
        return await self._lanes.read(partial(values.read, known=known, keys=keys, at=at))

    async def put(
        self, subject: str, values: tuple[Value, ...], command: Command, at: datetime, *, base: int | None = None
    ) -> Appended:
        """Store values durably, once for each key."""
        return await self._lanes.write(partial(put_values, deposit=Deposit(subject, values, command, at, base)))

    async def held(self, subject: str) -> tuple[Value, ...]:
        """List what is held about a subject."""
        return await self._lanes.read(partial(values.held, subject=subject))

    async def holders(self, page: Page) -> tuple[tuple[int, str], ...]:
        """List the subjects about whom a value is held."""
        return await self._lanes.read(partial(values.holders, page=page))

    async def discard(self, subject: str, keys: tuple[str, ...], *, base: int | None = None) -> None:
        """Delete values for good."""
        await self._lanes.write(partial(values.discard, subject=subject, keys=keys, base=base))

    async def sweep(self, at: datetime) -> int:
        """Delete every value past its end."""
        return await self._lanes.write(partial(values.sweep, at=at))

    async def disclose(self, entries: tuple[Disclosure, ...]) -> None:
        """Append entries to the chain, durably, together with whatever else is queued."""
        await self.ledger_queue.disclose(entries)

    async def _enter(self, aboard: Aboard, seconds: float) -> None:
        await self._lanes.write(partial(disclosures.enter, aboard=aboard), seconds)

    async def disclosures(self, query: DisclosureQuery, page: Page) -> tuple[tuple[int, Disclosure], ...]:
        """List disclosures, oldest first."""
        return await self._lanes.read(partial(disclosures.listed, query=query, page=page))

    async def count_disclosures(self, query: DisclosureQuery) -> int:
        """Count what `disclosures` would list."""
        return await self._lanes.read(partial(disclosures.counted, query=query), LONG_READ_SECONDS)

    async def ledger(self, start: int = 0, rest: Rest = at_once) -> LedgerState:
        """Check the chain after a position, stretch by stretch."""
        state = await self._lanes.read(partial(disclosures.start_at, position=start))
        last = state.first_broken is not None
        while not last:
            await rest()
            state, last = await self._lanes.read(partial(disclosures.checked, state=state))
        return state

    async def additions(self) -> Additions:
        """Read everything added so far."""
        return await self._lanes.read(catalogue.additions)

    async def add(self, additions: Additions, command: Command, at: datetime) -> Appended:
        """Add to the catalogue durably, once for each key."""
        return await self._lanes.write(partial(catalogue.add, more=additions, command=command, at=at))

    async def added(self, command: Command, at: datetime) -> Appended | None:
        """Return what a key of `add` was answered in the last 24 h."""
        return await self._lanes.read(partial(commands.answered, party=CATALOGUE, command=command, at=micros(at)))

    async def mirror(self, served: Catalogue) -> None:
        """Keep which catalogue is served; the rest of it stays in memory."""
        if not await self._lanes.read(partial(catalogue.is_served, version=served.version)):
            await self._lanes.write(partial(catalogue.serve, version=served.version))

    async def secret(self, name: str) -> bytes:
        """Return 32 random bytes by name, made when first asked for."""
        known = await self._lanes.read(partial(catalogue.known_random, name=name))
        if known is not None:
            return known
        return await self._lanes.write(partial(catalogue.made_random, name=name, random=self._random))

    async def population(self, scope: Scope, at: datetime, reach: Reach = NOWHERE_ELSE) -> Population:
        """Count whom and what a scope touches."""
        return await self._lanes.read(partial(population, scope=scope, at=at, reach=reach), LONG_READ_SECONDS)

    def after(self, seen: Seen) -> "SqliteStore":
        """Return the same store, whose calls find at least what was seen."""
        view = copy(self)  # the ledger's queue is the same one: what is disclosed looks at nothing seen
        view._lanes = LanesAfter(self._lanes, seen)
        return view

    def dump(self, at: datetime) -> AsyncGenerator[Entry, None]:
        """Tell everything kept, as of one instant."""
        return dump(self._apart, at)

    async def restore(self, entries: AsyncIterable[Entry]) -> None:
        """Take in what another store told, whole or not at all."""
        await restore(self._apart, entries)

    async def ready(self) -> None:
        """Prove with a real write that the store can be read and written."""
        await self._lanes.write(lambda _: None)

    async def aclose(self) -> None:
        """Let the last flight of the ledger land, then close every connection."""
        await self.ledger_queue.settled()
        await self._lanes.aclose()
