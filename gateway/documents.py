"""Registered documents by the hash of their text, each bound to one recipient; no manifest is read here."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graph.store import RegisteredDocument

HASH = re.compile(r"[0-9a-f]{64}")  # SHA-256 in lower-case hexadecimal
RELAY_HASH = re.compile(r"[0-9a-f]{32}")  # MD5, what Relay's compiler writes unless told otherwise
PREFIX = "sha256:"


class DocumentMismatch(Exception):
    """A stored document whose id is not the hash of its text."""


class RegisteredDocuments:
    """Holds documents by recipient and id; somebody else's document is as unknown as one nobody has.

    The hash of each is computed again; Relay's MD5 ids are kept beside it as names, never as proof.
    """

    def __init__(self, documents: Iterable[RegisteredDocument]) -> None:
        """Hold documents; raises `DocumentMismatch` for one whose id is not the hash of its text."""
        found: dict[tuple[str, str], RegisteredDocument] = {}
        owned: dict[str, dict[str, RegisteredDocument]] = {}
        for document in documents:
            if document.id != document_id(document.body):
                raise DocumentMismatch(f"`{document.id}` is not the hash of its text; register the document again")
            found[document.recipient, document.id] = document
            found.setdefault((document.recipient, relay_id(document.body)), document)
            owned.setdefault(document.recipient, {})[document.id] = document
        self._found: Mapping[tuple[str, str], RegisteredDocument] = MappingProxyType(found)
        self._of = {owner: tuple(sorted(documents.values(), key=_placed)) for owner, documents in owned.items()}

    def find(self, recipient: str, named: str) -> RegisteredDocument | None:
        """Return the document a recipient may run under an id in any of the forms clients send, or `None`."""
        return self._found.get((recipient, normal(named)))

    def of(self, recipient: str) -> tuple[RegisteredDocument, ...]:
        """Return a recipient's documents, in the order of their names."""
        return self._of.get(recipient, ())

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))


def _placed(document: RegisteredDocument) -> tuple[str, str]:
    return document.name, document.id


def document_id(body: str) -> str:
    """Return the id of a document: `sha256:` and the hash of its text, byte for byte."""
    return PREFIX + hashlib.sha256(body.encode()).hexdigest()


def relay_id(body: str) -> str:
    """Return the id Relay's compiler gives a document by default: the MD5 of its text."""
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def normal(named: str) -> str:
    """Return an id as it is kept: a bare SHA-256 (Apollo, Relay) gets its prefix, anything else stays."""
    return PREFIX + named if HASH.fullmatch(named) else named
