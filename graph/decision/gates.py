"""The gates that look at no record: scope, purpose, standing, law, level; the eighth is in `context`."""

from graph.catalogue import Attribute
from graph.decision.consent import Side
from graph.decision.request import GateAnswer, TokenEntry
from graph.decision.situation import Hearing, Situation
from graph.records import Cell
from graph.terms import Fidelity, Gate, Level, NextActionKind, Operation, Reason, Regime, Standing

UNSET_LEVEL = Level.DECLARED  # the level of a person who never set one, where no yes proves the rung (2.3)


def _answer(gate: Gate, attribute: Attribute, reason: Reason, *, holds: bool, rule: str = "") -> GateAnswer:
    if holds:
        return GateAnswer(gate, attribute.top, rule=rule)
    return GateAnswer(gate, Fidelity.NONE, (reason,), (None,), rule=rule)


def scope_gate(attribute: Attribute, cells: tuple[Cell, ...], situation: Situation) -> GateAnswer:
    """Let through what one entry of the token by itself covers, for every cell."""
    holds = all(any(_entry_covers(entry, cell, situation) for entry in situation.request.token) for cell in cells)
    return _answer(Gate.SCOPE, attribute, Reason.OUTSIDE_TOKEN_SCOPE, holds=holds)


def _entry_covers(entry: TokenEntry, cell: Cell, situation: Situation) -> bool:
    trees = situation.catalogue.trees
    return (
        (entry.operations is None or cell.operation in entry.operations)
        and (entry.channels is None or cell.channel in entry.channels)
        and (entry.purposes is None or any(trees.purposes.within(cell.purpose, one) for one in entry.purposes))
        and (entry.categories is None or any(trees.categories.within(cell.category, one) for one in entry.categories))
    )


def purpose_gate(attribute: Attribute, cells: tuple[Cell, ...], situation: Situation) -> GateAnswer:
    """Let through what the register and the attribute's own row foresee, and nothing raw or about bystanders."""
    category = situation.category(attribute.category)
    foreseen = (
        attribute.exposed
        and not (category.raw_sensor or category.bystander)
        and situation.channel is not None
        and situation.request.purpose in attribute.purposes
        and all(situation.request.channel in _channels(attribute, cell) for cell in cells)
    )
    rows = [situation.registered(cell) for cell in cells]
    rule = "; ".join(f"{row.operation} on {row.basis}" for row in rows if row)
    return _answer(
        Gate.PURPOSE,
        attribute,
        Reason.NOT_FOR_THIS_PURPOSE,
        holds=foreseen and all(rows),
        rule=rule or "not registered",
    )


def _channels(attribute: Attribute, cell: Cell) -> frozenset[str]:
    return attribute.observed_on if cell.operation is Operation.COLLECT else attribute.channels


def standing_gate(attribute: Attribute, situation: Situation) -> GateAnswer:
    """Let through nothing about a subject who is unknown, erased or restricted."""
    holds = situation.standing is Standing.ACTIVE
    return _answer(Gate.STANDING, attribute, Reason.SUBJECT_RESTRICTED, holds=holds, rule=situation.standing.value)


def law_gate(attribute: Attribute, hearings: tuple[tuple[Hearing, Hearing | None], ...]) -> GateAnswer:
    """Let through what no law prohibits; the effect of a safety attribute is asked about by itself."""
    stopped = [(value, effect) for value, effect in hearings if value.regime is Regime.PROHIBITED]
    strictest = max((value for value, _ in hearings), key=lambda hearing: hearing.regime)
    rule = f"{strictest.regime.name}: {strictest.rule.source}"
    if not stopped:
        return GateAnswer(Gate.LAW, attribute.top, rule=rule)
    spared = all(effect is not None for _, effect in stopped)
    ceiling = attribute.floor(Fidelity.EFFECT_ONLY) if spared else Fidelity.NONE
    if ceiling == attribute.top:
        return GateAnswer(Gate.LAW, ceiling, rule=rule)
    return GateAnswer(Gate.LAW, ceiling, (Reason.PROHIBITED_BY_LAW,), (None,), rule=rule)


def level_gate(attribute: Attribute, sides: tuple[Side, ...], situation: Situation) -> GateAnswer:
    """Cap by the personalization level; where none is set, a yes is the choice, else DECLARED is the cap."""
    level = situation.snapshot.subject.level(situation.request.channel)
    reached = (UNSET_LEVEL if level is None else level) >= attribute.intrusion
    ceiling = attribute.top if reached else attribute.floor(Fidelity.EFFECT_ONLY)
    if level is None and not reached:
        proven = min(_proven(attribute, side) for side in sides)
        ceiling = attribute.floor(max(Fidelity.EFFECT_ONLY, proven))
    rule = "no level set" if level is None else f"level {level.name}"
    if ceiling == attribute.top:
        return GateAnswer(Gate.LEVEL, ceiling, rule=rule)
    return GateAnswer(Gate.LEVEL, ceiling, (Reason.LEVEL_TOO_LOW,), (NextActionKind.RAISE_LEVEL,), rule=rule)


def _proven(attribute: Attribute, side: Side) -> Fidelity:
    """Return the highest rung that a yes proves in one cell; the top where the law prohibits anyway."""
    if side.hearing.regime is Regime.PROHIBITED:
        return attribute.top
    return next((rung for rung in reversed(attribute.rungs) if rung and side.proof(rung)), Fidelity.NONE)
