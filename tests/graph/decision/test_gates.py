"""The gates that look at no record: what they say they went by."""

from dataclasses import replace

import pytest

from graph.catalogue import RegisterRow, compiled
from graph.decision.gates import purpose_gate
from graph.decision.request import Request
from graph.decision.situation import Situation
from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.records import Subject
from graph.terms import Basis, Gate, Operation, PartyKind
from tests.support.worlds_resolvers import APP, HOBBY, NOON, PLAY, SIZE, TABLES

NOOR = Snapshot(
    Subject("noor", jurisdictions=("XX",)), (PartyState(PartyKind.SUBJECT, "noor"),), DeviceState("d", linked=True)
)
MILD = RegisterRow(APP, "play", "hobby", Operation.USE, Basis.CONTRACT)
STRICT = RegisterRow(APP, PLAY, "hobby", Operation.USE, Basis.LEGITIMATE_INTERESTS)


@pytest.mark.parametrize(
    ("register", "purpose", "rule"),
    [
        ((MILD, STRICT), PLAY, "USE on LEGITIMATE_INTERESTS"),
        ((STRICT, MILD), PLAY, "USE on LEGITIMATE_INTERESTS"),
        ((MILD, STRICT), SIZE, "USE on CONTRACT"),
        ((replace(STRICT, basis=Basis.PUBLIC_TASK), STRICT), PLAY, "USE on PUBLIC_TASK"),
        ((), PLAY, "not registered"),
    ],
)
def test_of_several_register_rows_the_one_whose_basis_counts_is_named(
    register: tuple[RegisterRow, ...], purpose: str, rule: str
) -> None:
    catalogue = compiled(replace(TABLES, register=register))
    situation = Situation(Request(APP, purpose, "headset", NOON), NOOR, catalogue)
    cell = situation.hearing("hobby", Operation.USE).cell
    answer = purpose_gate(catalogue.attributes[HOBBY], (cell,), situation)
    assert (answer.gate, answer.rule) == (Gate.PURPOSE, rule)
