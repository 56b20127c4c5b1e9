"""The floor of a sheet on Neo4j: the Cypher the gateway runs for it, through the bare driver; no consent is decided.

Run as `python -m bench.driver KIND STORE SUB FILE`: the store's URL, whose sheet it is, and the file of the gateway's
answers, one of which is said. The kind says what is run for a request: `both` reads or the `values`' alone, each with
`+ledger` or without; or, through the port of the `store`, all of it.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import neo4j
from neo4j import READ_ACCESS, WRITE_ACCESS
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.documents import SHEET
from bench.person import device_of
from bench.raw import body, said
from bench.world import subject
from gateway.serving import listening, run
from gateway.setting_forms import Address
from gateway.wiring import NOBODY, server_of
from graph.group import Aboard, GroupCommit, Patience
from graph.ledger import Disclosure, seal
from graph.neo4j_store import consent, entries, values
from graph.neo4j_store.connection import (
    COMMIT_SECONDS,
    PROMISED_SECONDS,
    READ_SECONDS,
    WRITE_SECONDS,
    Attempt,
    Link,
    Parameters,
    Row,
    Server,
    T,
    Work,
)
from graph.neo4j_store.store import Neo4jStore
from graph.store import DisclosureQuery, Page, Parties

BOTH: tuple[LiteralString, ...] = (consent.SNAPSHOT, values.READ)
PROVEN: tuple[LiteralString, ...] = (values.READ,)  # what a snapshot known before needs


@dataclass(slots=True)
class Noting(Attempt):
    """One try of a write that notes what it runs."""

    noted: dict[str, Parameters] = field(default_factory=dict)

    async def row(self, query: LiteralString, parameters: Parameters) -> Row:
        """Note and run a query that answers one row."""
        self.noted[query] = parameters
        return await Attempt.row(self, query, parameters)

    async def run(self, query: LiteralString, parameters: Parameters) -> None:
        """Note and run a query whose answer nobody needs."""
        self.noted[query] = parameters
        await Attempt.run(self, query, parameters)


class Bare(Link):
    """The store's driver and sessions: first as the store uses them, what it runs noted; then without it."""

    def __init__(self, server: Server) -> None:
        """Begin with nothing noted."""
        super().__init__(server)
        self.noted: dict[str, Parameters] = {}

    async def read(self, query: LiteralString, parameters: Parameters, seconds: float = READ_SECONDS) -> Row:
        """Note and run a read, as the store does."""
        self.noted[query] = parameters
        return await super().read(query, parameters, seconds)

    async def write(self, work: Work[T], seconds: float = WRITE_SECONDS, within: float = PROMISED_SECONDS) -> T:
        """Note and run a write, as the store does."""

        async def noting(attempt: Attempt) -> T:
            return await work(Noting(attempt.transaction, attempt.lock, attempt.uncertain, self.noted))

        return await super().write(noting, seconds, within)

    async def read_bare(self, query: LiteralString) -> list[Any]:
        """Run a noted read: a session, a query, its one row."""
        async with self._session(READ_ACCESS) as session:
            result = await session.run(neo4j.Query(query, timeout=READ_SECONDS), self.noted[query])
            return (await result.single(strict=True)).values()

    async def enter_bare(self, aboard: Aboard, _: float) -> None:
        """Append entries to the ledger as the store does: its end under its lock, then the entries, in one commit."""
        like = self.noted[entries.ENTER]["entries"][0]["entry"]
        async with (
            self._session(WRITE_ACCESS) as session,
            await session.begin_transaction(timeout=WRITE_SECONDS) as transaction,
        ):
            locked = await transaction.run(entries.LOCK, {"lock": secrets.token_hex(8)})
            length, head = json.loads((await locked.single(strict=True))["end"])
            rows = []
            for position, (_entry, text) in enumerate(aboard(), start=length + 1):
                head = seal(head, text)
                rows.append({"entry": {**like, "position": position, "text": text, "head": head}})
            end = json.dumps([length + len(rows), head])
            await (await transaction.run(entries.ENTER, {"entries": rows, "end": end})).consume()
            await transaction.commit()


@dataclass(frozen=True, slots=True)
class Asked:
    """A sheet as the store is asked for it: whose it is, and the entry of the ledger it leaves."""

    store: Neo4jStore
    sub: str
    entry: Disclosure

    async def once(self) -> None:
        """Ask the store what the gateway asks it for this sheet."""
        parties, key = Parties(device=device_of(self.sub)), subject(self.sub)
        known = await self.store.snapshot(key, parties)
        await self.store.values(known, self.entry.keys, self.entry.at)
        await self.store.disclose((self.entry,))


async def asked(store: Neo4jStore, sub: str) -> Asked:
    """Return the sheet that was given out last, which is this person's."""
    length = (await store.ledger()).length
    ((_, entry),) = await store.disclosures(DisclosureQuery(), Page(first=1, after=length - 1))
    return Asked(store, sub, entry)


def working(kind: str, link: Bare, sheet: Asked) -> Callable[[], Awaitable[None]]:
    """Return what is run for each request."""
    if kind == "store":
        return sheet.once
    ledger = GroupCommit(link.enter_bare, Patience(PROMISED_SECONDS, COMMIT_SECONDS), "the ledger did not answer")
    reads, _, entering = kind.partition("+")

    async def work() -> None:
        for query in BOTH if reads == "both" else PROVEN:
            await link.read_bare(query)
        if entering:
            await ledger.disclose((sheet.entry,))

    return work


@asynccontextmanager
async def opening(kind: str, url: str, sub: str, answer: Mapping[str, Any]) -> AsyncIterator[ASGIApp]:
    """Open the driver and yield the application: it reads the body, runs what is to be run, and writes the answer."""
    link = Bare(server_of(url, NOBODY))
    try:
        sheet = await asked(Neo4jStore(link, secrets.token_bytes), sub)
        await sheet.once()  # so that what it runs is noted
        work = working(kind, link, sheet)

        async def app(_: Scope, receive: Receive, send: Send) -> None:
            await body(receive)
            await work()
            await said(send, answer)

        yield app
    finally:
        await link.aclose()


def main(kind: str, url: str, sub: str, file: str) -> None:
    """Serve until SIGTERM; announces itself as the gateway does."""
    answer = {"data": json.loads(Path(file).read_text())[SHEET]}
    with listening(Address("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]

        async def ready() -> None:
            await asyncio.to_thread(print, json.dumps({"graphql": f"http://127.0.0.1:{port}/graphql"}), flush=True)

        run(opening(kind, url, sub, answer), bound, ready)


if __name__ == "__main__":
    main(*sys.argv[1:])
