"""The oracle's gates 1 to 4, 6 and 7, and how cells combine in each of the eight (2.3)."""

from graph.catalogue import Attribute, Catalogue
from graph.decision.request import Request
from graph.records import Cell
from graph.terms import Fidelity, Gate, Level, NextActionKind, Operation, Origin, Reason, RecordKind, Regime, Standing
from tests.laws.oracle_consent import Point, Said, holds, proofs, reason, too_many
from tests.laws.oracle_context import context, is_safety_effect
from tests.laws.oracle_law import World, register_rows, rule
from tests.laws.oracle_scope import within

Answer = tuple[Fidelity, list[Said]]


def operations(request: Request, catalogue: Catalogue) -> list[Operation]:
    """2.2: computed, unless the request is one of COLLECT, INFER, TRAIN."""
    if request.operations is not None:
        return list(request.operations)
    recipient = catalogue.recipients.get(request.recipient)
    found = [Operation.DISCLOSE if recipient is not None and recipient.third_party else Operation.USE]
    purpose = catalogue.purposes.get(request.purpose)
    marks = purpose.us_operations if purpose is not None else frozenset()
    if "sale" in marks:
        found.append(Operation.SELL)
    if "share" in marks or "targeted" in marks:
        found.append(Operation.TARGET)
    if request.trains:
        found.append(Operation.TRAIN)
    return found


def _cell(category: str, operation: Operation, world: World) -> Cell:
    asked = world.request
    return Cell(asked.purpose, category, asked.recipient, asked.channel, operation, asked.device, asked.session)


def cells_of(attribute: Attribute, world: World) -> list[Cell]:
    return [_cell(attribute.category, one, world) for one in operations(world.request, world.catalogue)]


def _lowest(answers: list[Answer]) -> Answer:
    """2.3: with several cells a gate answers with its lowest, of cells equally low with the reasons of all."""
    lowest = min(ceiling for ceiling, _ in answers)
    return lowest, [said for ceiling, reasons in answers if ceiling == lowest for said in reasons]


def _closed(reason: Reason) -> Answer:
    return Fidelity.NONE, [(reason, None)]


def gates_of(attribute: Attribute, world: World) -> dict[Gate, Answer]:
    cells = cells_of(attribute, world)
    return {
        Gate.SCOPE: _lowest([_scope(attribute, cell, world) for cell in cells]),
        Gate.PURPOSE: _lowest([_purpose(attribute, cell, world) for cell in cells]),
        Gate.STANDING: _standing(attribute, world),
        Gate.LAW: _lowest([_law(attribute, cell, world) for cell in cells]),
        Gate.CONSENT: _lowest([_consent(attribute, cell, world) for cell in cells]),
        Gate.LINEAGE: _lineage(attribute, world),
        Gate.LEVEL: _level(attribute, cells, world),
        Gate.CONTEXT: _lowest([context(attribute, cell, world) for cell in cells]),
    }


def _scope(attribute: Attribute, cell: Cell, world: World) -> Answer:
    """Gate 1; 4.6: one entry by itself must cover the cell; an absent list means all, an empty one nothing."""
    for entry in world.request.token:
        if (
            (
                entry.purposes is None
                or any(within(cell.purpose, one, world.catalogue.purposes) for one in entry.purposes)
            )
            and (
                entry.categories is None
                or any(within(cell.category, one, world.catalogue.categories) for one in entry.categories)
            )
            and (entry.channels is None or cell.channel in entry.channels)
            and (entry.operations is None or cell.operation in entry.operations)
        ):
            return attribute.rungs[-1], []
    return _closed(Reason.OUTSIDE_TOKEN_SCOPE)


def _purpose(attribute: Attribute, cell: Cell, world: World) -> Answer:
    """Gate 2."""
    category = world.catalogue.categories[attribute.category]
    channels = attribute.observed_on if cell.operation is Operation.COLLECT else attribute.channels
    if (
        register_rows(cell, world.catalogue)
        and cell.purpose in attribute.purposes
        and cell.channel in channels
        and cell.channel in world.catalogue.channels
        and not category.raw_sensor
        and not category.bystander
        and attribute.exposed
    ):
        return attribute.rungs[-1], []
    return _closed(Reason.NOT_FOR_THIS_PURPOSE)


def _standing(attribute: Attribute, world: World) -> Answer:
    """Gate 3: subject unknown, erased, restricted; RESTRICTED closes it (2.4)."""
    restricted = any(one.own and one.record.kind is RecordKind.RESTRICTED for one in world.entries)
    if restricted or world.snapshot.subject.standing is not Standing.ACTIVE:
        return _closed(Reason.SUBJECT_RESTRICTED)
    return attribute.rungs[-1], []


def point_of(attribute: Attribute, cell: Cell, rung: Fidelity, world: World) -> Point:
    """A safety attribute's effect under USE has a law of its own: class ordinary, basis CONTRACT (2.3)."""
    return Point(cell, rung, rule(cell, world, effect=is_safety_effect(attribute, cell, rung)), world)


