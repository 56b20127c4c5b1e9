"""A gateway whose store breaks the protocol on purpose: what the checker has to find is made here, and nowhere else.

`python -m tests.history.unsafe VARIANT` serves as `consent-gateway serve` does, with the same settings. What would
take a hundred thousand reads to happen is made likely by a pause between two steps that have no business apart.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any

from gateway import logs
from gateway import settings as configuration
from gateway.app import application
from gateway.rooms import Gateway
from gateway.serving import listening, run
from gateway.settings import Settings
from gateway.wiring import gateway
from graph.decision.snapshot import Snapshot
from graph.errors import RevisionConflict
from graph.store import Appended, Change, Parties, Seen, Store, ValuesAt

LOG = logging.getLogger("gateway")
PAUSE_SECONDS = 0.2  # long enough for somebody to take a yes back and write a value meanwhile
LIFETIME_SECONDS = 1.0


class _Around:
    """Passes on what a variant does not change."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def after(self, seen: Seen) -> Any:
        """Return this same one round what has seen so much: a token does not make it any safer."""
        other = object.__new__(type(self))
        other.__dict__ |= self.__dict__ | {"_store": self._store.after(seen)}
        return other


class RevisionFirst(_Around):
    """Proves the state, then reads the values: a value of a later state comes with the proof of an earlier one."""

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        proof = await self._store.values(known, (), at)
        await asyncio.sleep(PAUSE_SECONDS)
        found = await self._store.values(known, keys, at)
        return ValuesAt(found.values, proof.snapshot)


class Unproven(_Around):
    """Keeps snapshots for a while, and takes them for proven."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._kept: dict[tuple[str, Parties], tuple[float, Snapshot]] = {}

    async def snapshot(self, subject: str, parties: Parties) -> Snapshot:
        since, found = self._kept.get((subject, parties), (0.0, None))
        if found is None or monotonic() - since > LIFETIME_SECONDS:
            found = await self._store.snapshot(subject, parties)
            self._kept[subject, parties] = monotonic(), found
        return found

    async def recent(self, subject: str, parties: Parties) -> Snapshot:
        return await self.snapshot(subject, parties)

    async def values(self, known: Snapshot, keys: tuple[str, ...], at: datetime) -> ValuesAt:
        return ValuesAt((await self._store.values(known, keys, at)).values)


class Unlocked(_Around):
    """Reads, then writes what was computed on that, with no lock and no comparison: what came between is overruled."""

    async def append(self, change: Change) -> Appended:
        await asyncio.sleep(PAUSE_SECONDS)
        while True:
            try:
                return await self._store.append(change)
            except RevisionConflict:
                own = (await self._store.snapshot(change.subject, Parties())).own
                change = replace(change, base=own.revision, at=max(change.at, own.latest or change.at))


VARIANTS: dict[str, Callable[[Store], Any]] = {
    "revision-first": RevisionFirst,
    "ttl-cache": Unproven,
    "no-lock": Unlocked,
}


@asynccontextmanager
async def opening(settings: Settings, variant: str) -> AsyncIterator[Gateway]:
    """Open a gateway on the store as a variant makes it."""
    async with gateway(settings) as safe:
        yield Gateway(replace(safe.parts, store=VARIANTS[variant](safe.parts.store)))


def main(variant: str) -> None:
    """Serve until SIGTERM."""
    logs.configure()
    settings = configuration.read(os.environ)
    with listening(settings.bind) as bound:
        host, port, *_ = bound.getsockname()

        async def ready() -> None:
            LOG.info("serving", extra={"host": host, "port": port})

        run(application(opening(settings, variant)), bound, ready)


if __name__ == "__main__":
    main(sys.argv[1])
