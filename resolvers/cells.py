"""Which cells a person has to be asked about for some attributes, and how far a channel may ask (2.3, 4.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph.catalogue import Attribute
from graph.decision.context import exposure
from graph.decision.gates import purpose_gate
from graph.decision.lineage import source_categories
from graph.decision.situation import SIGNAL_OPERATIONS, Hearing, Situation
from graph.records import Cell
from graph.terms import Fidelity, Level, Operation, RecordKind, Regime, Signal, Standing
from resolvers.signer import OfferCell


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for on whose behalf; `here` if on this very channel, so that the channel must serve it."""

    situation: Situation
    attributes: tuple[Attribute, ...]
    here: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """The cells to ask about, and the attributes they are asked for."""

    cells: tuple[OfferCell, ...] = ()
    attributes: tuple[Attribute, ...] = ()


def cells_of(asking: Asking) -> Asked:
    """Return the cells of every attribute that may be asked for; none about somebody who cannot be decided on."""
    if asking.situation.standing is not Standing.ACTIVE:
        return Asked()
    open_ = tuple(attribute for attribute in asking.attributes if _foreseen(attribute, asking))
    found: dict[tuple[str, Operation], list[tuple[Hearing, Attribute]]] = {}
    for attribute in open_:
        for hearing in _hearings(attribute, asking.situation):
            if hearing.regime is not Regime.PROHIBITED:
                found.setdefault((hearing.cell.category, hearing.cell.operation), []).append((hearing, attribute))
    every = (_offered(hearings, asking.situation) for hearings in found.values())
    cells = tuple(cell for cell in every if cell.max_fidelity)
    return Asked(cells, open_ if cells else ())


def _foreseen(attribute: Attribute, asking: Asking) -> bool:
    """Tell whether register and catalogue foresee an attribute; another recipient may be served on another channel."""
    situation = asking.situation
    cells = tuple(situation.hearing(attribute.category, operation).cell for operation in situation.operations)
    if not asking.here and attribute.channels:
        attribute = replace(attribute, channels=attribute.channels | {situation.request.channel})
    return purpose_gate(attribute, cells, situation).ceiling is not Fidelity.NONE


def _hearings(attribute: Attribute, situation: Situation) -> Iterable[Hearing]:
    for operation in situation.operations:
        yield situation.hearing(attribute.category, operation)
    for category in source_categories(attribute, situation):
        yield situation.hearing(category, Operation.INFER)


def _offered(hearings: list[tuple[Hearing, Attribute]], situation: Situation) -> OfferCell:
    hearing = hearings[0][0]
    return OfferCell(
        purpose=hearing.cell.purpose,
        category=hearing.cell.category,
        recipient=hearing.cell.recipient,
        operation=hearing.cell.operation,
        special=hearing.special,
        max_fidelity=_most([attribute for _, attribute in hearings], hearing.cell, situation),
    )


def _most(attributes: list[Attribute], cell: Cell, situation: Situation) -> Fidelity:
    """Return the highest rung a channel may ask for; of several attributes the one it may ask the least of decides.

    An attribute that may be asked for whole sets no limit to the others, however short its ladder is.
    """
    rungs = [(one, _may_ask(one, cell, situation)) for one in map(_unnoised, attributes)]
    limits = [rung for one, rung in rungs if rung < one.top]
    return min(limits) if limits else max(rung for _, rung in rungs)


def _unnoised(attribute: Attribute) -> Attribute:
    """Return an attribute without the rung that is never offered."""
    return replace(attribute, rungs=tuple(rung for rung in attribute.rungs if rung is not Fidelity.NOISED))


def _may_ask(attribute: Attribute, cell: Cell, situation: Situation) -> Fidelity:
    channel = situation.channel
    most = exposure(attribute, cell.operation, situation)
    return most.within(channel.max_sensitivity_to_ask) if channel else Fidelity.NONE


def raised_level(asked: Asked, situation: Situation) -> Level | None:
    """Return the level a yes has to raise the set one to, or `None` if none is set or it reaches."""
    level = situation.snapshot.subject.level(situation.request.channel)
    needed = max((attribute.intrusion for attribute in asked.attributes), default=0)
    return None if level is None or level >= needed else Level(needed)


def answers_signal(asked: Asked, situation: Situation) -> bool:
    """Tell whether a signal stands, or comes with this request, against one of the cells (2.4 rule 8)."""
    purpose = situation.catalogue.purposes[situation.request.purpose]
    objected = purpose.gpc_objects and any(cell.operation in SIGNAL_OPERATIONS for cell in asked.cells)
    return objected and (
        Signal.GPC in situation.request.signals
        or any(record.kind is RecordKind.SIGNAL for party in situation.snapshot.parties for record in party.records)
    )
