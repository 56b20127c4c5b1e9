"""Values to bytes and back: plain canonical JSON now; the two functions are the seam for encryption."""

import json

from graph.records import Held


def sealed(held: Held) -> bytes:
    """Return a held value as bytes; raises `ValueError` for a number that is none (NaN, infinity)."""
    return json.dumps(held, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def opened(box: bytes) -> Held:
    """Return the held value of bytes that `sealed` made; a list comes back as a tuple."""
    held = json.loads(box.decode())  # of bytes `loads` would guess the encoding, which costs as much as the rest
    return tuple(held) if isinstance(held, list) else held
