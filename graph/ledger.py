"""The disclosure ledger: what one entry says, and the hash chain over all of them (7.2)."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from graph.terms import Fidelity, Operation

GENESIS = "0" * 64  # the head of an empty chain

Rest: TypeAlias = Callable[[], Awaitable[None]]
"""Lets others go first, between two stretches of a long reading."""


async def at_once() -> None:
    """Let nobody go first."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One release to one recipient, recorded before it is sent; never a value. `subject` is sealed."""

    id: str
    subject: str
    recipient: str
    purpose: str
    operation: Operation
    released: tuple[tuple[str, Fidelity], ...]
    evidence: tuple[str, ...]
    revision: str
    catalogue_version: int
    at: datetime
    document: str | None = None
    trace: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the attributes released, in the order asked."""
        return tuple(key for key, _ in self.released)


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The chain's length and head, and the position of the first entry that does not fit, if any."""

    length: int
    head: str
    first_broken: int | None = None

    @property
    def intact(self) -> bool:
        """Tell whether every entry checked fits the one before it."""
        return self.first_broken is None


def written(entry: Disclosure) -> str:
    """Write an entry as canonical JSON: sorted keys, no spaces; the bytes the chain is over."""
    return json.dumps(
        {
            "id": entry.id,
            "subject": entry.subject,
            "recipient": entry.recipient,
            "purpose": entry.purpose,
            "operation": entry.operation.value,
            "released": [[key, fidelity.name] for key, fidelity in entry.released],
            "evidence": list(entry.evidence),
            "revision": entry.revision,
            "catalogueVersion": entry.catalogue_version,
            "at": entry.at.isoformat(),
            "document": entry.document,
            "trace": entry.trace,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )


def read(text: str) -> Disclosure:
    """Read an entry that `written` wrote."""
    row = json.loads(text)
    return Disclosure(
        id=row["id"],
        subject=row["subject"],
        recipient=row["recipient"],
        purpose=row["purpose"],
        operation=Operation(row["operation"]),
        released=tuple((key, Fidelity[name]) for key, name in row["released"]),
        evidence=tuple(row["evidence"]),
        revision=row["revision"],
        catalogue_version=row["catalogueVersion"],
        at=datetime.fromisoformat(row["at"]),
        document=row["document"],
        trace=row["trace"],
    )


def seal(head: str, text: str) -> str:
    """Return the chain's next head: SHA-256 over the head before and the entry's text, in hexadecimal."""
    return hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()


def verify(rows: Iterable[tuple[int, str, str]], head: str = GENESIS, start: int = 0) -> LedgerState:
    """Check (position, text, head) rows in order, those after position `start`, where the chain's head was `head`.

    Positions start at 1. The first entry that does not fit is named by the position it should have; the length is that
    of the whole chain up to the last row.
    """
    length, broken = start, None
    for position, text, sealed in rows:
        length += 1
        if broken is None and (position != length or seal(head, text) != sealed):
            broken = length
        head = sealed
    return LedgerState(length, head, broken)


def compared(state: LedgerState, length: int, head: str) -> LedgerState:
    """Return a checked state held against the length and head kept beside the entries.

    Entries taken off the end leave a chain that fits in itself; only what was kept beside it shows that they are gone.
    """
    if state.first_broken is not None or (state.length, state.head) == (length, head):
        return state
    shared = min(state.length, length)
    return replace(state, first_broken=shared if state.length == length else shared + 1)


def continued(
    state: LedgerState, rows: Sequence[tuple[int, str, str]], end: LedgerState, *, most: int
) -> tuple[LedgerState, bool]:
    """Check the next stretch of a chain, at most so many rows, after what is checked; tell whether that was the last.

    `end` is the length and head kept beside the entries; a break is told with those.
    """
    state = verify(rows, state.head, state.length)
    if state.first_broken is not None:
        return replace(end, first_broken=state.first_broken), True
    if len(rows) == most:
        return state, False
    return compared(state, end.length, end.head), True
