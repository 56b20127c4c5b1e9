"""The archive of a store as lines of JSON: a header, one line an entry, and an end with the checksum of all before it.

    {"format":"consent-gateway-archive","version":1,"at":"2026-03-01T12:00:00Z","program":"0.1.0"}
    ["party",{"subject":{…},"revision":3,…}]
    ["end",{"entries":1,"sha256":"…"}]

It knows no store's schema: what a line says is an entry of `graph.archive`. Reading proves the checksum last, so that
whoever takes entries in must not commit before the last one.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

import msgspec

from graph.archive import (
    AdditionsAt,
    Answered,
    Entry,
    LedgerEnd,
    LedgerEntry,
    Link,
    Party,
    SealedValue,
    Secret,
    UsedOffer,
)
from graph.catalogue import NoticeVersion, Recipient
from graph.errors import ArchiveRefused
from graph.records import Device
from graph.store import RegisteredDocument, StoredRecord

FORMAT: Final = "consent-gateway-archive"
VERSION: Final = 1  # another number for every change that an older program would misread
LONGEST_LINE: Final = 64 * 1024 * 1024  # far above any entry: what is longer is no archive, and is not read into memory

CUT_OFF: Final = "the archive has no end: it was cut off; export it again, or copy it again"
ALTERED: Final = "the archive's checksum is not that of its lines: it was altered; copy it again, or export it again"

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_types: Final[Mapping[str, type[Entry]]] = {
    "secret": Secret,
    "additions": AdditionsAt,
    "recipient": Recipient,
    "notice": NoticeVersion,
    "document": RegisteredDocument,
    "party": Party,
    "device": Device,
    "record": StoredRecord,
    "value": SealedValue,
    "change": Link,
    "ledger": LedgerEnd,
    "disclosure": LedgerEntry,
    "offer": UsedOffer,
    "command": Answered,
}
_words: Final = {kind: word for word, kind in _types.items()}
_decoders: Final = {word: msgspec.json.Decoder(kind) for word, kind in _types.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """What an archive is, of when, and which program wrote it."""

    format: str
    version: int
    at: datetime
    program: str


@dataclass(frozen=True, slots=True)
class End:
    """How many entries there are, and the SHA-256 of every byte before this line."""

    entries: int
    sha256: str


_encoder: Final = msgspec.json.Encoder(order="deterministic")  # of two equal sets the same bytes
_line: Final = msgspec.json.Decoder(tuple[str, msgspec.Raw])
_header: Final = msgspec.json.Decoder(Header)
_end: Final = msgspec.json.Decoder(End)


async def written(entries: AsyncIterable[Entry], at: datetime, program: str) -> AsyncIterator[bytes]:
    """Write an archive, line by line."""
    digest, number = hashlib.sha256(), 0
    line = _encoder.encode(Header(FORMAT, VERSION, at, program)) + b"\n"
    digest.update(line)
    yield line
    async for entry in entries:
        line = _encoder.encode((_words[type(entry)], entry)) + b"\n"
        digest.update(line)
        number += 1
        yield line
    yield _encoder.encode(("end", End(number, digest.hexdigest()))) + b"\n"


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """Read the lines of the entries; raises `ArchiveRefused`, for a wrong checksum after the last of them."""
    digest = hashlib.sha256(_headed(file))
    number = 0
    while not (line := _whole(file)).startswith(b'["end",'):
        digest.update(line)
        number += 1
        yield line
    try:
        end = _end.decode(_line.decode(line)[1])
    except UNREADABLE:
        raise ArchiveRefused(CUT_OFF) from None
    if end != End(number, digest.hexdigest()) or file.read(1):
        raise ArchiveRefused(ALTERED)


def entry_of(line: bytes) -> Entry:
    """Return the entry of a line; raises `ArchiveRefused` for what is none."""
    try:
        word, body = _line.decode(line)
        entry: Entry = _decoders[word].decode(body)
    except (*UNREADABLE, KeyError):
        raise ArchiveRefused(ALTERED) from None
    return entry


def _headed(file: IO[bytes]) -> bytes:
    """Return the header's line; raises `ArchiveRefused` unless it is that of an archive this program reads."""
    line = file.readline(LONGEST_LINE)
    try:
        header = _header.decode(line)
    except UNREADABLE:
        header = None
    if header is None or header.format != FORMAT:
        raise ArchiveRefused("the file is no archive; name one that `consent-gateway export` wrote")
    if header.version != VERSION:
        raise ArchiveRefused(
            f"the archive has format `{header.version}`, this program reads `{VERSION}`; "
            f"take it in with version `{header.program}` of this program"
        )
    return line


def _whole(file: IO[bytes]) -> bytes:
    line = file.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise ArchiveRefused(CUT_OFF)
    return line
