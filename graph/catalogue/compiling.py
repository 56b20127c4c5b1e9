"""The catalogue compiled from its rows, with the look-ups the decision needs, and the closure of derivations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from graph.catalogue.attributes import Attribute
from graph.catalogue.nodes import Category, Channel, Purpose, Recipient
from graph.catalogue.rules import LawRow, NoticeCell, NoticeVersion, RegisterRow
from graph.records import Cell
from graph.taxonomy import Node, Tree, Trees, tree
from graph.terms import Operation


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that is not about one person, with the look-ups the decision needs.

    `placed` says where in `register` the rows of one purpose and category stand: a decision looks there for each
    cell, and reading every row each time was a fifth of its cost.
    """

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
    placed: Mapping[tuple[str, Operation], Mapping[tuple[str, str], tuple[int, ...]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Work out where the register's rows stand."""
        object.__setattr__(self, "placed", {key: _placed(rows) for key, rows in self.register.items()})

    def register_rows(self, cell: Cell) -> tuple[RegisterRow, ...]:
        """Return the register rows that let this cell occur (2.2)."""
        rows = self.register.get((cell.recipient, cell.operation), ())
        placed = self.placed.get((cell.recipient, cell.operation), {})
        categories = self.trees.categories.path(cell.category)
        found = [
            place
            for purpose in self.trees.purposes.path(cell.purpose)
            for category in categories
            for place in placed.get((purpose, category), ())
        ]
        return tuple(rows[place] for place in sorted(found))

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


def _placed(rows: tuple[RegisterRow, ...]) -> Mapping[tuple[str, str], tuple[int, ...]]:
    found: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        found.setdefault((row.purpose, row.category), []).append(place)
    return {key: tuple(places) for key, places in found.items()}


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
