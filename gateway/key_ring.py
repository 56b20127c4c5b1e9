"""The issuer's public keys, kept fresh: read from a file or a URL, rotated, bounded in every way; no tokens."""

import asyncio
import hashlib
import http.client
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.parse import unquote, urlsplit

import anyio
import anyio.to_thread

from gateway.key_fetch import FETCH_SECONDS, fetched, read
from gateway.keys import KeyRefused, KeySet, public_keys

PATIENCE_SECONDS = 0.25  # of whoever looks again while good keys are here: an issuer answers in a tenth, or hangs
KEEP_SECONDS = 3600.0  # an issuer may be away for an hour; after that nobody knows what it has taken back
RETRY_SECONDS = 2.0  # between two tries of an issuer that is away
STRANGERS_AT_ONCE = 5  # reads for unknown keys in a row: keys that were rotated now count now, not ten seconds later


class KeysUnavailable(Exception):
    """No key of the issuer is known, or none that is recent enough: nobody can be told from anybody."""


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where keys come from, and how often to look: each `every` seconds, for unknown keys once in `rest` on average."""

    read: Callable[[], bytes]
    every: float
    rest: float


def key_source(address: str, seconds: float = FETCH_SECONDS) -> KeySource:
    """Return the source an address names: a path, `file://`, `http://` or `https://`, to be read in so many seconds.

    A file is read four times a second at most, a URL is fetched every five minutes. For unknown keys a URL is fetched
    at once, five times in fifty seconds at most: forged key ids do not become requests to the issuer.
    """
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return KeySource(lambda: fetched(address, seconds), every=300.0, rest=10.0)
    path = Path(unquote(parts.path) if parts.scheme == "file" else address)
    return KeySource(lambda: read(path, seconds), every=0.25, rest=0.25)


class KeyRing:
    """Holds the last good keys; one refresh at a time, of which nobody is the owner: who leaves ends it for nobody.

    While keys are looked after nobody waits for an issuer that hangs: who begins a refresh waits a moment for it, and
    others use what is here. After a quiet time all wait for one look: a key that was taken back in it is gone.
    """

    def __init__(self, source: KeySource, clock: Callable[[], float] = monotonic) -> None:
        self._source, self._clock = source, clock
        self._keys: KeySet | None = None
        self._good_at = self._tried_at = float("-inf")
        self._failed = self._quiet = False
        self._strangers: deque[float] = deque(maxlen=STRANGERS_AT_ONCE)
        self._refreshing: asyncio.Task[None] | None = None

    async def keys(self) -> KeySet:
        """Return the keys, refreshed if it is time; raises `KeysUnavailable`."""
        await self._looked_after(self._tried_at + self._source.every, waits=self._usable() is None)
        return self._known()

    async def keys_for_stranger(self) -> KeySet:
        """Return the keys after a token named one that is not here: refreshed, unless that was done too often."""
        window = STRANGERS_AT_ONCE * self._source.rest
        full = len(self._strangers) == STRANGERS_AT_ONCE
        if await self._looked_after(self._strangers[0] + window if full else self._clock(), waits=True):
            self._strangers.append(self._tried_at)
        return self._known()

    async def _looked_after(self, due: float, *, waits: bool) -> bool:
        """Refresh if that is due, and tell whether; one under way is waited for to its end by those who need it."""
        begins = self._refreshing is None and self._clock() >= (self._tried_at + RETRY_SECONDS if self._failed else due)
        if begins:
            self._quiet = not self._failed and self._clock() - self._tried_at >= 2 * self._source.every
            self._tried_at, self._failed = self._clock(), True
            self._refreshing = asyncio.create_task(self._refresh())
        to_the_end = waits or self._quiet
        if self._refreshing is not None and (begins or to_the_end):
            with anyio.move_on_after(math.inf if to_the_end else PATIENCE_SECONDS):
                await asyncio.shield(self._refreshing)
        return begins

    def _known(self) -> KeySet:
        found = self._usable()
        if found is None:
            raise KeysUnavailable("the issuer's keys cannot be read; see that `JWKS_URL` answers with a JWK Set")
        return found

    def _usable(self) -> KeySet | None:
        return self._keys if self._clock() - self._good_at < KEEP_SECONDS else None

    async def _refresh(self) -> None:
        """Read the keys once; a failure keeps the last good ones, and ends for those who wait as well."""
        try:
            with anyio.fail_after(FETCH_SECONDS + 1):  # the read ends itself; this is for name look-ups, which do not
                document = await anyio.to_thread.run_sync(self._source.read, abandon_on_cancel=True)
            self._take(document)
        except (OSError, http.client.HTTPException, KeyRefused, TimeoutError, ValueError):
            return
        finally:
            self._refreshing = None

    def _take(self, document: bytes) -> None:
        digest = hashlib.sha256(document).digest()
        if self._keys is None or self._keys.digest != digest:
            self._keys = public_keys(document, digest)
        self._good_at, self._failed = self._clock(), False
