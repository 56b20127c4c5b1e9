"""The decision against the oracle, a second reading of the same page."""

from graph.terms import Fidelity
from tests.laws.law import Tally, decided, law
from tests.laws.oracle import decide as oracle
from tests.support.worlds import World
from tests.support.worlds_dice import Dice


@law
def test_the_decision_says_what_a_second_reading_of_the_page_says(one: World, dice: Dice, tally: Tally) -> None:
    said = oracle(one.request, one.snapshot, one.catalogue, one.keys)
    decisions = decided(one)
    tally.saw(decisions)
    assert [decision.key for decision in decisions] == list(one.keys)
    for decision in decisions:
        verdict = said[decision.key]
        assert {answer.gate: answer.ceiling for answer in decision.gates} == verdict.gates, decision.key
        assert {answer.gate: frozenset(answer.reasons) for answer in decision.gates} == verdict.why, decision.key
        assert decision.ceiling is Fidelity(verdict.ceiling), decision.key
        assert frozenset(decision.reasons) == verdict.reasons, decision.key
        assert decision.next_action == verdict.next_action, decision.key
        assert frozenset(decision.evidence) == verdict.evidence, decision.key
        assert decision.valid_until == verdict.valid_until, decision.key
