"""Rows of what may occur and what must be said: register of processing, law pack, notices."""

from dataclasses import dataclass
from datetime import datetime

from graph.records import NoticeRef
from graph.terms import AgeBand, Basis, CategoryClass, Operation, Regime

MOST_DAYS = 1_000_000  # 2,700 years: beyond it an instant plus so many days would leave the calendar


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
