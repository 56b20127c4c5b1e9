"""Laws of 2.8 about a yes: what proves a release, when it ends, whom it is for, and what it never covered."""

from dataclasses import replace
from datetime import timedelta

from graph.decision.decide import decide
from graph.records import Record
from graph.terms import Fidelity, Gate, Operation, Origin
from tests.laws.changes import boundary_free, cells, core, inserted, needs_a_yes, recompiled, replaced, without
from tests.laws.law import Tally, decided, law, never_more
from tests.laws.oracle_gates import inherited
from tests.laws.oracle_scope import covers
from tests.support.worlds import World
from tests.support.worlds_catalogue import RECIPIENTS, VERSION
from tests.support.worlds_dice import Dice, chance, pick
from tests.support.worlds_records import no, yes

MICROSECOND = timedelta(microseconds=1)


@law
def test_passing_an_expiry_never_releases_more(one: World, dice: Dice, tally: Tally) -> None:
    end = boundary_free(one.request.at)
    there = [old for old in one.snapshot.own.records if old.is_yes and old.recorded_at < end]
    ending = replaced(one, pick(dice, there), valid_until=end) if there else one
    before = decided(ending.asking(at=end - MICROSECOND))
    tally.saw(before)
    never_more(before, decided(ending.asking(at=end)))
    last = one.snapshot.own.records[-1]
    late = replaced(one, last, recorded_at=boundary_free(last.recorded_at))
    for age in {row.max_age_days for rows in one.catalogue.law.values() for row in rows if row.max_age_days}:
        old = boundary_free(last.recorded_at) + timedelta(days=age)
        never_more(decided(late.asking(at=old - MICROSECOND)), decided(late.asking(at=old)))


@law
def test_a_younger_node_is_never_covered_by_an_older_yes(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    key = pick(dice, [answer.key for answer in before if answer.ceiling] or one.keys)
    if chance(dice, 50):
        rows = one.catalogue.purposes.values()
        young = recompiled(
            one.catalogue,
            purposes=tuple(
                replace(row, since=VERSION + 1, moved=None) if row.key == one.request.purpose else row for row in rows
            ),
        )
    else:
        category = one.catalogue.attributes[key].category
        kinds = one.catalogue.categories.values()
        young = recompiled(
            one.catalogue,
            categories=tuple(
                replace(row, since=VERSION + 1, moved=None) if row.key == category else row for row in kinds
            ),
        )
    after = decided(replace(one, catalogue=young), (key,))[0]
    own = {old.id for old in one.snapshot.own.records}
    sources = one.catalogue.attributes[key].sources
    assert sources or not own & set(after.evidence), after
    assert after.ceiling is Fidelity.NONE or not needs_a_yes(one, key), after


@law
def test_removing_every_yes_that_could_prove_it_flips_the_release(one: World, dice: Dice, tally: Tally) -> None:
    before = [answer for answer in decided(one) if answer.evidence]
    tally.saw(before)
    for answer in before:
        attribute = one.catalogue.attributes[answer.key]
        if attribute.safety and answer.ceiling is Fidelity.EFFECT_ONLY:
            continue  # effect and value have a law each: the value may need no yes where the effect does
        asked = cells(one, answer.key)
        made_from = inherited(attribute, one.catalogue)
        sources = [replace(asked[0], category=category, operation=Operation.INFER) for category in made_from]
        proving = frozenset(
            old.id
            for old in one.snapshot.own.records
            if old.is_yes
            and old.cap >= answer.ceiling
            and any(covers(old.scope, cell, one.catalogue) for cell in (*asked, *sources))
        )
        assert set(answer.evidence) <= proving
        assert decided(without(one, proving), (answer.key,))[0].ceiling < answer.ceiling, answer


@law
def test_other_recipients_records_do_not_matter(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    changed = one
    for number in range(4):
        party = pick(dice, range(len(one.snapshot.parties)))
        place = pick(dice, range(len(changed.snapshot.parties[party].records) + 1))
        said: Record = pick(dice, (yes, no))(dice, one.request, one.request.at)
        other = pick(dice, [key for key in RECIPIENTS if key != one.request.recipient])
        said = replace(said, id=f"other{number}", scope=replace(said.scope, recipient=other, group=None))
        changed = inserted(changed, party, place, said)
    assert [core(answer) for answer in decided(changed)] == [core(answer) for answer in before]


@law
def test_derived_never_exceeds_what_standing_law_and_consent_let_through_of_a_source(
    one: World, dice: Dice, tally: Tally
) -> None:
    keys = tuple(key for key in one.keys if one.catalogue.attributes[key].sources)
    answers = decided(one, keys)
    tally.saw(decided(one))
    for answer in answers:
        made = one.catalogue.attributes[answer.key]
        for category in inherited(made, one.catalogue):
            probe = replace(made, key="probe", category=category, origin=Origin.DECLARED, sources=(), safety=False)
            kinds = recompiled(one.catalogue, attributes=(*one.catalogue.attributes.values(), probe))
            asked = replace(one.request, operations=(Operation.INFER,))
            source = decide(asked, one.snapshot, kinds, ("probe",))[0]
            gates = {gate.gate: gate.ceiling for gate in source.gates}
            assert answer.ceiling <= min(gates[Gate.STANDING], gates[Gate.LAW], gates[Gate.CONSENT]), (answer, source)
