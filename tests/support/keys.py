"""Keys, key sets and access tokens for tests: made from fixed seeds, valid at one fixed instant."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import ECKey

from gateway.jose import signed
from gateway.keys import Key, KeySet, public_keys, published, seeded
from gateway.tokens import TokenTerms

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
ISSUER = "https://issuer.example"
AUDIENCE = "https://gateway.example"
TERMS = TokenTerms(
    issuer=ISSUER,
    audience=AUDIENCE,
    recipients={"acme-app": "acme", "brand-server": "brand"},
    channels=frozenset({"goggles", "server"}),
)


def ed25519(name: str = "issuer") -> Key:
    """Return the Ed25519 key of a name: the same each time."""
    return seeded(hashlib.sha256(name.encode()).digest())


def p256(key_id: str = "p256") -> Key:
    """Return a fresh P-256 key."""
    return ECKey.generate_key("P-256", {"kid": key_id})


def jwks(*keys: Key) -> bytes:
    """Return a JWK Set of the public halves."""
    return json.dumps(published(keys)).encode()


def key_set(*keys: Key) -> KeySet:
    """Return the set as the gateway reads it."""
    return public_keys(jwks(*keys), b"")


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a client's token at NOW; a change to `None` leaves the claim out."""
    seconds = int(NOW.timestamp())
    whole = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "somebody",
        "client_id": "acme-app",
        "exp": seconds + 600,
        "nbf": seconds,
        "jti": "t1",
        "cg_audience": "client",
        "cg_channel": "goggles",
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def token(key: Key | None = None, *, kind: str = "at+jwt", **changes: Any) -> str:
    """Return a signed access token over `claims(**changes)`."""
    return signed(key or ed25519(), kind, json.dumps(claims(**changes)).encode())


def part(content: Mapping[str, Any] | bytes) -> str:
    """Return one part of a compact JWS: base64url without padding."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def with_header(header: Mapping[str, Any], key: Key | None = None, **changes: Any) -> str:
    """Return a token with a header of one's own, signed properly with the Ed25519 key over just these bytes."""
    text = f"{part(header)}.{part(claims(**changes))}"
    private = (key or ed25519()).private_key
    return f"{text}.{part(private.sign(text.encode()))}"
