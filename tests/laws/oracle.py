"""A second, naive reading of the design's decision, written from the page alone; the laws hold ours against it."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import Attribute, Catalogue
from graph.decision.request import Request
from graph.decision.snapshot import Snapshot
from graph.records import Cell, Record, Scope
from graph.terms import Fidelity, Gate, GivenBy, NextActionKind, Reason, RecordKind, Regime, Signal
from tests.laws.oracle_consent import age_instant, counting_nos, proofs, speaks
from tests.laws.oracle_context import is_safety_effect
from tests.laws.oracle_gates import action_of, cells_of, gates_of, point_of, points_of, source_cells_of
from tests.laws.oracle_law import World, law_instants
from tests.laws.oracle_scope import Entry, latest, leaves, spoken, touches


@dataclass(frozen=True)
class Verdict:
    """What the page says of one attribute."""

    ceiling: Fidelity
    gates: dict[Gate, Fidelity]
    reasons: frozenset[Reason]
    next_action: NextActionKind | None
    evidence: frozenset[str]
    valid_until: datetime | None
    why: dict[Gate, frozenset[Reason]]


def decide(request: Request, snapshot: Snapshot, catalogue: Catalogue, keys: tuple[str, ...]) -> dict[str, Verdict]:
    """Decide each attribute by itself."""
    world = world_of(request, snapshot, catalogue)
    return {key: _verdict(catalogue.attributes[key], world) for key in keys}


def world_of(request: Request, snapshot: Snapshot, catalogue: Catalogue) -> World:
    channel = catalogue.channels.get(request.channel)
    assurance = 0 if channel is None else min(request.assurance, channel.max_assurance)  # an unknown term withholds
    there: list[Entry] = []
    coming: list[Entry] = []
    for party, state in enumerate(snapshot.parties):
        for place, record in enumerate(state.records):
            entry = Entry(record, party, place, spoken(record, state.kind), own=party == 0)
            # rule 5: a record later than `at` is not there yet
            (there if record.recorded_at <= request.at else coming).append(entry)
    kept = [one for one in there if not any(leaves(one, other, request.at, catalogue) for other in there)]
    kept += _signal(request, there)
    return World(request, snapshot, catalogue, assurance, tuple(kept), tuple(coming))


def _signal(request: Request, there: list[Entry]) -> list[Entry]:
    """Rule 8: a no of that instant, unless one is on record for this device, answered or not."""
    on_record = any(
        one.record.kind is RecordKind.SIGNAL and one.record.given_on.device == request.device for one in there
    )
    if Signal.GPC not in request.signals or on_record:
        return []
    record = Record(id="", kind=RecordKind.SIGNAL, recorded_at=request.at, given_by=GivenBy.DEVICE)
    return [Entry(record, -1, 0, Scope(), own=False, virtual=True)]


def _verdict(attribute: Attribute, world: World) -> Verdict:
    """2.3: the decision is the minimum over the gates; the reasons are those of all gates at the minimum."""
    gates = gates_of(attribute, world)
    ceiling = min(found for found, _ in gates.values())
    decisive = [gate for gate in gates.values() if gate[0] == ceiling]
    return Verdict(
        ceiling=ceiling,
        gates={gate: found for gate, (found, _) in gates.items()},
        reasons=frozenset(one for _, reasons in decisive for one, _ in reasons),
        next_action=action_of(decisive),
        evidence=_evidence(attribute, ceiling, world),
        valid_until=_valid_until(attribute, world),
        why={gate: frozenset(one for one, _ in reasons) for gate, (_, reasons) in gates.items()},
    )


def _evidence(attribute: Attribute, ceiling: Fidelity, world: World) -> frozenset[str]:
    """2.5: the latest yes that proved it, one for each cell and source cell, at the decided rung."""
    found: set[str] = set()
    if ceiling is Fidelity.NONE:
        return frozenset()
    for cell in cells_of(attribute, world) + source_cells_of(attribute, world):
        point = point_of(attribute, cell, ceiling, world)
        silent = point.rule.regime in {Regime.OPT_OUT, Regime.NOTICE_ONLY}
        if point.rule.regime is Regime.PROHIBITED or (silent and not counting_nos(point)):
            continue
        yeses = proofs(point)
        if yeses:
            found.add(latest(yeses).record.id)
    return frozenset(found)


def _speaks_to(entry: Entry, cell: Cell, world: World) -> bool:
    """Her own restriction closes whatever its scope; a notice served without any device speaks to who has none."""
    if entry.own and entry.record.kind is RecordKind.RESTRICTED:
        return True
    anywhere = entry.own and entry.record.kind is RecordKind.NOTICE_SERVED and entry.record.given_on.device is None
    return touches(replace(entry, scope=entry.record.scope) if anywhere else entry, cell, world.catalogue)


def _valid_until(attribute: Attribute, world: World) -> datetime | None:
    """2.5: the earliest instant after `at` when something begins or ends of what touches one of these cells."""
    instants: list[datetime | None] = []
    for cell in cells_of(attribute, world) + source_cells_of(attribute, world):
        points = points_of(attribute, cell, world) or [point_of(attribute, cell, Fidelity.NONE, world)]
        for entry in (*world.entries, *world.coming):
            if not entry.virtual and _speaks_to(entry, cell, world):
                record = entry.record
                instants += [record.recorded_at, record.starts, record.valid_until]
                instants += [age_instant(entry, point) for point in points]
        versions = [one for some in world.catalogue.notices.values() for one in some]
        instants += [one.effective_from for one in versions if speaks(one, cell, world)]
        for point in points:
            effect = is_safety_effect(attribute, cell, point.rung)
            instants += law_instants(cell, world, effect=effect)
    if world.assurance == 3:
        instants.append(world.request.step_up_until)
    return min((one for one in instants if one is not None and one > world.at), default=None)
