"""Tokens as whoever attacks makes them: any bytes for each part, any signature; no code of the gateway."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.support.minting import sealed

Part = Mapping[str, Any] | bytes
P256_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def forged(header: Part, payload: Part, sign: Callable[[bytes], bytes]) -> str:
    """Return a compact JWS of these parts, signed by whatever `sign` makes of its first two."""
    text = ".".join(
        sealed(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, payload)
    )
    return f"{text}.{sealed(sign(text.encode()))}"


def der(key: EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs as X.509 does, with a signature in DER."""
    return lambda text: key.sign(text, ECDSA(SHA256()))


def raw(key: EllipticCurvePrivateKey, width: int = P256_BYTES) -> Callable[[bytes], bytes]:
    """Return what signs as JOSE does: both numbers side by side (RFC 7518, 3.4), each in so many bytes."""
    return lambda text: numbers(*decode_dss_signature(key.sign(text, ECDSA(SHA256()))), width)


def numbers(r: int, s: int, width: int = P256_BYTES) -> bytes:
    """Return two numbers side by side."""
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")
