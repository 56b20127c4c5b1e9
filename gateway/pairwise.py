"""Pairwise ids and sealed subjects: AES-SIV (RFC 5297), one key for each recipient group; no table is needed."""

import base64
import binascii
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graph.catalogue import Recipient

SECRET_BYTES = 32  # what the store gives out by name: a full-strength input of HKDF-SHA256
KEY_BYTES = 64  # AES-256-SIV takes two 256-bit keys
MOST_CHARACTERS = 1024  # a sealed subject of ours is 107; longer text is opened as if it were garbage
# An id, 107 letters of base64url, as an issuer may spell it: padded, in the other alphabet, or cut off. What a service
# is called by is shorter (a hash in hexadecimal has 64) or has dots in it.
FORM = re.compile(r"[A-Za-z0-9+/_-]{65,}={0,2}")
GARBAGE = bytes(80)  # as long as a sealed 64-character subject: malformed ids cost the same decryption
LEDGER = b"consent-gateway ledger subject"


class SivPseudonyms:
    """Seal subjects for recipients and for the ledger with keys derived from secrets of 32 bytes.

    Ids are made by the first of `versions` and opened by each; nothing in an id says by which. The ledger is sealed by
    `secret` for good: an entry of years ago is found by what its subject seals to.
    """

    def __init__(self, secret: bytes, versions: tuple[bytes, ...] = ()) -> None:
        """Take the ledger's secret, and those of ids; the ledger's makes ids too where none are given."""
        for one in (secret, *versions):
            if len(one) != SECRET_BYTES:
                raise ValueError(f"the secret of pairwise ids has {len(one)} bytes; give it {SECRET_BYTES}")
        self._secret, self._versions = secret, versions or (secret,)
        self._ciphers: dict[tuple[bytes, bytes], AESSIV] = {}

    def pairwise(self, subject: str, recipient: Recipient) -> str:
        """Return the id under which this recipient, or its group, knows a subject."""
        return _seal(self._cipher(self._versions[0], _circle(recipient)), subject)

    def open_pairwise(self, pairwise: str, recipient: Recipient) -> str | None:
        """Return the subject behind an id; `None` if malformed or another's, after the same work."""
        circle = _circle(recipient)
        # each version is tried, whichever fits: an old id, a new one and nobody's take as long
        opened = [_open(self._cipher(secret, circle), pairwise) for secret in self._versions]
        return next((subject for subject in opened if subject is not None), None)

    def names_person(self, text: str) -> bool:
        """Tell whether a text has the form of an id of ours, whoever's it is and by whichever key; misspelled too."""
        return FORM.fullmatch(text.strip()) is not None

    def seal_subject(self, subject: str) -> str:
        """Return the subject as the ledger writes it."""
        return _seal(self._cipher(self._secret, LEDGER), subject)

    def open_subject(self, sealed: str) -> str | None:
        """Return the subject behind a ledger entry's text, or `None` if it was not sealed here."""
        return _open(self._cipher(self._secret, LEDGER), sealed)

    def _cipher(self, secret: bytes, info: bytes) -> AESSIV:
        """Return the cipher of one use; as many are kept as there are groups in the catalogue, for each version."""
        known = self._ciphers.get((secret, info))
        if known is None:
            key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)
            known = self._ciphers[secret, info] = AESSIV(key)
        return known


def _circle(recipient: Recipient) -> bytes:
    """Name who shares a key; the word before the name keeps a group and a recipient of one name apart."""
    kind, name = ("group", recipient.group) if recipient.group else ("recipient", recipient.id)
    return f"consent-gateway pairwise {kind}:{name}".encode()


def _seal(cipher: AESSIV, subject: str) -> str:
    return base64.urlsafe_b64encode(cipher.encrypt(subject.encode(), None)).rstrip(b"=").decode()


def _open(cipher: AESSIV, text: str) -> str | None:
    try:
        subject = cipher.decrypt(_decoded(text), None).decode()
    except (InvalidTag, UnicodeDecodeError):
        return None
    return subject if _seal(cipher, subject) == text else None  # one id has one spelling


def _decoded(text: str) -> bytes:
    """Return the bytes of an id, or garbage of the usual length: a malformed id does not answer sooner."""
    if len(text) > MOST_CHARACTERS or not text.isascii():
        return GARBAGE
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True) or GARBAGE
    except binascii.Error:
        return GARBAGE
