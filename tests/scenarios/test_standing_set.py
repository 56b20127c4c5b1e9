"""The standing set of cases (2.9): together they show the page, and they notice every seeded fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.cases import Case, World, cases_of
from gateway.cases.running import Answer, run_case
from graph.catalogue import Catalogue
from graph.decision.request import Decision
from graph.terms import Fidelity, Gate, NextActionKind, Operation, Reason, RecordKind, Regime
from tests.laws.changes import tables_of
from tests.laws.mutants import MUTANTS
from tests.laws.mutating import Loaded, Mutant, loaded

FILES = tuple(sorted(Path(__file__).parent.glob("*.yaml")))
REBUILT = ("graph.records", "graph.taxonomy", "graph.catalogue.compiling")  # faults that are in a catalogue already

# Faults that no case can show: what they get wrong is no key of a case file, or stands in no channel or pack we have.
UNREACHABLE = {
    "training is not asked about": "only a registered document says that it trains",
    "collecting where it is released": "an attribute of a case file is observed where it may be asked for",
    "an answer outlives the step-up": "a case does not say when the step-up was",
    "no row, no law": "the reference pack has rows for ZZ that always match",
    "a step-up where nobody can be alone": "no channel of the reference pack knows a step-up and is never private",
}

# The consequences of 2.4 that are worth a test each, and the promises of page 1, by the names of their cases.
WORTH_A_TEST_EACH = """
a late accept-all lifts no earlier specific no
a late specific yes lifts an earlier general no
coarse from now on lowers an earlier precise yes of the same scope
coarse from now on lowers an earlier precise yes to something below
two half-answers do not make one yes
a brand that joins a group gets nothing from yesterday's yes
after withdraw-all only what is said yes to afterwards is released
after withdraw-all and accept-all specific nos and caps from before still stand
a shop infers a pregnancy from purchases and only from those it may infer from
a life event that was predicted and not told needs the highest level
and the family before the television never does
what was said aloud makes no advertisement
a speaker that listens hands nothing on, whatever was agreed
consent on one device follows nobody to the next
constant reminders are not
a level on one channel narrows everything there
a yes is bound to the notice that was shown
one call takes everything back, on every channel
"""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of the set, read once."""

    path: Path
    world: World
    cases: tuple[Case, ...]

    def decided(self, mutant: Mutant, faulty: Loaded) -> Iterator[tuple[Case, tuple[Decision, ...]]]:
        """Decide each case as a faulty decision would."""
        kinds = self.world.catalogue
        if mutant.module in REBUILT:
            kinds = _rebuilt(kinds, faulty)
        for case in self.cases:
            keys = tuple(one.key for one in case.expected)
            people = faulty.own(case.snapshot) if mutant.module in REBUILT else case.snapshot
            yield case, faulty.decide(case.request, people, kinds, keys)


def _rebuilt(kinds: Catalogue, faulty: Loaded) -> Catalogue:
    tables = tables_of(kinds)
    rows = faulty.catalogue.Tables(**(tables | {"notices": faulty.own(tables["notices"])}))
    made: Catalogue = faulty.catalogue.compiled(rows, version=kinds.version, digest=kinds.digest)
    return made


@pytest.fixture(scope="module")
def files() -> tuple[CaseFile, ...]:
    return tuple(CaseFile(path, *cases_of(path)) for path in FILES)


@pytest.fixture(scope="module")
def answers(files: tuple[CaseFile, ...]) -> tuple[Answer, ...]:
    return tuple(
        answer for file in files for case in file.cases for answer in run_case(case, file.world.catalogue).answers
    )


def test_what_is_worth_a_test_each_has_one(files: tuple[CaseFile, ...]) -> None:
    names = {case.name for file in files for case in file.cases}
    assert [name for name in WORTH_A_TEST_EACH.strip().splitlines() if name not in names] == []


def test_every_gate_withholds_alone_in_some_case(answers: tuple[Answer, ...]) -> None:
    alone = {one.decision.decisive[0].gate for one in answers if len(one.decision.decisive) == 1}
    assert alone == set(Gate)


def test_every_reason_and_every_next_action_is_expected_in_some_case(answers: tuple[Answer, ...]) -> None:
    assert {reason for one in answers for reason in one.expected.reasons} == set(Reason)
    assert {one.expected.next_action for one in answers} == {None, *NextActionKind}


def test_every_rung_that_there_is_is_the_outcome_of_some_case(answers: tuple[Answer, ...]) -> None:
    assert {one.expected.fidelity for one in answers} == set(Fidelity) - {Fidelity.NOISED}


def test_every_kind_of_record_and_operation_and_regime_is_in_some_case(files: tuple[CaseFile, ...]) -> None:
    cases = [case for file in files for case in file.cases]
    records = [record for case in cases for party in case.snapshot.parties for record in party.records]
    added = {row.regime for file in files for rows in file.world.catalogue.law.values() for row in rows}
    named = {one for case in cases for one in case.request.operations or ()}
    assert {record.kind for record in records} == set(RecordKind)
    assert named | {Operation.USE, Operation.DISCLOSE, Operation.SELL, Operation.TARGET} == set(Operation)
    assert added == set(Regime)


def test_the_set_notices_every_seeded_fault(files: tuple[CaseFile, ...]) -> None:
    assert UNREACHABLE.keys() <= {mutant.name for mutant in MUTANTS}
    unnoticed = [mutant.name for mutant in MUTANTS if not _is_noticed(mutant, files)]
    assert sorted(unnoticed) == sorted(UNREACHABLE)


def _is_noticed(mutant: Mutant, files: tuple[CaseFile, ...]) -> bool:
    faulty = loaded(mutant)
    try:
        return any(
            Answer.of(expected, decision).differences
            for file in files
            for case, decisions in file.decided(mutant, faulty)
            for expected, decision in zip(case.expected, decisions, strict=True)
        )
    except ValueError:  # a fault that breaks the decision is noticed too
        return True
