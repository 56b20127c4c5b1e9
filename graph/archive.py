"""Moving a store whole: what any store tells of itself, entry by entry, and takes in again; no file is read here.

The order of entries is one for every store, so that two stores with the same content tell the same:

1. `Secret`, by name.
2. `AdditionsAt`, then what governance added, in the order it came.
3. For each party, by kind and id: `Party`, then its `Device`s in the order they were first linked, its `StoredRecord`s
   by position, its `SealedValue`s by key, its `Link`s by revision.
4. `LedgerEnd`, then `LedgerEntry`s by position.
5. `UsedOffer`, by id.
6. `Answered`, those of the catalogue first, then by kind, party and key.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from graph.catalogue import NoticeVersion, Recipient
from graph.records import Device, Subject
from graph.store import Command, RegisteredDocument, Store, StoredRecord
from graph.terms import PartyKind


@dataclass(frozen=True, slots=True)
class Secret:
    """32 random bytes by name: tokens, pairwise ids and cursors are made with them."""

    name: str
    random: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AdditionsAt:
    """The revision of what governance added, and the version of the catalogue served last, 0 before any was.

    No older catalogue is served after the move either.
    """

    revision: int
    catalogue: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """A party, at the revision and with the newest instant of its tree; `head` ends the chain of its changes."""

    subject: Subject
    revision: int
    latest: datetime | None
    head: str


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A held value as it is kept: `box` is what sealing made of it, and is moved unopened."""

    key: str
    box: bytes = field(repr=False)
    recorded_at: datetime
    purpose: str
    expires_at: datetime | None = None
    observed_at: datetime | None = None
    device: str | None = None
    sources: tuple[str, ...] = ()
    input_revision: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a party's hash chain: the change that made a revision, as it was told; the bytes are the chain's."""

    revision: int
    at: datetime
    text: str
    head: str


@dataclass(frozen=True, slots=True)
class LedgerEnd:
    """The ledger's length and head as they are kept beside its entries."""

    length: int
    head: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One disclosure: its text, which is what the chain is over, and the head it made."""

    position: int
    text: str
    head: str


@dataclass(frozen=True, slots=True)
class UsedOffer:
    """An offer that was answered, so that it is not answered again."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A command of the last 24 h with its answer; without a kind it is one of governance on the catalogue."""

    kind: PartyKind | None
    party: str
    command: Command
    revision: int
    at: datetime


OfParty: TypeAlias = Device | StoredRecord | SealedValue | Link
"""What follows a `Party` and is its own."""

Entry: TypeAlias = (
    Secret
    | AdditionsAt
    | Recipient
    | NoticeVersion
    | RegisteredDocument
    | Party
    | OfParty
    | LedgerEnd
    | LedgerEntry
    | UsedOffer
    | Answered
)
"""One thing a store keeps."""

_TAKEN_AS: Final[Mapping[type[Entry], str]] = {
    Secret: "_secret",
    AdditionsAt: "_additions_at",
    Recipient: "_addition",
    NoticeVersion: "_addition",
    RegisteredDocument: "_addition",
    Party: "_party",
    Device: "_device",
    StoredRecord: "_record",
    SealedValue: "_value",
    Link: "_change",
    LedgerEnd: "_ledger_end",
    LedgerEntry: "_ledger_entry",
    UsedOffer: "_offer",
    Answered: "_answered",
}


def turns(taking: type) -> Mapping[type[Entry], Callable[..., Any]]:
    """Return which method of a class takes in which entries, one for each kind; raises `AttributeError` without it."""
    return {kind: getattr(taking, name) for kind, name in _TAKEN_AS.items()}


class MovableStore(Store, Protocol):
    """A store that can be moved: its meaning is `tests/conformance/test_moving.py`."""

    def dump(self, at: datetime) -> AsyncGenerator[Entry, None]:
        """Tell everything kept, in the order above, in bounded memory; commands older than 24 h at `at` are left out.

        All of it is of one instant: what is written meanwhile is not told, or the dump raises `StoreUnavailable`.
        A chain that does not fit is told as it is. Close the iterator when you leave it early.
        """

    async def restore(self, entries: AsyncIterable[Entry]) -> None:
        """Take in what another store told, whole or not at all, durable when it returns; keeps every position.

        Raises `StoreNotEmpty` before the first entry is asked for, `ArchiveRefused` for entries that do not make a
        store, and whatever `entries` raises; then every handle on the place finds it empty as it was, or opening one
        raises `StoreError`. No handle sees a part of it. Unlike other calls it takes as long as it takes.
        """
