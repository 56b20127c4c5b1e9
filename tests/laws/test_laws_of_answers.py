"""Laws of 2.8 about answers: reasons, batches, instants, replay, and what makes no difference."""

import pickle
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from graph.decision.request import Decision
from graph.decision.snapshot import PartyState, ended, entries
from graph.records import Record
from graph.taxonomy import Trees
from graph.terms import Fidelity
from tests.laws.changes import core, recompiled, with_party
from tests.laws.law import Tally, decided, law
from tests.support.worlds import World
from tests.support.worlds_dice import Dice, pick
from tests.support.worlds_request import boundaries

T = TypeVar("T")
MICROSECOND = timedelta(microseconds=1)


def _shuffled(dice: Dice, rows: Sequence[T]) -> tuple[T, ...]:
    left, found = list(rows), []
    while left:
        found.append(left.pop(dice.number(len(left) - 1)))
    return tuple(found)


@law
def test_order_and_duplicates_do_not_matter(one: World, dice: Dice, tally: Tally) -> None:
    before = {answer.key: core(answer) for answer in decided(one)}
    tally.saw(decided(one))
    kinds = one.catalogue
    names = ("attributes", "categories", "purposes", "recipients", "channels")
    tables = {name: _shuffled(dice, tuple(getattr(kinds, name).values())) for name in names}
    rows = {
        name: _shuffled(dice, [row for some in getattr(kinds, name).values() for row in some])
        for name in ("register", "law", "notices")
    }
    shuffled = replace(one, catalogue=recompiled(kinds, **tables, **rows))
    shuffled = shuffled.asking(token=_shuffled(dice, one.request.token))
    assert {answer.key: core(answer) for answer in decided(shuffled, _shuffled(dice, one.keys))} == before
    twice = one
    for party, state in enumerate(one.snapshot.parties):
        place = pick(dice, range(len(state.records)))
        doubled = (*state.records[: place + 1], *state.records[place:])
        twice = with_party(twice, party, doubled)
    assert {answer.key: core(answer) for answer in decided(twice)} == before
    first, *others = one.snapshot.parties  # of nos of one instant in two trees either may give the reason
    moved = replace(one, snapshot=replace(one.snapshot, parties=(first, *reversed(others))))
    assert [_outcome(answer) for answer in decided(moved)] == [_outcome(answer) for answer in decided(one)]


def _outcome(answer: Decision) -> tuple[object, ...]:
    return answer.ceiling, frozenset(answer.evidence), answer.valid_until


@law
def test_a_reason_for_every_withholding(one: World, dice: Dice, tally: Tally) -> None:
    answers = decided(one)
    tally.saw(answers)
    for answer in answers:
        top = one.catalogue.attributes[answer.key].top
        if top is Fidelity.NONE:
            continue  # it has no rung to let out, so none that could be withheld
        assert bool(answer.reasons) == (answer.ceiling < top), answer
        assert all(bool(gate.reasons) == (gate.ceiling < top) for gate in answer.gates), answer
        assert all(len(gate.actions) == len(gate.reasons) for gate in answer.gates), answer


@law
def test_batch_equals_pointwise(one: World, dice: Dice, tally: Tally) -> None:
    together = decided(one)
    tally.saw(together)
    assert together == tuple(decided(one, (key,))[0] for key in one.keys)
    order = _shuffled(dice, (*one.keys, one.keys[0]))
    assert {answer.key: answer for answer in together} == {answer.key: answer for answer in decided(one, order)}


@law
def test_constant_between_boundaries(one: World, dice: Dice, tally: Tally) -> None:
    answers = decided(one)
    tally.saw(answers)
    edges = boundaries(one.catalogue, one.snapshot.parties)
    for answer in answers:
        end = answer.valid_until
        within = [edge + step for edge in edges for step in (-MICROSECOND, timedelta(0), MICROSECOND)]
        within += [] if end is None else [end - MICROSECOND]
        within = [instant for instant in within if one.request.at < instant and (end is None or instant < end)]
        for instant in {pick(dice, within) for _ in range(4) if within}:
            later = decided(one.asking(at=instant), (answer.key,))[0]
            assert _timeless(later) == _timeless(answer), (instant, answer, later)


def _timeless(answer: Decision) -> tuple[object, ...]:
    """What stays the same until the boundary: all but the boundary of a step-up that ended since."""
    return core(replace(answer, valid_until=None))


@law
def test_a_snapshot_kept_up_to_date_equals_one_built_from_history(one: World, dice: Dice, tally: Tally) -> None:
    at = one.request.at
    built, kept = one, one
    for party, state in enumerate(one.snapshot.parties):
        there = tuple(old for old in state.records if old.recorded_at <= at)
        built = with_party(built, party, there)
        kept = with_party(kept, party, _kept_up_to_date(state, there, one.catalogue.trees))
    tally.saw(decided(built))
    later = [edge for edge in boundaries(one.catalogue, built.snapshot.parties) if edge > at]
    for instant in {at, *(pick(dice, later) for _ in range(5) if later)}:
        whole, short = decided(built.asking(at=instant)), decided(kept.asking(at=instant))
        assert [core(answer) for answer in short] == [core(answer) for answer in whole], instant


def _kept_up_to_date(state: PartyState, history: Sequence[Record], trees: Trees) -> tuple[Record, ...]:
    """Do as a store does: at each recording move out for good what has ended by then."""
    kept: tuple[Record, ...] = ()
    for record in history:
        kept = (*kept, record)
        rows = entries(replace(state, records=kept), record.recorded_at)
        gone = {row.place for row in ended(rows, record.recorded_at, trees)}
        kept = tuple(old for place, old in enumerate(kept) if place not in gone)
    return kept


@law
def test_replay_equals_original(one: World, dice: Dice, tally: Tally) -> None:
    original = decided(one)
    tally.saw(original)
    replayed = decided(pickle.loads(pickle.dumps(one)))
    assert replayed == original
    assert repr(replayed).encode() == repr(original).encode()
