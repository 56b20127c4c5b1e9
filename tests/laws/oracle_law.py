"""The oracle's law: what the register and the law pack want of one cell (2.2, gate 4 of 2.3)."""

from dataclasses import dataclass, field
from datetime import datetime

from graph.catalogue import Catalogue, LawRow
from graph.decision.request import Request
from graph.decision.snapshot import DeviceState, Snapshot
from graph.records import Cell
from graph.terms import AgeBand, Basis, Operation, Regime
from tests.laws.oracle_scope import Entry, path, within


@dataclass(frozen=True)
class Rule:
    """What the law wants of one cell at one rung; `guardian` says that one is needed."""

    regime: Regime
    max_age_days: int | None
    min_assurance: int
    guardian: bool
    special: bool


@dataclass(frozen=True)
class World:
    """What one decision looks at; `entries` are the records there are by `at`, after rule 7."""

    request: Request
    snapshot: Snapshot
    catalogue: Catalogue
    assurance: int
    entries: tuple[Entry, ...]
    coming: tuple[Entry, ...]  # recorded later than `at`
    rules: dict[tuple[Cell, bool], Rule] = field(
        default_factory=dict, init=False, compare=False
    )  # each worked out once

    @property
    def at(self) -> datetime:
        return self.request.at

    @property
    def device(self) -> DeviceState | None:
        return self.snapshot.device


# 2.2: what a legal basis implies
IMPLIED = {
    Basis.CONSENT: Regime.CONSENT,
    Basis.LEGITIMATE_INTERESTS: Regime.OPT_OUT,
    Basis.PUBLIC_TASK: Regime.OPT_OUT,
    Basis.CONTRACT: Regime.NOTICE_ONLY,
    Basis.LEGAL_OBLIGATION: Regime.NOTICE_ONLY,
    Basis.VITAL_INTERESTS: Regime.NOTICE_ONLY,
}


def age_band(cell: Cell, world: World) -> AgeBand:
    """2.2: UNKNOWN counts as TEEN for SELL, TARGET and TRAIN and as ADULT otherwise, or as the setting says."""
    band = world.snapshot.subject.age_band
    if band is not AgeBand.UNKNOWN:
        return band
    if world.request.unknown_age is not None:
        return world.request.unknown_age
    return AgeBand.TEEN if cell.operation in {Operation.SELL, Operation.TARGET, Operation.TRAIN} else AgeBand.ADULT


def law_class(cell: Cell, world: World, *, effect: bool) -> str:
    """2.2: `special` with an art9 mark, else `sensitive` if us_sensitive, else `ordinary`; a safety effect ordinary."""
    category = world.catalogue.categories[cell.category]
    if effect:
        return "ordinary"
    if category.art9:
        return "special"
    return "sensitive" if category.us_sensitive else "ordinary"


def jurisdictions(cell: Cell, world: World) -> list[str]:
    """2.2: residence, place of the session if known, the recipient's region, the controller's establishment."""
    codes = list(world.snapshot.subject.jurisdictions) or ["ZZ"]
    recipient = world.catalogue.recipients.get(cell.recipient)
    region = recipient.region if recipient else None
    others = (world.request.place_jurisdiction, region, world.request.controller_region)
    return codes + [code for code in others if code]


def lineage_of(code: str, world: World) -> list[str]:
    """A jurisdiction and its parents, nearest first."""
    found = [code]
    while found[-1] in world.catalogue.parents and world.catalogue.parents[found[-1]] not in ("", *found):
        found.append(world.catalogue.parents[found[-1]])
    return found


def matches(row: LawRow, cell: Cell, world: World, *, effect: bool) -> bool:
    """2.2: a row's purpose covers its subtree, `*` matches all; a region covers what lies in it."""
    recipient = world.catalogue.recipients.get(cell.recipient)
    region = recipient.region if recipient else ""
    return (
        within(cell.purpose, row.purpose, world.catalogue.purposes)
        and (row.category_class is None or row.category_class == law_class(cell, world, effect=effect))
        and (row.operation is None or row.operation == cell.operation)
        and (row.age_band is None or row.age_band == age_band(cell, world))
        and (row.recipient_region is None or row.recipient_region in lineage_of(region, world))
    )


