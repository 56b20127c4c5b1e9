"""The issuer of the tests' tokens: the demonstration's key, with the claims each test states."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

ALL = [{"type": "consent_gateway"}]
LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs whatever claims it is given, by default those that make a good token."""

    key: OKPKey
    name: str
    audience: str

    @classmethod
    def of(cls, key_file: str, example: str) -> "Issuer":
        """Return the issuer that made an example token, with the key it was made with."""
        claims = claims_of(example)
        row = json.loads(key_file)
        return cls(OKPKey.import_key(row["keys"][0] if "keys" in row else row), claims["iss"], claims["aud"])

    def token(self, claims: Mapping[str, Any]) -> str:
        """Return a token over these claims and those every token has; a claim of `None` is left out."""
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
        payload = json.dumps({name: claim for name, claim in whole.items() if claim is not None}).encode()
        return jws.serialize_compact(self._header(), payload, self.key, algorithms=["EdDSA"])

    def _header(self) -> dict[str, str]:
        kid = self.key.kid
        return {"alg": "EdDSA", "typ": "at+jwt", **({"kid": kid} if kid else {})}


def claims_of(token: str) -> dict[str, Any]:
    """Return a token's claims, unverified."""
    return dict(json.loads(unsealed(token.split(".")[1])))


def unsealed(part: str) -> bytes:
    """Return the bytes of one part of a compact JWS."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def sealed(content: bytes) -> str:
    """Return bytes as one part of a compact JWS."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
