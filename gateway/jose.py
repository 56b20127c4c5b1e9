"""Compact JWS with two algorithms and nothing else: sign, verify, look at a header; what is signed lives elsewhere."""

import json
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from gateway.keys import ALGORITHMS, Key, algorithm_of

MOST_HEADER_CHARACTERS = 2048  # room for the certificate chains some issuers add; ours are 90


class JwsRefused(Exception):
    """A text that is no JWS, or one whose signature does not fit the key."""


class ClosedRegistry(jws.JWSRegistry):
    """Know two algorithms and nothing else.

    The library warns at each use of the name `EdDSA`, because RFC 9864 renames it; issuers and verifiers in the
    field say `EdDSA`, so the name stays, and no warning is built on the hot path.
    """

    max_header_length = MOST_HEADER_CHARACTERS

    def get_alg(self, name: str) -> Any:
        """Return one of our algorithms; raises for any other name."""
        if name not in ALGORITHMS:
            raise JwsRefused("the algorithm is not one of ours")
        return self.algorithms[name]


REGISTRY = ClosedRegistry(algorithms=ALGORITHMS, strict_check_header=False)  # unknown headers are ignored (RFC 7515, 4)


def signed(key: Key, kind: str, payload: bytes) -> str:
    """Sign bytes; the header names the algorithm, the key and the kind (`typ`)."""
    header = {"alg": algorithm_of(key), "kid": key.kid, "typ": kind}
    return jws.serialize_compact(header, payload, key, registry=REGISTRY)


def header_of(token: str) -> dict[str, Any]:
    """Return the unverified header of a compact JWS; raises `JwsRefused`."""
    parts = token.split(".")
    if len(parts) != 3 or len(parts[0]) > MOST_HEADER_CHARACTERS or not token.isascii():
        raise JwsRefused("a JWS has three parts of base64url")
    try:
        return json_object(urlsafe_b64decode(parts[0].encode()))
    except ValueError:
        raise JwsRefused("the header is no base64url") from None


def json_object(document: bytes) -> dict[str, Any]:
    """Read a JSON object in which no name is said twice; raises `JwsRefused`.

    Of two claims of one name another reader may take the other: what one lets in the next would have refused. msgspec
    reads, in UTF-8 and to the letter; the standard library's reader is here for what it alone tells: the names.
    """
    try:
        found = msgspec.json.decode(document, type=dict[str, Any])
        json.loads(document, object_pairs_hook=_once, parse_int=len, parse_float=len)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise JwsRefused("not a JSON object with each name once") from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Refuse an object that says a name twice; raises `ValueError`."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name is said twice")


def payload_of(token: str, key: Key) -> bytes:
    """Return the payload of a compact JWS whose signature fits the key; raises `JwsRefused`."""
    try:
        return jws.deserialize_compact(token, key, registry=REGISTRY).payload
    except (JoseError, ValueError, TypeError, RecursionError):
        raise JwsRefused("the signature does not fit") from None
