"""Cursors as AES-SIV boxes (RFC 5297) over a position, bound to the audience and the field they were made for."""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graph.terms import Audience
from resolvers.problems import BadUserInput

SECRET_BYTES = 32  # what the store gives out by name: a full-strength input of HKDF-SHA256
KEY_BYTES = 64  # AES-256-SIV takes two 256-bit keys
POSITION_BYTES = 8  # a position of a store is a 64-bit integer
CURSOR_CHARACTERS = 32  # 16 bytes of tag and 8 of position, in base64
INFO = b"consent-gateway cursors"


class SealedCursors:
    """Seal positions with a key derived from one secret of 32 bytes; every gateway of a store reads them."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"the secret of cursors has {len(secret)} bytes; give it {SECRET_BYTES}")
        self._cipher = AESSIV(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=INFO).derive(secret))

    def write(self, audience: Audience, field: str, position: int) -> str:
        """Return the cursor of a position."""
        box = self._cipher.encrypt(position.to_bytes(POSITION_BYTES, "big"), _place(audience, field))
        return base64.urlsafe_b64encode(box).decode()

    def read(self, text: str, audience: Audience, field: str) -> int:
        """Return the position behind a cursor; raises `BadUserInput` for one that was not written for this field."""
        try:
            fitting = text if len(text) == CURSOR_CHARACTERS else ""  # one position has one spelling
            box = base64.b64decode(fitting, altchars=b"-_", validate=True)
            return int.from_bytes(self._cipher.decrypt(box, _place(audience, field)), "big")
        except (InvalidTag, ValueError):  # no base64, no box, or one of another place
            raise BadUserInput("`after` is no cursor of this list; take one from its own edges") from None


def _place(audience: Audience, field: str) -> list[bytes]:
    return [audience.value.encode(), field.encode()]