def walk(code: str, cell: Cell, world: World, *, effect: bool) -> tuple[list[LawRow], list[datetime]]:
    """Rows of one jurisdiction that count, nearest first, and the instants later matching rows come into force."""
    coming: list[datetime] = []
    for place in [*lineage_of(code, world), "ZZ"]:
        rows = [row for row in world.catalogue.law.get(place, ()) if matches(row, cell, world, effect=effect)]
        coming += [row.in_force_from for row in rows if row.in_force_from is not None and row.in_force_from > world.at]
        counting = [row for row in rows if row.in_force_from is None or row.in_force_from <= world.at]
        if counting:
            return counting, coming
    return [], coming


def regime_of(row: LawRow, *, special: bool) -> Regime:
    """2.2: for a special category a row without a ground counts as EXPLICIT_CONSENT (at least)."""
    return max(row.regime, Regime.EXPLICIT_CONSENT) if special and not row.art9_ground else row.regime


def basis_regime(cell: Cell, world: World, *, effect: bool) -> Regime:
    """2.2: the strictest of what the matching register rows imply; none: CONSENT; a safety effect's is CONTRACT."""
    if effect:
        return IMPLIED[Basis.CONTRACT]
    rows = register_rows(cell, world.catalogue)
    return max((IMPLIED[row] for row in rows), default=Regime.CONSENT)


def register_rows(cell: Cell, catalogue: Catalogue) -> list[Basis]:
    """2.2: purpose and category of a register row stand for their subtrees, a recipient for itself."""
    return [
        row.basis
        for rows in catalogue.register.values()
        for row in rows
        if row.recipient == cell.recipient
        and row.operation == cell.operation
        and within(cell.purpose, row.purpose, catalogue.purposes)
        and within(cell.category, row.category, catalogue.categories)
    ]


def rule(cell: Cell, world: World, *, effect: bool = False) -> Rule:
    """What the law wants of one cell."""
    if (cell, effect) not in world.rules:
        world.rules[cell, effect] = combined(cell, world, effect=effect)
    return world.rules[cell, effect]


def combined(cell: Cell, world: World, *, effect: bool) -> Rule:
    """2.2: within and over jurisdictions the strictest regime, shortest age, highest assurance, any guardian."""
    special = law_class(cell, world, effect=effect) == "special"
    regimes = [basis_regime(cell, world, effect=effect)]
    rows: list[LawRow] = []
    for code in jurisdictions(cell, world):
        counting, _ = walk(code, cell, world, effect=effect)
        rows += counting
        regimes += [regime_of(row, special=special) for row in counting]
        if not counting:  # else the strictest regime in the pack; it names no ground
            every = [row.regime for some in world.catalogue.law.values() for row in some]
            strictest = max(every, default=Regime.PROHIBITED)
            regimes.append(max(strictest, Regime.EXPLICIT_CONSENT) if special else strictest)
    band = age_band(cell, world)
    asked = any(row.guardian for row in rows)
    return Rule(
        regime=max(regimes),
        max_age_days=min((row.max_age_days for row in rows if row.max_age_days is not None), default=None),
        min_assurance=max((row.min_assurance for row in rows), default=0),
        guardian=band is AgeBand.CHILD or (band is AgeBand.TEEN and asked),
        special=special,
    )


def law_instants(cell: Cell, world: World, *, effect: bool) -> list[datetime]:
    """2.5: when law rows of this cell come into force."""
    return [instant for code in jurisdictions(cell, world) for instant in walk(code, cell, world, effect=effect)[1]]


def path_names(key: str, world: World, *, purposes: bool) -> list[str]:
    """A node of one of the two trees and its ancestors."""
    return path(key, world.catalogue.purposes if purposes else world.catalogue.categories)
