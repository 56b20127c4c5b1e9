"""What the law wants for a cell: the strictest of the law pack's rows and of what the legal basis implies (2.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from graph.catalogue import Catalogue, LawRow, RegisterRow
from graph.records import Cell
from graph.terms import AgeBand, Basis, CategoryClass, Operation, Regime

UNKNOWN_PLACE = "ZZ"  # the rows for an unknown code or residence
YOUNG_UNLESS_KNOWN = frozenset({Operation.SELL, Operation.TARGET, Operation.TRAIN})

IMPLIED: dict[Basis, Regime] = {
    Basis.CONSENT: Regime.CONSENT,
    Basis.LEGITIMATE_INTERESTS: Regime.OPT_OUT,
    Basis.PUBLIC_TASK: Regime.OPT_OUT,
    Basis.CONTRACT: Regime.NOTICE_ONLY,
    Basis.LEGAL_OBLIGATION: Regime.NOTICE_ONLY,
    Basis.VITAL_INTERESTS: Regime.NOTICE_ONLY,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The law of one cell; `changes` are the instants at which a row of it comes into force later."""

    regime: Regime
    age_band: AgeBand
    max_age: timedelta | None = None
    min_assurance: int = 0
    guardian: bool = False
    changes: tuple[datetime, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What law rows are matched against, beside the jurisdiction."""

    cell: Cell
    law_class: CategoryClass
    age_band: AgeBand
    region: tuple[str, ...]
    at: datetime


def age_band(stated: AgeBand, operation: Operation, unknown: AgeBand | None) -> AgeBand:
    """Return the band that counts; UNKNOWN is TEEN for SELL, TARGET, TRAIN and ADULT otherwise, unless set."""
    if stated is not AgeBand.UNKNOWN:
        return stated
    if unknown is not None:
        return unknown
    return AgeBand.TEEN if operation in YOUNG_UNLESS_KNOWN else AgeBand.ADULT


def strictest_row(cell: Cell, catalogue: Catalogue) -> RegisterRow | None:
    """Return the register row whose basis counts for a cell, of equals the first; `None` if none lets it occur."""
    return max(catalogue.register_rows(cell), key=lambda row: IMPLIED[row.basis], default=None)


def basis_regime(row: RegisterRow | None) -> Regime:
    """Return the regime the basis of a cell's strictest register row implies; CONSENT without a row."""
    return Regime.CONSENT if row is None else IMPLIED[row.basis]


def rule_for(facts: Facts, jurisdictions: tuple[str, ...], catalogue: Catalogue) -> Rule:
    """Combine the law of all jurisdictions: strictest regime, shortest age, highest assurance, any guardian."""
    found: list[LawRow] = []
    changes: list[datetime] = []
    regimes: list[tuple[Regime, str]] = []
    for code in jurisdictions:
        rows = _in_force(code, facts, catalogue, changes)
        found += rows
        regimes += [(_regime(row, facts), row.source) for row in rows] or [_strictest(facts, catalogue)]
    regime, source = max(regimes, key=lambda one: one[0])
    ages = [row.max_age_days for row in found if row.max_age_days is not None]
    return Rule(
        regime=regime,
        age_band=facts.age_band,
        max_age=timedelta(days=min(ages)) if ages else None,
        min_assurance=max((row.min_assurance for row in found), default=0),
        guardian=any(row.guardian for row in found),
        changes=tuple(changes),
        source=source,
    )


def chain(code: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return a jurisdiction, its parents, nearest first, and the rows for unknown places last."""
    codes: list[str] = []
    while code and code not in codes:
        codes.append(code)
        code = catalogue.parents.get(code, "")
    return (*codes, UNKNOWN_PLACE)


def _in_force(code: str, facts: Facts, catalogue: Catalogue, changes: list[datetime]) -> list[LawRow]:
    for step in chain(code, catalogue):
        matching = [row for row in catalogue.law.get(step, ()) if _matches(row, facts, catalogue)]
        changes += [row.in_force_from for row in matching if row.in_force_from and row.in_force_from > facts.at]
        now = [row for row in matching if row.in_force_from is None or row.in_force_from <= facts.at]
        if now:
            return now
    return []


def _matches(row: LawRow, facts: Facts, catalogue: Catalogue) -> bool:
    return (
        row.operation in (None, facts.cell.operation)
        and row.category_class in (None, facts.law_class)
        and row.age_band in (None, facts.age_band)
        and (row.recipient_region is None or row.recipient_region in facts.region)
        and catalogue.trees.purposes.within(facts.cell.purpose, row.purpose)
    )


def _regime(row: LawRow, facts: Facts) -> Regime:
    """Return what a row says; a special category needs explicit consent unless the row names its Art. 9(2) ground."""
    if facts.law_class is CategoryClass.SPECIAL and not row.art9_ground:
        return max(row.regime, Regime.EXPLICIT_CONSENT)
    return row.regime


def _strictest(facts: Facts, catalogue: Catalogue) -> tuple[Regime, str]:
    regimes = [row.regime for rows in catalogue.law.values() for row in rows]
    regime = max(regimes, default=Regime.PROHIBITED)
    if facts.law_class is CategoryClass.SPECIAL:
        regime = max(regime, Regime.EXPLICIT_CONSENT)
    return regime, "no rule for this place: the strictest of the pack"
