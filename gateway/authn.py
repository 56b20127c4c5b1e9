"""Bearer header to caller: the issuer's keys, and a bounded cache of tokens verified before, by hash."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from gateway.key_ring import KeyRing
from gateway.keys import KeySet
from gateway.tokens import TokenFault, TokenTerms, expired, verified
from resolvers.caller import Caller

MOST_CACHED = 4096  # a caller is about 1 KB: 4 MB, and more callers than one gateway serves at a time
BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]+) *")  # RFC 6750, 2.1; a scheme has no case
SCHEME = re.compile(r"bearer\b", re.IGNORECASE)
REFUSED = "the access token was not accepted, get a new one"


class Authenticator:
    """Says who asks. A token is verified once; its end is checked each time, and keys taken back end it."""

    def __init__(self, ring: KeyRing, terms: Callable[[], TokenTerms], most_cached: int = MOST_CACHED) -> None:
        self._ring, self._terms, self._most = ring, terms, most_cached
        self._callers: OrderedDict[bytes, Caller] = OrderedDict()
        self._keys: KeySet | None = None

    async def caller(self, header: str | None, now: datetime) -> Caller | TokenFault:
        """Return who a header's token names, or why it names nobody; raises `KeysUnavailable`."""
        token = bearer(header)
        if isinstance(token, TokenFault):
            return token
        keys = self._followed(await self._ring.keys())
        digest = hashlib.sha256(token.encode()).digest()
        known = self._callers.get(digest)
        if known is None:
            return self._kept(digest, await self._verified(token, keys, now))
        if expired(known.expires_at, now):
            del self._callers[digest]
            return TokenFault.EXPIRED
        self._callers.move_to_end(digest)
        return known.at(now)

    async def ready(self) -> None:
        """Prove that tokens can be told from forgeries; raises `KeysUnavailable`."""
        await self._ring.keys()

    @property
    def cached(self) -> int:
        """Return how many verified tokens are held."""
        return len(self._callers)

    async def _verified(self, token: str, keys: KeySet, now: datetime) -> Caller | TokenFault:
        found = verified(token, keys, self._terms(), now)
        if found is not TokenFault.UNKNOWN_KEY:
            return found
        fresh = self._followed(await self._ring.keys_for_stranger())
        return found if fresh is keys else verified(token, fresh, self._terms(), now)

    def _followed(self, keys: KeySet) -> KeySet:
        """Return the keys; when they changed, no token verified by the old ones is known any more."""
        if keys is not self._keys:
            self._callers.clear()
            self._keys = keys
        return keys

    def _kept(self, digest: bytes, found: Caller | TokenFault) -> Caller | TokenFault:
        if isinstance(found, Caller):
            self._callers[digest] = found
            if len(self._callers) > self._most:
                self._callers.popitem(last=False)
        return found


def bearer(header: str | None) -> str | TokenFault:
    """Return the token of an `Authorization` header, or why there is none."""
    if header is None or not SCHEME.match(header):
        return TokenFault.MISSING
    match = BEARER.fullmatch(header)
    return match[1] if match else TokenFault.MALFORMED


def challenge(fault: TokenFault) -> str:
    """Return the `WWW-Authenticate` of a 401 (RFC 6750, 3): without a token no error, with one always the same."""
    if fault is TokenFault.MISSING:
        return 'Bearer realm="graphql"'
    return f'Bearer error="invalid_token", error_description="{REFUSED}"'
