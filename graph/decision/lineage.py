"""Gate 6: what is made from other data needs the consent of every source it came from (2.3, 7.1)."""

from graph.catalogue import Attribute
from graph.decision.consent import ACTIONS, Side, Verdict, verdict
from graph.decision.request import GateAnswer
from graph.decision.situation import Situation
from graph.terms import Fidelity, Gate, NextActionKind, Origin, Reason, Regime, Standing

MADE = frozenset({Origin.DERIVED, Origin.INFERRED})


def source_categories(attribute: Attribute, situation: Situation) -> tuple[str, ...]:
    """Return the categories that reach an attribute from its sources, in alphabetical order."""
    return tuple(sorted(situation.catalogue.inherited.get(attribute.key, ())))


def lineage_gate(attribute: Attribute, sides: dict[str, Side], situation: Situation) -> GateAnswer:
    """Answer with the lowest of gates 3 to 5 over every source category, operation INFER; `sides` by category."""
    if attribute.origin in MADE and not attribute.sources:
        return GateAnswer(Gate.LINEAGE, Fidelity.NONE, (Reason.LINEAGE_UNKNOWN,), (None,))
    stopped = {category: _source(attribute, side, situation) for category, side in sorted(sides.items())}
    ceiling = min((row.ceiling for row in stopped.values()), default=attribute.top)
    if ceiling == attribute.top:
        return GateAnswer(Gate.LINEAGE, ceiling)
    low = {category: row for category, row in stopped.items() if row.ceiling == ceiling}
    actions = [row.action for row in low.values()]
    return GateAnswer(
        gate=Gate.LINEAGE,
        ceiling=ceiling,
        reasons=(Reason.SOURCE_WITHHELD,),
        actions=(None if None in actions else actions[0],),
        evidence=tuple(dict.fromkeys(row.evidence for row in low.values() if row.evidence)),
        rule="withheld by " + ", ".join(f"{category}: {row.reason}" for category, row in low.items()),
    )


def _source(attribute: Attribute, side: Side, situation: Situation) -> Verdict:
    """Say how far one source category goes: the minimum of standing, law and consent, with the action they leave."""
    rows = [
        _closed(attribute, Reason.SUBJECT_RESTRICTED, holds=situation.standing is Standing.ACTIVE),
        _closed(attribute, Reason.PROHIBITED_BY_LAW, holds=side.hearing.regime is not Regime.PROHIBITED),
        verdict(attribute, side, None),
    ]
    lowest = min(row.ceiling for row in rows)
    low = [row for row in rows if row.ceiling == lowest]
    actions: list[NextActionKind | None] = [row.action for row in low]
    return Verdict(lowest, low[0].reason, None if None in actions else actions[0], low[-1].evidence)


def _closed(attribute: Attribute, reason: Reason, *, holds: bool) -> Verdict:
    return Verdict(attribute.top) if holds else Verdict(Fidelity.NONE, reason, ACTIONS.get(reason))
