"""The decision: the minimum of eight ceilings for each attribute, its evidence and how long it holds (2.3, 2.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from graph.catalogue import Attribute, Catalogue
from graph.decision.consent import SILENCE_MAY_DO, Side, consent_gate, side, verdict
from graph.decision.context import context_gate
from graph.decision.gates import law_gate, level_gate, purpose_gate, scope_gate, standing_gate
from graph.decision.lineage import lineage_gate, source_categories
from graph.decision.request import Decision, GateAnswer, Request
from graph.decision.situation import STEPPED_UP, Hearing, Situation
from graph.decision.snapshot import Snapshot
from graph.records import Cell, covers
from graph.terms import Fidelity, Operation, Regime


def decide(request: Request, snapshot: Snapshot, catalogue: Catalogue, keys: tuple[str, ...]) -> tuple[Decision, ...]:
    """Decide each key by itself, in the order asked; every key must be in the catalogue."""
    return Deciding(Situation(request, snapshot, catalogue)).each(keys)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard about the cells of an attribute, value and effect by operation; many attributes share it."""

    pairs: tuple[tuple[Side, Side | None], ...]
    cells: tuple[Cell, ...]
    hearings: tuple[tuple[Hearing, Hearing | None], ...]
    rule: str
    until: datetime | None


class Deciding:
    """Holds one situation and the sides heard in it, so that attributes of one category are heard once."""

    def __init__(self, situation: Situation) -> None:
        """Begin with nothing heard."""
        self.situation = situation
        self._sides: dict[tuple[str, Operation, bool], Side] = {}
        self._until: dict[tuple[str, Operation, bool], datetime | None] = {}
        self._heard: dict[tuple[str, bool, bool], Heard] = {}

    def each(self, keys: tuple[str, ...]) -> tuple[Decision, ...]:
        """Decide each key."""
        return tuple(self.one(self.situation.catalogue.attributes[key]) for key in keys)

    def one(self, attribute: Attribute) -> Decision:
        """Ask every gate about one attribute; none is skipped and order does not matter."""
        heard = self._hear(attribute)
        sources = {
            category: self._side(category, Operation.INFER) for category in source_categories(attribute, self.situation)
        }
        gates = self._asked(attribute, heard, sources)
        ceiling = min(answer.ceiling for answer in gates)
        return Decision(
            key=attribute.key,
            ceiling=ceiling,
            gates=gates,
            evidence=_evidence(ceiling, (*_at(ceiling, heard.pairs), *sources.values())),
            valid_until=self._valid_until(heard, sources.values()),
        )

    def _asked(self, attribute: Attribute, heard: Heard, sources: dict[str, Side]) -> tuple[GateAnswer, ...]:
        situation = self.situation
        return (
            scope_gate(attribute, heard.cells, situation),
            purpose_gate(attribute, heard.cells, situation),
            standing_gate(attribute, situation),
            law_gate(attribute, heard.hearings),
            consent_gate((verdict(attribute, value, effect) for value, effect in heard.pairs), heard.rule),
            lineage_gate(attribute, sources, situation),
            level_gate(attribute, tuple(value for value, _ in heard.pairs), situation),
            context_gate(attribute, situation.operations, situation),
        )

    def _hear(self, attribute: Attribute) -> Heard:
        """Return what is heard of an attribute: its category, and whether its effect is a setting to be obeyed."""
        effect = attribute.safety and Fidelity.EFFECT_ONLY in attribute.rungs
        key = (attribute.category, effect, attribute.top is Fidelity.EFFECT_ONLY)
        if key not in self._heard:
            pairs = [self._pair(attribute, operation) for operation in self.situation.operations]
            self._heard[key] = Heard(
                pairs=tuple(pairs),
                cells=tuple([value.hearing.cell for value, _ in pairs]),
                hearings=tuple([(value.hearing, effect.hearing if effect else None) for value, effect in pairs]),
                rule=", ".join([f"{value.hearing.cell.operation} {value.hearing.regime.name}" for value, _ in pairs]),
                until=self._earliest([one for pair in pairs for one in pair if one]),
            )
        return self._heard[key]

    def _pair(self, attribute: Attribute, operation: Operation) -> tuple[Side, Side | None]:
        """Return the side of an attribute's cell, and that of its effect where it is a setting to be obeyed."""
        obeyed = attribute.safety and operation is Operation.USE and Fidelity.EFFECT_ONLY in attribute.rungs
        effect = self._side(attribute.category, operation, effect=True) if obeyed else None
        if effect is not None and (attribute.top is Fidelity.EFFECT_ONLY or effect.hearing.regime is Regime.PROHIBITED):
            return effect, None  # there is no value behind it, or what stops the effect stops the value too
        return self._side(attribute.category, operation), effect

    def _side(self, category: str, operation: Operation, *, effect: bool = False) -> Side:
        key = (category, operation, effect)
        if key not in self._sides:
            self._sides[key] = side(self.situation, self.situation.hearing(category, operation, effect=effect))
        return self._sides[key]

    def _valid_until(self, heard: Heard, sources: Iterable[Side]) -> datetime | None:
        request = self.situation.request
        found = [heard.until, self._earliest(sources)]
        if self.situation.assurance >= STEPPED_UP:
            found.append(request.step_up_until)
        return min((instant for instant in found if instant and instant > request.at), default=None)

    def _earliest(self, sides: Iterable[Side]) -> datetime | None:
        return min((instant for one in sides if (instant := self._boundary(one))), default=None)

    def _boundary(self, one: Side) -> datetime | None:
        cell = one.hearing.cell
        key = (cell.category, cell.operation, one.hearing.effect)
        if key not in self._until:
            later = [instant for instant in _instants(one, self.situation) if instant > self.situation.request.at]
            self._until[key] = min(later, default=None)
        return self._until[key]


def _instants(one: Side, situation: Situation) -> Iterable[datetime]:
    """Yield when something about a cell begins or ends: records, their age, notice versions, law rows (2.5)."""
    hearing, trees = one.hearing, situation.catalogue.trees
    for entry in (*hearing.touching, *hearing.coming):
        record = entry.record
        yield record.recorded_at
        if record.is_yes:
            yield record.starts
            if record.valid_until is not None:
                yield record.valid_until
            if hearing.rule.max_age is not None and covers(entry.scope, hearing.cell, trees):
                yield record.recorded_at + hearing.rule.max_age
    yield from hearing.rule.changes
    for versions in situation.catalogue.notices.values():
        for version in versions:
            if version.effective_from > situation.request.at and situation.catalogue.changes(version, hearing.cell):
                yield version.effective_from


def _at(ceiling: Fidelity, pairs: tuple[tuple[Side, Side | None], ...]) -> Iterable[Side]:
    for value, effect in pairs:
        yield effect if effect is not None and ceiling is Fidelity.EFFECT_ONLY else value


def _evidence(ceiling: Fidelity, sides: Iterable[Side]) -> tuple[str, ...]:
    """Return the yes that proved each cell at the decided rung; where silence may do, only what beat a no (2.5)."""
    if ceiling is Fidelity.NONE:
        return ()
    found = []
    for one in sides:
        needed = one.hearing.regime not in SILENCE_MAY_DO or one.nos(ceiling)
        proof = one.proof(ceiling) if needed and one.hearing.regime is not Regime.PROHIBITED else None
        if proof is not None:
            found.append(proof.record.id)
    return tuple(dict.fromkeys(found))