def points_of(attribute: Attribute, cell: Cell, world: World) -> list[Point]:
    """One point for each rung above NONE, lowest first."""
    return [point_of(attribute, cell, rung, world) for rung in attribute.rungs if rung is not Fidelity.NONE]


def _value_prohibited(cell: Cell, world: World) -> bool:
    return rule(cell, world).regime is Regime.PROHIBITED


def _law(attribute: Attribute, cell: Cell, world: World) -> Answer:
    """Gate 4: PROHIBITED: NONE; where only the value's is, the effect passes; nothing above a prohibited rung does."""
    points = points_of(attribute, cell, world)
    if not points:
        return Fidelity.NONE, []  # its top rung: no reasons there
    ceiling = Fidelity.NONE
    for point in points:
        if point.rule.regime is Regime.PROHIBITED:
            break
        ceiling = point.rung
    return ceiling, [] if ceiling == attribute.rungs[-1] else [(Reason.PROHIBITED_BY_LAW, None)]


def _consent(attribute: Attribute, cell: Cell, world: World) -> Answer:
    """Gate 5: the highest rung 2.4 lets through; at the top where the law prohibits anyway."""
    top = attribute.rungs[-1]
    points = points_of(attribute, cell, world)
    if _law(attribute, cell, world)[0] is Fidelity.NONE:
        return top, []
    holding = [point.rung for point in points if holds(point)]
    if _value_prohibited(cell, world):
        ceiling = top if holding else Fidelity.NONE
    else:
        ceiling = max(holding, default=Fidelity.NONE)
    if ceiling == top:
        return top, []
    return ceiling, [reason(next(point for point in points if point.rung > ceiling))]


def inherited(attribute: Attribute, catalogue: Catalogue) -> set[str]:
    """7.1: ⋃ `eff(b) − masks(a→b)`; a mask takes its subtree away."""
    found: set[str] = set()
    for source in attribute.sources:
        made_from = catalogue.attributes[source.key]
        for category in {made_from.category} | inherited(made_from, catalogue):
            if not any(within(category, mask, catalogue.categories) for mask in source.masks):
                found.add(category)
    return found


def source_cells_of(attribute: Attribute, world: World) -> list[Cell]:
    """Gate 6: same purpose, recipient, channel, device and session, operation INFER."""
    return [_cell(one, Operation.INFER, world) for one in sorted(inherited(attribute, world.catalogue))]


def _lineage(attribute: Attribute, world: World) -> Answer:
    """Gate 6: the minimum of gates 3-5 over every category that reaches the attribute from its sources."""
    if not attribute.sources:
        made = attribute.origin in {Origin.DERIVED, Origin.INFERRED}
        return _closed(Reason.LINEAGE_UNKNOWN) if made else (attribute.rungs[-1], [])
    lowest = attribute.rungs[-1]
    actions: dict[str, NextActionKind | None] = {}
    for cell in source_cells_of(attribute, world):
        gates = [_standing(attribute, world), _law(attribute, cell, world), _consent(attribute, cell, world)]
        ceiling = min(found for found, _ in gates)
        if ceiling < lowest:
            lowest, actions = ceiling, {}
        if ceiling == lowest and lowest < attribute.rungs[-1]:
            actions[cell.category] = action_of([gate for gate in gates if gate[0] == ceiling])
    if not actions:
        return lowest, []
    remedy = None if None in actions.values() else actions[min(actions)]
    return lowest, [(Reason.SOURCE_WITHHELD, remedy)]


def action_of(gates: list[Answer]) -> NextActionKind | None:
    """2.5: null if one of the reasons has none, else that of the first gate in the table's order."""
    every = [action for _, reasons in gates for _, action in reasons]
    return every[0] if every and None not in every else None


def _level(attribute: Attribute, cells: list[Cell], world: World) -> Answer:
    """Gate 7: the level set for this channel, else for all, must reach the intrusion; EFFECT_ONLY is always 0."""
    top = attribute.rungs[-1]
    levels = dict(world.snapshot.subject.levels)
    level = levels.get(world.request.channel, levels.get("*"))
    if level is not None:
        ceiling = top if level >= attribute.intrusion else Fidelity.NONE
    elif attribute.intrusion <= Level.DECLARED:
        ceiling = top
    else:  # not set: no cap where a yes proves the rung or the law prohibits anyway
        ceiling = min(_proven(attribute, cell, world) for cell in cells)
    ceiling = max(rung for rung in attribute.rungs if rung <= max(ceiling, Fidelity.EFFECT_ONLY))
    return ceiling, [] if ceiling == top else [(Reason.LEVEL_TOO_LOW, NextActionKind.RAISE_LEVEL)]


def _proven(attribute: Attribute, cell: Cell, world: World) -> Fidelity:
    if _value_prohibited(cell, world) or _law(attribute, cell, world)[0] is Fidelity.NONE:
        return attribute.rungs[-1]
    if too_many(world):
        return Fidelity.NONE
    points = points_of(attribute, cell, world)
    return max((point.rung for point in points if proofs(point)), default=Fidelity.NONE)
