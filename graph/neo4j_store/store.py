"""The store over one Neo4j server or cluster: each promise of the port as one call through the link."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from copy import copy
from datetime import datetime
from functools import partial
from typing import Final

from graph.archive import Entry
from graph.catalogue import Catalogue
from graph.decision.snapshot import Snapshot
from graph.errors import StoreUnavailable
from graph.feed import Moved, PartyName
from graph.group import Aboard, GroupCommit, Patience
from graph.idempotency import CATALOGUE
from graph.instants import micros
from graph.ledger import Disclosure, LedgerState, Rest, at_once
from graph.neo4j_store import (
    catalogue,
    changes,
    commands,
    consent,
    deposits,
    disclosures,
    feed,
    records,
    shared_secrets,
    subjects,
    values,
)
from graph.neo4j_store.background import Background
from graph.neo4j_store.connection import COMMIT_SECONDS, PROMISED_SECONDS, WRITE_SECONDS, Attempt, Link, Server
from graph.neo4j_store.deposits import Deposit
from graph.neo4j_store.dumping import dump
from graph.neo4j_store.entries import Flight
from graph.neo4j_store.faults import UNAVAILABLE, LoginRefused
from graph.neo4j_store.fitness import refuse_older, unfit
from graph.neo4j_store.migrations import SCHEMA_SECONDS, migrate, refuse_unmigrated
from graph.neo4j_store.mirror import is_mirrored
from graph.neo4j_store.names import party_of
from graph.neo4j_store.population import population
from graph.neo4j_store.restoring import refuse_half_done, restore
from graph.neo4j_store.rolling_up import roll_up
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
    StoredRecord,
    ValuesAt,
)
from graph.terms import PartyKind

LOOK_SECONDS: Final = 0.5  # between looks at a server that is not there yet

PROBE: Final = """// a write that says nothing: WRITE
MERGE (store:Store {id: 'ready'})
SET store.lock = $lock"""


async def open_store(
    server: Server,
    *,
    patience: float = 0.0,
    half_done: bool = False,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> "Neo4jStore":
    """Open the store on a server, its schema brought up to date; several processes may open the same.

    Waits `patience` seconds for a server that is not there yet; a store that was not taken in to the end is opened only
    if it may be `half_done`, for another to be taken in. Raises `StoreUnavailable`, `StoreTooNew`, and
    `StoreError` for a server or a store this program cannot keep.
    """
    link = Link(server)
    try:
        told = await _ready(link, asyncio.get_running_loop().time() + patience, half_done=half_done)
        return Neo4jStore(link, random, told)
    except BaseException:
        await link.aclose()
        raise


async def inspect_store(server: Server) -> tuple[str, ...]:
    """Look at the store on a server and change nothing; returns which of its settings should be otherwise.

    Raises as `open_store` would, and for one that is older.
    """
    link = Link(server)
    try:
        refuse_older(await link.agent())
        await refuse_unmigrated(link)
        await refuse_half_done(link)
        return await unfit(link)
    finally:
        await link.aclose()


async def _ready(link: Link, until: float, *, half_done: bool) -> tuple[str, ...]:
    """Return when the store can be used; a server that has just begun to answer may fall silent once more."""
    while True:
        try:
            return await _prepared(link, half_done=half_done)
        except LoginRefused:
            raise
        except StoreUnavailable:
            if asyncio.get_running_loop().time() >= until:
                raise
            await asyncio.sleep(LOOK_SECONDS)


async def _prepared(link: Link, *, half_done: bool) -> tuple[str, ...]:
    """Bring a store that lets itself be written up to date; returns which server settings should be otherwise."""
    refuse_older(await link.agent())
    await migrate(link)
    await link.write(_probe)
    if not half_done:
        await refuse_half_done(link)
    return await unfit(link)


class Neo4jStore:
    """Everything the gateway keeps, in one graph."""

    def __init__(self, link: Link, random: Callable[[int], bytes], unfit: tuple[str, ...] = ()) -> None:
        """Begin on a link whose schema is up to date; `unfit` names settings of the server that should be otherwise."""
        self.unfit = unfit
        self._link = link
        self._random = random
        self.ledger_queue = GroupCommit(self._enter, Patience(PROMISED_SECONDS, COMMIT_SECONDS), UNAVAILABLE)
        self.rolling_up = Background(partial(roll_up, link))

    async def snapshot(self, subject: str, parties: Parties) -> Snapshot:
        """Read the states of up to three parties in one trip."""
        return await consent.snapshot(self._link, subject, parties)

    async def recent(self, subject: str, parties: Parties) -> Snapshot:
        """Read a snapshot: nothing is kept here."""
        return await self.snapshot(subject, parties)

    async def moved(self, after: str | None) -> Moved:
        """Tell whose revision grew since a cursor."""
        return await feed.moved(self._link, after)

    async def stale(self, known: tuple[tuple[PartyKind, str, int], ...]) -> tuple[PartyName, ...]:
        """Tell which parties are not at the revision they are known at."""
        return await feed.stale(self._link, known)

    async def open_subject(self, subject: Subject, device: Device | None, at: datetime) -> None:
        """Make a subject and link her first device; when nothing changes, only read."""
        if not await subjects.is_open(self._link, subject, device):
            await self._link.write(partial(subjects.open_subject, subject=subject, device=device, at=at))

    async def append(self, change: Change) -> Appended:
        """Apply a change durably, once for each key."""
        return await self._link.write(partial(changes.append, change=change))

    async def answered(
        self, subject: str, command: Command, at: datetime, *, kind: PartyKind = PartyKind.SUBJECT
    ) -> Appended | None:
        """Return what a key was answered in the last 24 h."""
        return await commands.answered(self._link, party_of(kind, subject), command, micros(at))

    async def records(self, subject: str, page: Page, as_of: AsOf) -> tuple[StoredRecord, ...]:
        """List a subject's records, oldest first."""
        return await records.listed(self._link, subject, page, as_of)

    async def count_records(self, subject: str, as_of: AsOf) -> int:
        """Count what `records` would list."""
        return await records.counted(self._link, subject, as_of)

    async def history(self, subject: str, parties: Parties) -> Snapshot:
        """Read the snapshot with every record ever made."""
        return await consent.history(self._link, subject, parties)

    async def devices(self, subject: str) -> tuple[Device, ...]:
        """List a subject's devices."""
        return await consent.devices(self._link, subject)

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        """Read values, then prove what is known, in one trip."""
        return await values.read(self._link, known, keys, at)

    async def put(
        self, subject: str, values: tuple[Value, ...], command: Command, at: datetime, *, base: int | None = None
    ) -> Appended:
        """Store values durably, once for each key."""
        return await self._link.write(partial(deposits.put, deposit=Deposit(subject, values, command, at, base)))

    async def held(self, subject: str) -> tuple[Value, ...]:
        """List what is held about a subject."""
        return await values.held(self._link, subject)

    async def holders(self, page: Page) -> tuple[tuple[int, str], ...]:
        """List the subjects about whom a value is held."""
        return await values.holders(self._link, page)

    async def discard(self, subject: str, keys: tuple[str, ...], *, base: int | None = None) -> None:
        """Delete values for good."""
        await self._link.write(partial(deposits.discard, subject=subject, keys=keys, base=base))

    async def sweep(self, at: datetime) -> int:
        """Delete every value past its end."""
        return await deposits.sweep(self._link, at)

    async def disclose(self, entries: tuple[Disclosure, ...]) -> None:
        """Append entries to the chain, durably, together with whatever else is queued."""
        await self.ledger_queue.disclose(entries)

    async def disclosures(self, query: DisclosureQuery, page: Page) -> tuple[tuple[int, Disclosure], ...]:
        """List disclosures, oldest first."""
        return await disclosures.listed(self._link, query, page)

    async def count_disclosures(self, query: DisclosureQuery) -> int:
        """Count what `disclosures` would list."""
        return await disclosures.counted(self._link, query)

    async def ledger(self, start: int = 0, rest: Rest = at_once) -> LedgerState:
        """Check the chain after a position, stretch by stretch."""
        return await disclosures.checked(self._link, start, rest)

    async def additions(self) -> Additions:
        """Read everything added so far."""
        return await catalogue.additions(self._link)

    async def add(self, additions: Additions, command: Command, at: datetime) -> Appended:
        """Add to the catalogue durably, once for each key."""
        return await self._link.write(partial(catalogue.add, more=additions, command=command, at=at))

    async def added(self, command: Command, at: datetime) -> Appended | None:
        """Return what a key of `add` was answered in the last 24 h."""
        return await commands.answered(self._link, CATALOGUE, command, micros(at))

    async def mirror(self, served: Catalogue) -> None:
        """Mirror the catalogue a gateway begins to serve into the graph."""
        if not await is_mirrored(self._link, served):
            await self._link.write(partial(catalogue.serve, catalogue=served), SCHEMA_SECONDS)
        self.rolling_up.cause()  # who served before may have left some

    async def secret(self, name: str) -> bytes:
        """Return 32 random bytes by name, made when first asked for."""
        return await shared_secrets.secret(self._link, name, self._random)

    async def population(self, scope: Scope, at: datetime, reach: Reach = NOWHERE_ELSE) -> Population:
        """Count whom and what a scope touches."""
        return await population(self._link, scope, at, reach)

    def after(self, seen: Seen) -> "Neo4jStore":
        """Return the same store, whose calls find at least what was seen."""
        view = copy(self)  # the ledger's queue is the same one: what is disclosed looks at nothing seen
        view._link = self._link.after(seen)
        return view

    def dump(self, at: datetime) -> AsyncGenerator[Entry, None]:
        """Tell everything kept; raises `StoreUnavailable` at its end if anything was written meanwhile."""
        return dump(self._link, at)

    async def restore(self, entries: AsyncIterable[Entry]) -> None:
        """Take in what another store told, whole or not at all."""
        await restore(self._link, entries)

    async def ready(self) -> None:
        """Prove with a real write that the store can be read and written."""
        await self._link.write(_probe)

    async def aclose(self) -> None:
        """Let the last flight of the ledger land, then close every connection."""
        await self.ledger_queue.settled()
        await self.rolling_up.aclose()
        await self._link.aclose()

    async def _enter(self, aboard: Aboard, seconds: float) -> None:
        flight = Flight(secrets.token_hex(8), aboard)
        await self._link.write(flight.enter, min(seconds, WRITE_SECONDS), within=seconds)  # nor stands in line longer
        self.rolling_up.cause()


async def _probe(attempt: Attempt) -> None:
    await attempt.run(PROBE, {"lock": attempt.lock})
