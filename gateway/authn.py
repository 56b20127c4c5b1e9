"""Who shows a token, and who is called by it: the issuer's keys, and a bounded cache of tokens verified, by hash."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from urllib.parse import parse_qsl

from gateway.dpop import Call
from gateway.key_ring import KeyRing
from gateway.keys import KeySet
from gateway.possession import BEARER, DPOP, TAKEN, Possession, Shown
from gateway.revocations import Revocations
from gateway.tokens import TokenFault, TokenTerms, expired, verified
from resolvers.caller import Caller

MOST_CACHED = 4096  # a caller is about 1 KB: 4 MB, and more callers than one gateway serves at a time
# RFC 6750 (2.1) and RFC 9449 (7.1); a scheme has no case
SCHEME = re.compile(r"[A-Za-z]+\b")
HEADER = re.compile(r"([A-Za-z]+) +([A-Za-z0-9._~+/=-]+) *")
PROOF_FAULTS = frozenset({TokenFault.PROOF, TokenFault.PROOF_REPLAYED})
IN_ADDRESS = "access_token"  # the parameter of RFC 6750 (2.3): addresses are written into logs and histories
REFUSED = "the access token was not accepted, get a new one"


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked of a good token each time it is shown: that it was not taken back, and who may show it."""

    possession: Possession = field(default_factory=lambda: Possession(monotonic))
    revocations: Revocations | None = None


class Authenticator:
    """Says who asks. A token is verified once; its end is checked each time, and keys taken back end it."""

    def __init__(
        self,
        ring: KeyRing,
        terms: Callable[[], TokenTerms],
        most_cached: int = MOST_CACHED,
        *,
        checks: Checks | None = None,
    ) -> None:
        self._ring, self._terms, self._most = ring, terms, most_cached
        self._checks = checks or Checks()
        self._callers: OrderedDict[bytes, Caller] = OrderedDict()
        self._keys: KeySet | None = None

    async def caller(self, header: str | None, now: datetime, call: Call | None = None) -> Caller | TokenFault:
        """Return who a header's token names, or why it names nobody; raises `KeysUnavailable`.

        INVARIANT: what comes with the token is judged before it is, and alike for every token: who found one on the
        street learns nothing about it by showing it with a proof that is none.
        """
        shown = shown_in(header, self._checks.possession.schemes, call)
        if isinstance(shown, TokenFault):
            return shown
        proof = self._checks.possession.proof(shown, now)
        if isinstance(proof, TokenFault):
            return proof
        found = await self._named(shown.token, now)
        if isinstance(found, TokenFault):
            return found
        if self._checks.revocations is not None and await self._checks.revocations.revoked(found.jti):
            return TokenFault.REVOKED
        return self._checks.possession.fault(found, proof) or found

    def call(self, method: str, path: str, proofs: list[str]) -> Call:
        """Return a call as those who prove that a token is theirs name it."""
        return self._checks.possession.call(method, path, tuple(proofs))

    def challenge(self, fault: TokenFault, header: str | None) -> str:
        """Return the `WWW-Authenticate` of a 401, in the scheme the caller chose and with those there are."""
        offers = DPOP in self._checks.possession.schemes
        asked = offers and (header or "").lower().startswith(DPOP) and fault is not TokenFault.MISSING
        return challenge(fault, offers_dpop=offers, asked_in_dpop=asked)

    @property
    def revocations(self) -> Revocations | None:
        """Return the list of tokens taken back, if there is one."""
        return self._checks.revocations

    async def _named(self, token: str, now: datetime) -> Caller | TokenFault:
        """Return whom a token names, verified now or before."""
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

    def knows(self, header: str | None) -> bool:
        """Tell whether a header's token was verified before."""
        shown = shown_in(header, self._checks.possession.schemes)
        return isinstance(shown, Shown) and hashlib.sha256(shown.token.encode()).digest() in self._callers

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


def shown_in(header: str | None, schemes: tuple[str, ...] = (BEARER,), call: Call | None = None) -> Shown | TokenFault:
    """Return the token of an `Authorization` header, or why there is none."""
    scheme = SCHEME.match(header or "")
    if header is None or scheme is None or scheme[0].lower() not in schemes:
        return TokenFault.MISSING
    match = HEADER.fullmatch(header)
    return Shown(match[2], match[1].lower(), call) if match else TokenFault.MALFORMED


def in_address(query: bytes) -> bool:
    """Tell whether a token was sent in the address (RFC 6750, 2.3)."""
    names = (name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    return any(name.lower() == IN_ADDRESS for name in names)


def challenge(fault: TokenFault, *, offers_dpop: bool = False, asked_in_dpop: bool = False) -> str:
    """Return the `WWW-Authenticate` of a 401 (RFC 6750, 3; RFC 9449, 7.1).

    Without a token it holds no error, with one always the same; of a proof it is told that it was not accepted.
    """
    if asked_in_dpop:
        error = "invalid_dpop_proof" if fault in PROOF_FAULTS else "invalid_token"
        return f'DPoP error="{error}", error_description="{REFUSED}", {TAKEN}'
    refused = f'Bearer error="invalid_token", error_description="{REFUSED}"'
    said = 'Bearer realm="graphql"' if fault is TokenFault.MISSING else refused
    return f"{said}, DPoP {TAKEN}" if offers_dpop else said
