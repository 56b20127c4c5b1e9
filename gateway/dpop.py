"""DPoP proofs (RFC 9449): pure, from a proof, the token and the call beside it to the key that signed, or nothing."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from gateway.jose import JwsRefused, header_of, json_object, payload_of
from gateway.keys import ALGORITHMS, Key, KeyRefused, algorithm_of, public_key
from gateway.tokens import MOST_WORD_CHARACTERS

KIND = "dpop+jwt"
MOST_CHARACTERS = 2048  # one with a P-256 key and a long address is under 800
# How far a proof's `iat` may be from now, either way: it is a headset's clock, not a server's, and RFC 9449 (11.1)
# speaks of seconds or minutes. A proof is good for one call anyhow.
PROOF_WINDOW = timedelta(seconds=60)
BLANK = re.compile(r"[\x00-\x20]")
DEFAULT_PORTS: Mapping[str, int] = {"https": 443, "http": 80}


class ProofRefused(Exception):
    """A proof that proves nothing; which check it failed is told to nobody."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a proof is made for: one method at one address, the proofs that came with it being `proofs`."""

    method: str
    address: str
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Who signed, by the thumbprint of the key (RFC 7638), and which proof of that key it was."""

    key: str
    id: bytes


def proven(call: Call, token: str, now: datetime) -> Proof:
    """Check the one proof of a call for a token (RFC 9449, 4.3); raises `ProofRefused`."""
    if len(call.proofs) != 1 or len(call.proofs[0]) > MOST_CHARACTERS:
        raise ProofRefused
    try:
        key = _key(header_of(call.proofs[0]))
        claims = json_object(payload_of(call.proofs[0], key))
        _about(claims, call, token)
        _fresh(claims, now)
        return Proof(key.thumbprint(), hashlib.sha256(_text(claims, "jti").encode()).digest())
    except (JwsRefused, KeyRefused, ValueError):
        raise ProofRefused from None


def _key(header: Mapping[str, Any]) -> Key:
    """Return the public key a proof's header shows; the header is judged before the key is made."""
    kind, row = header.get("typ"), header.get("jwk")
    if kind != KIND or header.get("alg") not in ALGORITHMS or "crit" in header or "b64" in header:
        raise ProofRefused
    if not isinstance(row, dict):
        raise ProofRefused
    key = public_key(row)
    if algorithm_of(key) != header["alg"]:
        raise ProofRefused
    return key


def _about(claims: Mapping[str, Any], call: Call, token: str) -> None:
    """Check that a proof is for this call and this token."""
    if _text(claims, "htm") != call.method or _place(_text(claims, "htu")) != _place(call.address):
        raise ProofRefused
    digest = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
    if claims.get("ath") != digest:
        raise ProofRefused


def _fresh(claims: Mapping[str, Any], now: datetime) -> None:
    made = claims.get("iat")
    if isinstance(made, bool) or not isinstance(made, int | float):
        raise ProofRefused
    if not (now - PROOF_WINDOW).timestamp() <= made <= (now + PROOF_WINDOW).timestamp():
        raise ProofRefused


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= MOST_WORD_CHARACTERS:
        raise ProofRefused
    return found


def _place(address: str) -> tuple[str, str, int | None, str]:
    """Return an address as it is compared: without query and fragment (RFC 9449, 4.3), by the rules of RFC 3986, 6.2.

    Raises `ValueError` for what is none.
    """
    parts = urlsplit(address)
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise ValueError("an address names a host and nobody")
    if BLANK.search(address):
        raise ValueError("an address has no blanks")  # they are passed over otherwise
    port = DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
    return (parts.scheme, parts.hostname, port, parts.path or "/")
