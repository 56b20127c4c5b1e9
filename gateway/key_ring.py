"""The issuer's public keys, kept fresh: read from a file or a URL, rotated, bounded in every way; no tokens."""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO
from urllib.parse import unquote, urlsplit

import anyio
import anyio.to_thread

from gateway.keys import KeyRefused, KeySet, public_keys
from gateway.settings import is_loopback

FETCH_SECONDS = 2.0  # an issuer that takes longer is down; requests wait for it, once
MOST_BYTES = 65_536  # a set of 32 keys with certificates is half of it
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


def key_source(address: str) -> KeySource:
    """Return the source an address names: a path, `file://`, `http://` or `https://`.

    A file is read four times a second at most, a URL is fetched every five minutes. For unknown keys a URL is fetched
    at once, five times in fifty seconds at most: forged key ids do not become requests to the issuer.
    """
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return KeySource(lambda: _fetched(address), every=300.0, rest=10.0)
    path = Path(unquote(parts.path) if parts.scheme == "file" else address)
    return KeySource(lambda: _read(path), every=0.25, rest=0.25)


class KeyRing:
    """Holds the last good keys; one refresh at a time, and no lock across it: who comes meanwhile uses what is here."""

    def __init__(self, source: KeySource, clock: Callable[[], float] = monotonic) -> None:
        self._source, self._clock = source, clock
        self._keys: KeySet | None = None
        self._good_at = self._tried_at = float("-inf")
        self._failed = False
        self._strangers: deque[float] = deque(maxlen=STRANGERS_AT_ONCE)
        self._refreshing: anyio.Event | None = None

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
        """Refresh if that is due, and tell whether; one under way is waited for by those who need it."""
        if self._refreshing is not None:
            if waits:
                await self._refreshing.wait()
        elif self._clock() >= (self._tried_at + RETRY_SECONDS if self._failed else due):
            await self._refresh()
            return True
        return False

    def _known(self) -> KeySet:
        found = self._usable()
        if found is None:
            raise KeysUnavailable("the issuer's keys cannot be read; see that `JWKS_URL` answers with a JWK Set")
        return found

    def _usable(self) -> KeySet | None:
        return self._keys if self._clock() - self._good_at < KEEP_SECONDS else None

    async def _refresh(self) -> None:
        """Read the keys once; a failure keeps the last good ones, and ends for those who wait as well."""
        self._refreshing = anyio.Event()
        self._tried_at, self._failed = self._clock(), True
        try:
            with anyio.fail_after(FETCH_SECONDS + 1):  # the read ends itself; this is for name look-ups, which do not
                document = await anyio.to_thread.run_sync(self._source.read, abandon_on_cancel=True)
            self._take(document)
        except (OSError, http.client.HTTPException, KeyRefused, TimeoutError, ValueError):
            return
        finally:
            self._refreshing.set()
            self._refreshing = None

    def _take(self, document: bytes) -> None:
        digest = hashlib.sha256(document).digest()
        if self._keys is None or self._keys.digest != digest:
            self._keys = public_keys(document, digest)
        self._good_at, self._failed = self._clock(), False


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow nobody: the address of the keys is a setting."""

    def redirect_request(self, *_: object) -> None:
        """Refuse each redirect."""


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file, monotonic() + FETCH_SECONDS)


def _fetched(address: str) -> bytes:
    """Fetch a key set; raises `OSError` or `HTTPException` for anything but an answer in time."""
    request = urllib.request.Request(address, headers={"Accept": "application/jwk-set+json, application/json"})  # noqa: S310 the scheme is checked by `key_source`
    opener = urllib.request.build_opener(_NoRedirects, *_proxies(address))
    deadline = monotonic() + FETCH_SECONDS
    try:
        with opener.open(request, timeout=FETCH_SECONDS) as answer:
            return _bounded(answer, deadline)
    except urllib.error.HTTPError as refusal:
        refusal.close()  # it holds the connection
        raise


def _proxies(address: str) -> list[urllib.request.BaseHandler]:
    """Return what keeps a proxy of the environment away from loopback addresses."""
    return [urllib.request.ProxyHandler({})] if is_loopback(address) else []


def _bounded(stream: IO[bytes], deadline: float) -> bytes:
    """Read at most `MOST_BYTES` until the deadline; one that drips is as good as down."""
    found = b""
    while chunk := stream.read1(MOST_BYTES) if hasattr(stream, "read1") else stream.read(MOST_BYTES):
        found += chunk
        if len(found) > MOST_BYTES or monotonic() > deadline:
            raise OSError("the key set is too large or too slow")
    return found
