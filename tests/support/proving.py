"""A client that proves its key with each call (RFC 9449), as an app would; no code of the gateway."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.forging import P256_BYTES, forged, raw
from tests.support.minting import sealed


@dataclass(frozen=True, slots=True)
class Prover:
    """One key, and how it signs."""

    algorithm: str
    jwk: Mapping[str, str]
    sign: Callable[[bytes], bytes]

    @classmethod
    def p256(cls) -> "Prover":
        """Return a client with a P-256 key, as phones and headsets keep in hardware."""
        private = ec.generate_private_key(ec.SECP256R1())
        public = private.public_key().public_numbers()
        x, y = (sealed(number.to_bytes(P256_BYTES, "big")) for number in (public.x, public.y))
        return cls("ES256", {"kty": "EC", "crv": "P-256", "x": x, "y": y}, raw(private))

    @classmethod
    def ed25519(cls) -> "Prover":
        """Return a client with an Ed25519 key."""
        private = Ed25519PrivateKey.generate()
        x = sealed(private.public_key().public_bytes_raw())
        return cls("EdDSA", {"kty": "OKP", "crv": "Ed25519", "x": x}, private.sign)

    @property
    def thumbprint(self) -> str:
        """Return the key's thumbprint (RFC 7638): its required members in order, hashed."""
        needed = {name: self.jwk[name] for name in sorted(self.jwk) if name in ("crv", "kty", "x", "y")}
        return sealed(hashlib.sha256(json.dumps(needed, separators=(",", ":")).encode()).digest())

    @property
    def binding(self) -> dict[str, dict[str, str]]:
        """Return the claim by which a token is bound to this key."""
        return {"cnf": {"jkt": self.thumbprint}}

    def proof(self, address: str, token: str, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """Return a proof for a POST to an address with a token; a claim or header of `None` is left out."""
        whole = {
            "jti": uuid4().hex,
            "htm": "POST",
            "htu": address,
            "iat": int(time.time()),
            "ath": sealed(hashlib.sha256(token.encode()).digest()),
            **claims,
        }
        head = {"typ": "dpop+jwt", "alg": self.algorithm, "jwk": dict(self.jwk), **(header or {})}
        parts = [{name: one for name, one in part.items() if one is not None} for part in (head, whole)]
        return forged(parts[0], parts[1], self.sign)

    def headers(self, address: str, token: str, **claims: Any) -> dict[str, str]:
        """Return the headers of a call with a bound token."""
        return {"Authorization": f"DPoP {token}", "DPoP": self.proof(address, token, **claims)}
