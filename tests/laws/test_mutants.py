"""Seeded faults are noticed: each decision with one is held against the oracle over the same worlds."""

from collections.abc import Iterable

import pytest

from graph.decision.request import Decision
from tests.laws.mutants import MUTANTS
from tests.laws.mutating import Loaded, loaded
from tests.laws.oracle import Verdict
from tests.laws.oracle import decide as oracle
from tests.support.worlds import World, crowded, seeded

WORLDS = 1200  # the rarest of the faults shows in about one of three hundred
USUAL = 350  # all but half a dozen of the faults show in as many
CROWDED = 8  # of these the oracle takes its time

Held = tuple[World, dict[str, Verdict]]


@pytest.fixture(scope="module")
def corpus() -> tuple[Held, ...]:
    worlds = [seeded(seed) for seed in range(WORLDS)]
    # After those in which nearly every fault shows, before the long tail that the rarest wait for.
    worlds[USUAL:USUAL] = [crowded(seed, more=more) for seed in range(CROWDED) for more in (0, 1)]
    return tuple((one, oracle(one.request, one.snapshot, one.catalogue, one.keys)) for one in worlds)


def _agrees(decision: Decision, verdict: Verdict) -> bool:
    return (
        {answer.gate: answer.ceiling for answer in decision.gates} == verdict.gates
        and {answer.gate: frozenset(answer.reasons) for answer in decision.gates} == verdict.why
        and frozenset(decision.evidence) == verdict.evidence
        and decision.valid_until == verdict.valid_until
        and decision.next_action == verdict.next_action
        and frozenset(decision.reasons) == verdict.reasons
        and decision.ceiling == verdict.ceiling
    )


def _disagreement(faulty: Loaded, corpus: Iterable[Held]) -> World | None:
    for one, verdicts in corpus:
        try:
            agreed = all(_agrees(decision, verdicts[decision.key]) for decision in faulty.decided(one))
        except ValueError:  # a fault that breaks the decision is noticed too
            return one
        if not agreed:
            return one
    return None


def test_the_decision_loaded_beside_itself_says_what_the_oracle_says(corpus: tuple[Held, ...]) -> None:
    assert _disagreement(loaded(None), corpus) is None


def test_every_seeded_fault_is_noticed(corpus: tuple[Held, ...]) -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert [mutant.name for mutant in MUTANTS if _disagreement(loaded(mutant), corpus) is None] == []
