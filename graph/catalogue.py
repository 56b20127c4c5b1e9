"""The catalogue, compiled: attributes, register, law rows, channels, notices, and look-ups over them; no files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from graph.records import Cell, NoticeRef
from graph.taxonomy import Node, Tree, Trees, tree
from graph.terms import (
    AgeBand,
    Basis,
    CategoryClass,
    Fidelity,
    Operation,
    Origin,
    Regime,
    Sensitivity,
    ValueKind,
)

Rung = Mapping[str, object]
"""Parameters of one rung of a ladder, as the `ladder` column writes them."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of personal data; the marks are the node's own, never inherited."""

    key: str
    parent: str
    sensitivity: Sensitivity
    name: str = ""
    art9: str = ""
    us_sensitive: bool = False
    raw_sensor: bool = False
    bystander: bool = False
    life_event: bool = False
    emotion: bool = False
    since: int = 1
    moved: int | None = None

    @property
    def law_class(self) -> CategoryClass:
        """Return the class by which law rows speak of this category."""
        if self.art9:
            return CategoryClass.SPECIAL
        return CategoryClass.SENSITIVE if self.us_sensitive else CategoryClass.ORDINARY


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is asked for; only a leaf may be named by a request."""

    key: str
    parent: str
    name: str = ""
    us_operations: frozenset[str] = frozenset()
    gpc_objects: bool = False
    strictly_needed: bool = False
    legal_bases: tuple[str, ...] = ()
    since: int = 1
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives attributes; `since` is the catalogue version that brought its membership of the group."""

    id: str
    name: str = ""
    group: str = ""
    third_party: bool = False
    region: str = ""
    clients: tuple[str, ...] = ()
    since: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """One lineage edge into an attribute; a mask takes its subtree of categories away (7.1)."""

    key: str
    masks: frozenset[str] = frozenset()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One named value: its category, kind, origin and fidelity ladder."""

    key: str
    category: str
    kind: ValueKind
    sensitivity: Sensitivity
    origin: Origin
    rungs: tuple[Fidelity, ...]
    purposes: frozenset[str]
    channels: frozenset[str]
    observed_on: frozenset[str]
    safety: bool = False
    exposed: bool = True
    intrusion: int = 2
    sources: tuple[Source, ...] = ()
    ladder: Mapping[Fidelity, Rung] = field(default_factory=dict, compare=False)
    graphql_type: str = ""
    graphql_field: str = ""
    title: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    enum_values: tuple[str, ...] = ()
    lease_seconds: int | None = None
    default_fidelity: Fidelity = Fidelity.NONE
    default_release: str = ""
    default_duration: str = ""
    default_effect: str = ""
    format: str = ""

    @property
    def top(self) -> Fidelity:
        """Return the highest rung of the ladder."""
        return self.rungs[-1]

    def floor(self, fidelity: Fidelity) -> Fidelity:
        """Round down to a rung the attribute has (2.6)."""
        return max(rung for rung in self.rungs if rung <= fidelity)

    def above(self, fidelity: Fidelity) -> Fidelity | None:
        """Return the next rung above, or `None` at the top."""
        return next((rung for rung in self.rungs if rung > fidelity), None)


@dataclass(frozen=True, slots=True)
class Channel:
    """A row of the channel table: what it may ask for and receive, and who else sees or hears."""

    id: str
    shared_by_default: str
    can_be_private: bool
    max_sensitivity_to_ask: Sensitivity
    max_sensitivity_to_release: Sensitivity
    max_assurance: int
    can_withdraw: bool = True
    name: str = ""
    identity: str = ""
    prompt_ability: str = ""
    prompt_interface: str = ""
    offline_ttl_seconds: int = 0


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One entry of the register of processing; purpose and category stand for their subtrees."""

    recipient: str
    purpose: str
    category: str
    operation: Operation
    basis: Basis
    retention_days: int | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class LawRow:
    """One row of the law pack; `None` in a dimension matches all; each has its article in `source`."""

    jurisdiction: str
    regime: Regime
    purpose: str | None = None
    category_class: CategoryClass | None = None
    operation: Operation | None = None
    age_band: AgeBand | None = None
    recipient_region: str | None = None
    max_age_days: int | None = None
    min_assurance: int = 0
    guardian: bool = False
    art9_ground: str = ""
    in_force_from: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class NoticeCell:
    """A cell a notice version speaks of; `material` says that this version changed it."""

    purpose: str | None = None
    category: str | None = None
    recipient: str | None = None
    operation: Operation | None = None
    material: bool = True


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The text of a notice version in one locale (BCP 47)."""

    locale: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """One version of a notice; `cells` absent means every cell, material."""

    ref: NoticeRef
    catalogue_version: int
    effective_from: datetime
    cells: tuple[NoticeCell, ...] | None = None
    texts: tuple[NoticeText, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that is not about one person, with the look-ups the decision needs."""

    version: int
    digest: str
    categories: Mapping[str, Category]
    purposes: Mapping[str, Purpose]
    recipients: Mapping[str, Recipient]
    attributes: Mapping[str, Attribute]
    channels: Mapping[str, Channel]
    parents: Mapping[str, str]
    register: Mapping[tuple[str, Operation], tuple[RegisterRow, ...]]
    law: Mapping[str, tuple[LawRow, ...]]
    notices: Mapping[str, tuple[NoticeVersion, ...]]
    vocabularies: Mapping[str, Mapping[str, str]]
    trees: Trees
    inherited: Mapping[str, frozenset[str]]
    published_at: datetime | None = None

    def register_rows(self, cell: Cell) -> tuple[RegisterRow, ...]:
        """Return the register rows that let this cell occur (2.2)."""
        return tuple(
            row
            for row in self.register.get((cell.recipient, cell.operation), ())
            if self.trees.purposes.within(cell.purpose, row.purpose)
            and self.trees.categories.within(cell.category, row.category)
        )

    def notice_in_force(self, notice: str, at: datetime) -> NoticeVersion | None:
        """Return the version of a notice in force at an instant, or `None`."""
        versions = [version for version in self.notices.get(notice, ()) if version.effective_from <= at]
        return versions[-1] if versions else None

    def changes(self, version: NoticeVersion, cell: Cell) -> bool:
        """Tell whether this notice version changed this cell materially."""
        if version.cells is None:
            return True
        return any(row.material and self._speaks_of(row, cell) for row in version.cells)

    def _speaks_of(self, row: NoticeCell, cell: Cell) -> bool:
        return (
            self.trees.purposes.within(cell.purpose, row.purpose)
            and self.trees.categories.within(cell.category, row.category)
            and row.recipient in (None, cell.recipient)
            and row.operation in (None, cell.operation)
        )


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows a catalogue is compiled from, as a pack, a case file or a store's additions give them."""

    categories: tuple[Category, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    channels: tuple[Channel, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    register: tuple[RegisterRow, ...] = ()
    law: tuple[LawRow, ...] = ()
    notices: tuple[NoticeVersion, ...] = ()
    vocabularies: tuple[tuple[str, Mapping[str, str]], ...] = ()

    def plus(self, other: "Tables") -> "Tables":
        """Return these rows followed by others; a later row of the same key replaces an earlier one."""
        return Tables(*(getattr(self, name) + getattr(other, name) for name in Tables.__slots__))


def compiled(tables: Tables, *, version: int = 1, digest: str = "", published_at: datetime | None = None) -> Catalogue:
    """Compile rows to a catalogue; raises `ValueError` for a circle or an unknown parent or source."""
    attributes = {row.key: row for row in tables.attributes}
    recipients = {row.id: row for row in tables.recipients}
    trees = Trees(
        purposes=tree(Node(row.key, row.parent, row.since, row.moved) for row in _last(tables.purposes)),
        categories=tree(Node(row.key, row.parent, row.since, row.moved) for row in _last(tables.categories)),
        groups={row.id: row.group for row in recipients.values() if row.group},
    )
    return Catalogue(
        version=version,
        digest=digest,
        categories={row.key: row for row in tables.categories},
        purposes={row.key: row for row in tables.purposes},
        recipients=recipients,
        attributes=attributes,
        channels={row.id: row for row in tables.channels},
        parents=dict(tables.parents),
        register=_grouped((row.recipient, row.operation, row) for row in tables.register),
        law=_by_jurisdiction(tables.law),
        notices=_versions(tables.notices),
        vocabularies=dict(tables.vocabularies),
        trees=trees,
        inherited=closure(attributes, trees.categories),
        published_at=published_at,
    )


def closure(attributes: Mapping[str, Attribute], categories: Tree) -> Mapping[str, frozenset[str]]:
    """Return, for each attribute, the categories that reach it from its sources: ⋃ (eff(b) − masks) of 7.1."""
    reached: dict[str, frozenset[str]] = {}
    for key in attributes:
        _reach(key, attributes, categories, reached, ())
    return reached


def _reach(
    key: str,
    attributes: Mapping[str, Attribute],
    categories: Tree,
    reached: dict[str, frozenset[str]],
    below: tuple[str, ...],
) -> frozenset[str]:
    if key in below:
        raise ValueError(f"`{key}` is derived from itself; break the circle of sources")
    if key not in reached:
        found: set[str] = set()
        for source in attributes[key].sources:
            if source.key not in attributes:
                raise ValueError(f"source `{source.key}` of `{key}` is not an attribute; add it or correct the source")
            own = {attributes[source.key].category}
            effective = own | _reach(source.key, attributes, categories, reached, (*below, key))
            found |= {one for one in effective if not any(categories.within(one, mask) for mask in source.masks)}
        reached[key] = frozenset(found)
    return reached[key]


def _last(rows: Iterable[Category] | Iterable[Purpose]) -> Iterable[Category | Purpose]:
    return {row.key: row for row in rows}.values()


def _grouped(
    rows: Iterable[tuple[str, Operation, RegisterRow]],
) -> Mapping[tuple[str, Operation], tuple[RegisterRow, ...]]:
    found: dict[tuple[str, Operation], list[RegisterRow]] = {}
    for recipient, operation, row in rows:
        found.setdefault((recipient, operation), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _by_jurisdiction(rows: Iterable[LawRow]) -> Mapping[str, tuple[LawRow, ...]]:
    found: dict[str, list[LawRow]] = {}
    for row in rows:
        found.setdefault(row.jurisdiction, []).append(row)
    return {code: tuple(rows) for code, rows in found.items()}


def _versions(rows: Iterable[NoticeVersion]) -> Mapping[str, tuple[NoticeVersion, ...]]:
    found: dict[str, dict[int, NoticeVersion]] = {}
    for row in rows:
        found.setdefault(row.ref.id, {})[row.ref.version] = row
    return {
        notice: tuple(sorted(versions.values(), key=lambda one: (one.effective_from, one.ref.version)))
        for notice, versions in found.items()
    }
