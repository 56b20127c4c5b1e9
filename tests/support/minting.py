"""The issuer of the tests' tokens: the demonstration's key, with the claims a test states; no code of the gateway."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALL = [{"type": "consent_gateway"}]
LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs whatever claims it is given, by default those that make a good token."""

    key: Mapping[str, str]
    name: str
    audience: str

    @classmethod
    def of(cls, key_file: str, example: str) -> "Issuer":
        """Return the issuer that made an example token, with the key it was made with."""
        claims = claims_of(example)
        found = json.loads(key_file)
        return cls(found["keys"][0] if "keys" in found else found, claims["iss"], claims["aud"])

    def token(self, claims: Mapping[str, Any]) -> str:
        """Return a token over these claims and those every token has; a claim of `None` is left out."""
        return signed(self.header, self.claims(claims), self.key)

    @property
    def header(self) -> dict[str, str]:
        """Return the header of a good token."""
        return {"alg": "EdDSA", "typ": "at+jwt", "kid": self.key["kid"]}

    def claims(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return these claims and those every token has."""
        now = int(time.time())
        whole = {
            "iss": self.name,
            "aud": self.audience,
            "nbf": now,
            "exp": now + LIFETIME_SECONDS,
            "cg_audience": "client",
            "client_id": "controller-app",
            "acr": "login",
            "authorization_details": ALL,
            **claims,
        }
        return {name: claim for name, claim in whole.items() if claim is not None}


def signed(header: Mapping[str, Any], claims: Mapping[str, Any], key: Mapping[str, str]) -> str:
    """Return a compact JWS, signed with an Ed25519 JWK (RFC 8037) whatever its header says."""
    text = ".".join(sealed(json.dumps(part).encode()) for part in (header, claims))
    private = Ed25519PrivateKey.from_private_bytes(unsealed(key["d"]))
    return f"{text}.{sealed(private.sign(text.encode()))}"


def verified(token: str, key_set: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a compact JWS that a published key verifies; raises `InvalidSignature`."""
    text, _, signature = token.rpartition(".")
    header = json.loads(unsealed(text.split(".")[0]))
    assert header["alg"] == "EdDSA"
    key = next(row for row in key_set["keys"] if row["kid"] == header["kid"])
    assert (key["kty"], key["crv"], "d" in key) == ("OKP", "Ed25519", False)
    Ed25519PublicKey.from_public_bytes(unsealed(key["x"])).verify(unsealed(signature), text.encode())
    return claims_of(token)


def verifies(token: str, key_set: Mapping[str, Any]) -> bool:
    """Tell whether a published key verifies a compact JWS."""
    try:
        verified(token, key_set)
    except InvalidSignature:
        return False
    return True


def claims_of(token: str) -> dict[str, Any]:
    """Return a token's claims, unverified."""
    return dict(json.loads(unsealed(token.split(".")[1])))


def subject_of(issuer: str, sub: str) -> str:
    """Return a person's id as the contract makes it: HMAC(issuer, sub), SHA-256 in hexadecimal."""
    return hmac.new(issuer.encode(), sub.encode(), hashlib.sha256).hexdigest()


def unsealed(part: str) -> bytes:
    """Return the bytes of one part of a compact JWS."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def sealed(content: bytes) -> str:
    """Return bytes as one part of a compact JWS."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
