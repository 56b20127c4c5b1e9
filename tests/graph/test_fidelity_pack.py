"""The transforms on every attribute and every value of the reference pack."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.catalogue import Attribute
from graph.fidelity import ShowContext, Shown, check_ladder, shown
from graph.fidelity.sorts import fits
from graph.pack import REFERENCE, load
from graph.records import Held
from graph.terms import Fidelity, ValueKind
from tests.support.attributes import AT, held_values, pairwise

PACK = load(REFERENCE)
CONTEXT = ShowContext(PACK.catalogue.vocabularies, AT, pairwise)
SHOWABLE = [row for row in PACK.catalogue.attributes.values() if row.top > Fidelity.NONE]


@st.composite
def sights(draw: st.DrawFn) -> tuple[Attribute, Held, Fidelity]:
    row = draw(st.sampled_from(SHOWABLE))
    return row, draw(held_values(row)), draw(st.sampled_from(row.rungs[1:]))


def test_every_ladder_of_the_pack_holds() -> None:
    found = {row.key: check_ladder(row, CONTEXT.vocabularies) for row in PACK.catalogue.attributes.values()}
    assert {key: complaint for key, complaint in found.items() if complaint} == {}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=500)
@given(sights())
def test_whatever_an_attribute_holds_its_answer_fits_its_kind(sight: tuple[Attribute, Held, Fidelity]) -> None:
    row, held, fidelity = sight
    found = shown(row, held, fidelity, context=CONTEXT)
    assert found == shown(row, held, fidelity, context=CONTEXT)
    assert found.value is None or fits(row.kind, found.value)
    assert (found.effect is None) is (fidelity is not Fidelity.EFFECT_ONLY)
    assert (found == Shown(fidelity)) or fidelity is not Fidelity.PRESENCE
    if row.kind in (ValueKind.FLOAT, ValueKind.INT):
        assert (found.value is None) is (fidelity < Fidelity.COARSE)
        assert (found.low is None and found.high is None) is (fidelity is not Fidelity.CATEGORY)


def test_what_the_demo_people_hold_says_something_at_every_rung() -> None:
    silent = [
        (one.key, fidelity.name)
        for person in PACK.people
        for one in person.values
        for fidelity in PACK.catalogue.attributes[one.key].rungs[1:]
        if fidelity is not Fidelity.PRESENCE
        and shown(PACK.catalogue.attributes[one.key], one.held, fidelity, context=CONTEXT)
        in (Shown(fidelity), Shown(fidelity, value=()))
    ]
    assert silent == []
