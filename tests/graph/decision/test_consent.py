"""The consent gate beside the law: what is prohibited is the law's to stop, its effect has a side of its own."""

from dataclasses import replace

import pytest

from graph.catalogue import Catalogue, LawRow, compiled
from graph.decision.consent import side, verdict
from graph.decision.decide import decide
from graph.decision.request import Decision, Request
from graph.decision.situation import Situation
from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.records import NoticeRef, Record, Subject
from graph.terms import (
    CategoryClass,
    Fidelity,
    Gate,
    NextActionKind,
    Operation,
    PartyKind,
    Reason,
    RecordKind,
    Regime,
)
from tests.support.worlds_resolvers import APP, NOON, PLAY, TABLES

CALM = "health.calm"  # a safety attribute of a special category
REQUEST = Request(APP, PLAY, "headset", NOON)
PROHIBITED_VALUE = (
    LawRow("XX", Regime.NOTICE_ONLY, category_class=CategoryClass.ORDINARY),
    LawRow("XX", Regime.PROHIBITED, category_class=CategoryClass.SPECIAL),
)
PROHIBITED_EFFECT = (
    LawRow("XX", Regime.PROHIBITED, category_class=CategoryClass.ORDINARY),
    LawRow("XX", Regime.EXPLICIT_CONSENT, category_class=CategoryClass.SPECIAL),
)
SERVED = Record("served", RecordKind.NOTICE_SERVED, NOON, notice=NoticeRef("general", 1))


def under(law: tuple[LawRow, ...]) -> Catalogue:
    return compiled(replace(TABLES, law=law))


def known(*records: Record) -> Snapshot:
    noor = Subject("noor", jurisdictions=("XX",))
    return Snapshot(noor, (PartyState(PartyKind.SUBJECT, "noor", 1, records),), DeviceState("d", linked=True))


def decided(catalogue: Catalogue, *records: Record) -> Decision:
    return decide(REQUEST, known(*records), catalogue, (CALM,))[0]


@pytest.mark.parametrize(
    ("records", "consent", "told"),
    [
        ((SERVED,), Fidelity.PRECISE, Fidelity.EFFECT_ONLY),
        ((), Fidelity.NONE, Fidelity.NONE),
    ],
)
def test_of_a_value_that_is_prohibited_the_effect_is_heard_by_itself(
    records: tuple[Record, ...], consent: Fidelity, told: Fidelity
) -> None:
    found = decided(under(PROHIBITED_VALUE), *records)
    ceilings = {answer.gate: answer.ceiling for answer in found.gates}
    assert (ceilings[Gate.LAW], ceilings[Gate.CONSENT], found.ceiling) == (Fidelity.EFFECT_ONLY, consent, told)


def test_an_effect_nobody_was_told_of_says_that_its_notice_is_missing() -> None:
    found = decided(under(PROHIBITED_VALUE))
    assert (found.reasons, found.next_action) == ((Reason.NOTICE_OUTDATED,), NextActionKind.SHOW_NOTICE)


def test_of_what_the_law_prohibits_the_consent_gate_has_nothing_to_say() -> None:
    catalogue = under(PROHIBITED_EFFECT)
    situation = Situation(REQUEST, known(SERVED), catalogue)
    value, effect = (side(situation, situation.hearing("health", Operation.USE, effect=of)) for of in (False, True))
    found = verdict(catalogue.attributes[CALM], value, effect)
    assert (found.ceiling, found.reason) == (Fidelity.EFFECT_ONLY, Reason.CONSENT_MISSING)
