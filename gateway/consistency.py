"""Consistency tokens as AES-SIV boxes (RFC 5297) over parties and revisions; any gateway of the store opens them."""

import base64
import secrets
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graph.store import Seen
from resolvers.problems import BadUserInput

SECRET_BYTES = 32  # what the store gives out by name: a full-strength input of HKDF-SHA256
KEY_BYTES = 64  # AES-256-SIV takes two 256-bit keys
NONCE_BYTES = 16  # two tokens of one state meet once in 2^64
MOST_CHARACTERS = 20_000  # usual are 300; a device's id may fill an access token of 8 KiB, and stands in one twice
INFO = b"consent-gateway consistency tokens 1"

_decoder = msgspec.json.Decoder(Seen)


class SealedConsistency:
    """Seal what was seen with a key derived from one secret of 32 bytes."""

    def __init__(self, secret: bytes, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"the secret of consistency tokens has {len(secret)} bytes; give it {SECRET_BYTES}")
        self._cipher = AESSIV(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=INFO).derive(secret))
        self._random = random

    def write(self, seen: Seen) -> str:
        """Return a token for what was seen."""
        nonce = self._random(NONCE_BYTES)
        return _spelt(nonce + self._cipher.encrypt(msgspec.json.encode(seen), [nonce]))

    def read(self, text: str) -> Seen:
        """Return what was seen; raises `BadUserInput` for a text that no gateway of this store wrote."""
        try:
            box = _unspelt(text if len(text) <= MOST_CHARACTERS else "")
            return _decoder.decode(self._cipher.decrypt(box[NONCE_BYTES:], [box[:NONCE_BYTES]]))
        except (InvalidTag, ValueError):  # no base64, no box, or another store's
            raise BadUserInput("`extensions.consistencyToken` is none of this store; leave it out") from None


def _spelt(box: bytes) -> str:
    return base64.urlsafe_b64encode(box).rstrip(b"=").decode()


def _unspelt(text: str) -> bytes:
    box = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _spelt(box) != text:
        raise ValueError  # one box has one spelling
    return box
