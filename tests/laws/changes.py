"""What laws do to a world: add a record, rewrite the catalogue, and which of its attributes a no or a yes decides."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from graph.catalogue import Catalogue, Tables, compiled
from graph.decision.request import Decision
from graph.records import Cell, Record, Scope
from graph.terms import Operation, Regime
from tests.laws.oracle import world_of
from tests.laws.oracle_consent import OBJECTABLE
from tests.laws.oracle_gates import cells_of, points_of
from tests.laws.oracle_scope import path
from tests.support.worlds import World
from tests.support.worlds_dice import Dice, pick


def core(decision: Decision) -> tuple[object, ...]:
    """What a decision says, without the wording of its rules or the order of its lists."""
    return (
        decision.key,
        decision.ceiling,
        tuple((answer.gate, answer.ceiling, frozenset(answer.reasons)) for answer in decision.gates),
        frozenset(decision.evidence),
        decision.valid_until,
        decision.next_action,
    )


def inserted(one: World, party: int, place: int, record: Record) -> World:
    """Put a record into a party's history, recorded when its neighbour was."""
    state = one.snapshot.parties[party]
    records = list(state.records)
    neighbours = records[max(place - 1, 0) : place] or records[:1]
    at = neighbours[0].recorded_at if neighbours else one.request.at
    records.insert(place, replace(record, recorded_at=at, valid_from=None))
    return with_party(one, party, tuple(records))


def said_now(one: World, record: Record) -> World:
    """Put a record into the subject's own history as the last thing said by the request's instant."""
    at = one.request.at
    before = [old for old in one.snapshot.own.records if old.recorded_at <= at]
    after = [old for old in one.snapshot.own.records if old.recorded_at > at]
    return one.with_own(*before, replace(record, recorded_at=at, valid_from=None), *after)


def without(one: World, gone: frozenset[str]) -> World:
    """Take records of the subject's own history out as if they had never been."""
    return one.with_own(*[record for record in one.snapshot.own.records if record.id not in gone])


def replaced(one: World, record: Record, **changed: Any) -> World:
    """Rewrite one record of the subject's own history where it stands."""
    own = one.snapshot.own.records
    return one.with_own(*[replace(old, **changed) if old.id == record.id else old for old in own])


def with_party(one: World, party: int, records: tuple[Record, ...]) -> World:
    """Give a party another history."""
    parties = list(one.snapshot.parties)
    parties[party] = replace(parties[party], records=records)
    return replace(one, snapshot=replace(one.snapshot, parties=tuple(parties)))


def tables_of(catalogue: Catalogue) -> dict[str, Any]:
    """The rows a catalogue was compiled from."""
    named = ("categories", "purposes", "recipients", "attributes", "channels")
    grouped = ("register", "law", "notices")
    return {
        **{name: tuple(getattr(catalogue, name).values()) for name in named},
        **{name: tuple(row for some in getattr(catalogue, name).values() for row in some) for name in grouped},
        "parents": tuple(catalogue.parents.items()),
    }


def recompiled(catalogue: Catalogue, **rows: Any) -> Catalogue:
    """Compile a catalogue again with some of its rows replaced."""
    tables = Tables(**(tables_of(catalogue) | rows))
    return compiled(tables, version=catalogue.version, digest=catalogue.digest)


def cells(one: World, key: str) -> list[Cell]:
    """The cells a request for one attribute has, those of its sources not among them."""
    looked_at = world_of(one.request, one.snapshot, one.catalogue)
    return cells_of(one.catalogue.attributes[key], looked_at)


def heeds_a_no(one: World, key: str, operations: frozenset[Operation] = frozenset(Operation)) -> bool:
    """Tell whether a no closes this attribute at every rung, by some cell with one of these operations."""
    looked_at = world_of(one.request, one.snapshot, one.catalogue)
    attribute = one.catalogue.attributes[key]
    return any(
        cell.operation in operations
        and all(
            point.rule.regime is not Regime.NOTICE_ONLY or cell.operation in OBJECTABLE
            for point in points_of(attribute, cell, looked_at)
        )
        for cell in cells_of(attribute, looked_at)
    )


def needs_a_yes(one: World, key: str) -> bool:
    """Tell whether this attribute is let out at no rung without a yes."""
    looked_at = world_of(one.request, one.snapshot, one.catalogue)
    attribute = one.catalogue.attributes[key]
    return any(
        all(
            point.rule.regime >= Regime.CONSENT or (point.rule.regime is Regime.OPT_OUT and point.rule.special)
            for point in points_of(attribute, cell, looked_at)
        )
        for cell in cells_of(attribute, looked_at)
    )


def touching(dice: Dice, cell: Cell, catalogue: Catalogue) -> Scope:
    """Make a scope that touches a cell: in each dimension all, above, the same, or below."""
    below = [key for key in catalogue.categories if cell.category in path(key, catalogue.categories)]
    group = catalogue.recipients[cell.recipient].group or None
    receiver: dict[str, str | None] = pick(dice, ({}, {"recipient": cell.recipient}, {"group": group}))
    return Scope(
        purpose=pick(dice, (None, *path(cell.purpose, catalogue.purposes))),
        category=pick(dice, (None, *path(cell.category, catalogue.categories), *below)),
        channel=pick(dice, (None, cell.channel)),
        device=pick(dice, (None, None, cell.device)),
        session=pick(dice, (None, None, cell.session)),
        operations=pick(dice, (frozenset(Operation), frozenset({cell.operation}))),
        **receiver,
    )


def boundary_free(instant: datetime) -> datetime:
    """An instant of the same day at which nothing in any world happens."""
    return instant.replace(hour=7, minute=13, second=0, microsecond=0)
