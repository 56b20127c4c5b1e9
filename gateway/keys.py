"""Keys as the gateway holds them: private ones read from a file or a seed, public ones from a JWK Set; no tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

Key: TypeAlias = OKPKey | ECKey

ED25519, ES256 = "EdDSA", "ES256"
ALGORITHMS = (ED25519, ES256)  # public keys only, so no key can be mistaken for a shared secret (RFC 8725, 3.2)
MOST_KEYS = 32  # an issuer in rotation publishes two or three; more would make a token without `kid` costly
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
SEED_BYTES = 32  # an Ed25519 private key is 32 bytes (RFC 8032)
# The points of Ed25519 whose order is small, by their bytes without the sign: there is a signature that fits any text,
# and no private key is needed for it (RFC 8725, 3.4). OpenSSL takes them; the list is the curve's, in every spelling.
SMALL_ORDER = frozenset(
    bytes.fromhex(spelling)
    for spelling in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        *(first + "ff" * 30 + "7f" for first in ("ec", "ed", "ee")),
    )
)
SIGN_BIT = 0x80  # of the last byte


class KeyRefused(Exception):
    """A key or key set that cannot be used; the text says what to do and never holds a key."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """Public keys by which tokens are verified, each with its id and algorithm."""

    keys: tuple[tuple[str | None, str, Key], ...] = ()
    digest: bytes = b""

    def fitting(self, algorithm: str, key_id: str | None) -> tuple[Key, ...]:
        """Return the keys that may verify a token: those of its `kid`, or without one all of its algorithm."""
        return tuple(
            key for known, named, key in self.keys if named == algorithm and (key_id is None or known == key_id)
        )


def algorithm_of(key: Key) -> str:
    """Return the one algorithm a key is used with; raises `KeyRefused` for another curve."""
    algorithm = {"Ed25519": ED25519, "P-256": ES256}.get(key.curve_name)
    if algorithm is None:
        raise KeyRefused("the key is neither Ed25519 nor P-256; make one of these")
    return algorithm


def public_keys(document: bytes, digest: bytes) -> KeySet:
    """Read a JWK Set (RFC 7517); keys of another type or use are ignored, private ones refuse the set.

    An empty set is one: an issuer that takes every key back is heard at once.
    """
    rows = _rows(document)
    if any(PRIVATE_MEMBERS & row.keys() for row in rows):
        raise KeyRefused("the key set holds a private key; publish public keys only and replace that key")
    return KeySet(tuple(one for row in rows[:MOST_KEYS] if (one := _verifying(row)) is not None), digest)


def public_key(row: Mapping[str, Any]) -> Key:
    """Read one public key that somebody shows; raises `KeyRefused` for a private one and for any we do not use."""
    if PRIVATE_MEMBERS & row.keys():
        raise KeyRefused("the key is a private one; show its public half and replace it")
    found = _verifying(row)
    if found is None:
        raise KeyRefused("the key is neither Ed25519 nor P-256 for signatures; make one of these")
    return found[2]


def private_keys(document: bytes) -> tuple[Key, ...]:
    """Read private keys from a JWK, a JWK Set or one PEM block; each gets its thumbprint where it has no `kid`."""
    if document.lstrip().startswith(b"-----BEGIN"):
        return (_pem(document),)
    return tuple(_private(row) for row in _rows(document))


def seeded(seed: bytes) -> OKPKey:
    """Return the Ed25519 key of a 32-byte seed: gateways that share a seed share the key."""
    if len(seed) != SEED_BYTES:
        raise KeyRefused(f"the seed of a key has {len(seed)} bytes; give it {SEED_BYTES}")
    key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))
    key.ensure_kid()
    return key


def published(keys: tuple[Key, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return the public halves as a JWK Set."""
    rows = [{**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": algorithm_of(key)} for key in keys]
    return {"keys": [{name: value for name, value in row.items() if name != "key_ops"} for row in rows]}


def secret_jwk(key: Key) -> dict[str, Any]:
    """Return a private key as a JWK, for a file that only its owner reads."""
    return {**key.as_dict(private=True), "kid": key.kid}


def _rows(document: bytes) -> list[dict[str, Any]]:
    try:
        parsed = msgspec.json.decode(document, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise KeyRefused("not JSON of a key or a key set; write a JWK or a JWK Set (RFC 7517)") from None
    rows = [parsed] if "kty" in parsed else parsed.get("keys")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise KeyRefused("`keys` is not a list of keys; write a JWK Set (RFC 7517)")
    return rows


def _verifying(row: Mapping[str, Any]) -> tuple[str | None, str, Key] | None:
    """Return a key that may verify tokens, or `None` for one of another type, curve, use or algorithm."""
    try:
        if row.get("use", "sig") != "sig" or "verify" not in row.get("key_ops", ["verify"]):
            return None
        key = _imported(row)
        algorithm = algorithm_of(key)
        if _is_small(key):
            return None
    except (KeyRefused, JoseError, ValueError, TypeError, KeyError):
        return None
    key_id = row.get("kid")
    if row.get("alg", algorithm) != algorithm or not isinstance(key_id, str | None):
        return None
    return (key_id, algorithm, key)


def _is_small(key: Key) -> bool:
    """Tell whether an Ed25519 key is one of the few points that verify what nobody signed."""
    if not isinstance(key.public_key, Ed25519PublicKey):
        return False
    point = bytearray(key.public_key.public_bytes_raw())
    point[-1] &= ~SIGN_BIT & 0xFF
    return bytes(point) in SMALL_ORDER


def _imported(row: Mapping[str, Any]) -> Key:
    """Make a key of its required members alone: what else a row says is checked by us, not by the library."""
    kinds: dict[str, type[OKPKey] | type[ECKey]] = {"OKP": OKPKey, "EC": ECKey}
    kind = kinds.get(str(row.get("kty")))
    if kind is None:
        raise KeyRefused("the key is neither Ed25519 nor P-256; make one of these")
    return kind.import_key({name: row[name] for name in ("kty", "crv", "x", "y", "d", "kid") if name in row})


def _private(row: Mapping[str, Any]) -> Key:
    try:
        key = _imported(row)
    except (JoseError, ValueError, TypeError, KeyError):
        raise KeyRefused("the private key cannot be read; write it as a JWK (RFC 8037)") from None
    return _usable(key)


def _pem(document: bytes) -> Key:
    for kind in (OKPKey, ECKey):
        try:
            return _usable(kind.import_key(document))
        except (JoseError, ValueError, TypeError):
            continue
    raise KeyRefused("the PEM block is no unencrypted Ed25519 or P-256 private key; write one")


def _usable(key: Key) -> Key:
    if not key.is_private:
        raise KeyRefused("the key is a public one; signing needs the private key")
    algorithm_of(key)
    key.ensure_kid()
    return key
