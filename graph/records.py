"""Frozen values of the graph: scope, record, subject, device, value, offer; and how scopes relate to cells."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from graph.taxonomy import Trees
from graph.terms import (
    AgeBand,
    DeviceKind,
    Fidelity,
    GivenBy,
    Level,
    Operation,
    PartyKind,
    RecordKind,
    Standing,
)

ALL_OPERATIONS: frozenset[Operation] = frozenset(Operation)
YES_KINDS: frozenset[RecordKind] = frozenset({RecordKind.GIVEN, RecordKind.RENEWED})
NO_KINDS: frozenset[RecordKind] = frozenset(
    {RecordKind.REFUSED, RecordKind.WITHDRAWN, RecordKind.OBJECTED, RecordKind.REVOKED, RecordKind.SIGNAL}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one decision is about: one point in each dimension; no device or session is a point of its own."""

    purpose: str
    category: str
    recipient: str
    channel: str
    operation: Operation
    device: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a record speaks about: one node in each dimension, `None` for all of it; a set of operations."""

    purpose: str | None = None
    category: str | None = None
    recipient: str | None = None
    group: str | None = None
    channel: str | None = None
    device: str | None = None
    session: str | None = None
    operations: frozenset[Operation] = ALL_OPERATIONS


@dataclass(frozen=True, slots=True)
class GivenOn:
    """Where a record was made."""

    channel: str | None = None
    device: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeRef:
    """One version of a notice; written `n1@2`."""

    id: str
    version: int

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Record:
    """An immutable consent event; `sequence` is the revision its command made."""

    id: str
    kind: RecordKind
    recorded_at: datetime
    scope: Scope = Scope()
    cap: Fidelity = Fidelity.PRECISE
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    notice: NoticeRef | None = None
    catalogue_version: int = 1
    offer_id: str | None = None
    explicit: bool = True
    names: frozenset[str] = frozenset()
    assurance: int = 2
    given_by: GivenBy = GivenBy.SUBJECT
    given_on: GivenOn = GivenOn()
    answers_signal: bool = False
    sequence: int = 0

    @property
    def is_yes(self) -> bool:
        """Tell whether this counts as a yes up to its cap."""
        return self.kind in YES_KINDS

    @property
    def is_no(self) -> bool:
        """Tell whether this is a no at every rung."""
        return self.kind in NO_KINDS

    @property
    def limit(self) -> Fidelity:
        """Return the cap that counts: NONE for every no."""
        return self.cap if self.is_yes else Fidelity.NONE

    @property
    def starts(self) -> datetime:
        """Return when it begins: a yes at `valid_from`, everything else when recorded."""
        return self.valid_from if self.is_yes and self.valid_from is not None else self.recorded_at


@dataclass(frozen=True, slots=True)
class Subject:
    """A party as the graph knows it; `levels` maps a channel, or `*`, to the level set for it."""

    id: str
    kind: PartyKind = PartyKind.SUBJECT
    standing: Standing = Standing.ACTIVE
    age_band: AgeBand = AgeBand.UNKNOWN
    jurisdictions: tuple[str, ...] = ()
    levels: tuple[tuple[str, Level], ...] = ()
    guardians: tuple[str, ...] = ()

    def level(self, channel: str) -> Level | None:
        """Return the level set for this channel, else for all, else `None`."""
        levels = dict(self.levels)
        return levels.get(channel, levels.get("*"))


@dataclass(frozen=True, slots=True)
class Device:
    """One device of one subject: an interval of linking, never a merge (2.4 rule 11)."""

    id: str
    name: str
    kind: DeviceKind
    shared: bool
    linked_at: datetime
    unlinked_at: datetime | None = None


Held: TypeAlias = int | float | bool | str | tuple[str, ...] | tuple[float, ...]
"""A value as Python holds it; LIST is a tuple of str, VEC3 a tuple of three floats, TIMESTAMP an RFC 3339 str."""


@dataclass(frozen=True, slots=True)
class Value:
    """One held value of one attribute, with where it came from; `expires_at` ends it (2.7)."""

    key: str
    held: Held = field(repr=False)
    recorded_at: datetime
    purpose: str
    expires_at: datetime | None = None
    observed_at: datetime | None = None
    device: str | None = None
    sources: tuple[str, ...] = ()
    input_revision: int = 0


def covers(scope: Scope, cell: Cell, trees: Trees) -> bool:
    """Tell whether the cell is within the scope in every dimension (2.4 rule 1)."""
    return (
        cell.operation in scope.operations
        and _places_hold(scope, cell, trees)
        and trees.purposes.within(cell.purpose, scope.purpose)
        and trees.categories.within(cell.category, scope.category)
    )


def reaches(scope: Scope, cell: Cell, trees: Trees) -> bool:
    """Tell whether the scope touches a cell like this one of some category and operation (2.4 rule 1)."""
    return _places_hold(scope, cell, trees) and trees.purposes.related(cell.purpose, scope.purpose)


def _places_hold(scope: Scope, cell: Cell, trees: Trees) -> bool:
    """Tell whether the dimensions in which a cell is always a leaf are within the scope."""
    return (
        scope.channel in (None, cell.channel)
        and scope.device in (None, cell.device)
        and scope.session in (None, cell.session)
        and scope.recipient in (None, cell.recipient)
        and (scope.group is None or trees.groups.get(cell.recipient) == scope.group)
    )


def at_least_as_narrow(scope: Scope, other: Scope, trees: Trees) -> bool:
    """Tell whether `scope` is within `other` in every dimension (2.4 rule 1)."""
    return (
        scope.operations <= other.operations
        and other.channel in (None, scope.channel)
        and other.device in (None, scope.device)
        and other.session in (None, scope.session)
        and _recipient_within(scope, other, trees)
        and (
            other.purpose is None or (scope.purpose is not None and trees.purposes.within(scope.purpose, other.purpose))
        )
        and (
            other.category is None
            or (scope.category is not None and trees.categories.within(scope.category, other.category))
        )
    )


def _recipient_within(scope: Scope, other: Scope, trees: Trees) -> bool:
    if other.recipient is not None:
        return scope.recipient == other.recipient
    if other.group is None:
        return True
    if scope.recipient is not None:
        return trees.groups.get(scope.recipient) == other.group
    return scope.group == other.group
