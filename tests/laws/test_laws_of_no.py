"""Laws of 2.8 about a no: it stands unless beaten, never lets more out, and never ends by itself."""

from dataclasses import replace
from datetime import timedelta

from graph.decision.snapshot import MOST_RECORDS
from graph.records import NoticeRef, Record, Scope
from graph.terms import Fidelity, Gate, GivenBy, Reason, RecordKind, Signal
from tests.laws.changes import cells, heeds_a_no, inserted, needs_a_yes, replaced, said_now, touching, with_party
from tests.laws.law import Tally, decided, law, never_more
from tests.laws.oracle_scope import narrow
from tests.support.worlds import World
from tests.support.worlds_catalogue import CATEGORIES
from tests.support.worlds_dice import Dice, chance, pick
from tests.support.worlds_records import NO, no, record, signal, yes

EVERYTHING = Scope()


def _accept_all(one: World) -> Record:
    """A yes with which nothing is wrong but, it may be, its width."""
    notice = one.catalogue.notice_in_force("n1", one.request.at)
    return Record(
        "late",
        RecordKind.GIVEN,
        one.request.at,
        notice=notice.ref if notice else NoticeRef("n1", 1),
        catalogue_version=one.catalogue.version,
        names=frozenset(CATEGORIES),
        assurance=3,
        given_by=GivenBy.GUARDIAN,
        answers_signal=True,
    )


@law
def test_default_deny(one: World, dice: Dice, tally: Tally) -> None:
    tally.saw(decided(one))
    silent = one
    for party, state in enumerate(one.snapshot.parties):
        silent = with_party(silent, party, tuple(old for old in state.records if not old.is_yes))
    for answer in decided(silent):
        assert not answer.evidence
        assert answer.ceiling is Fidelity.NONE or not needs_a_yes(one, answer.key), answer
    unserved = [old for old in silent.snapshot.own.records if old.kind is not RecordKind.NOTICE_SERVED]
    assert all(answer.ceiling is Fidelity.NONE for answer in decided(silent.with_own(*unserved)))


@law
def test_a_no_stands_unless_beaten(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    key = pick(dice, [answer.key for answer in before if answer.ceiling] or one.keys)
    cell = pick(dice, cells(one, key))
    scope = touching(dice, cell, one.catalogue)
    refused = said_now(one, Record("no", pick(dice, NO), one.request.at, scope=scope, cap=Fidelity.NONE))
    if not heeds_a_no(one, key, frozenset({cell.operation})):
        return
    assert decided(refused, (key,))[0].ceiling is Fidelity.NONE
    if not narrow(EVERYTHING, scope, one.catalogue):  # a late accept-all lifts no earlier specific no
        own = refused.snapshot.own.records
        place = next(number for number, old in enumerate(own) if old.id == "no") + 1
        accepted = refused.with_own(*own[:place], _accept_all(one), *own[place:])
        assert decided(accepted, (key,))[0].ceiling is Fidelity.NONE


@law
def test_withdrawing_never_releases_more(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    said = no(dice, one.request, one.request.at, RecordKind.WITHDRAWN)
    never_more(before, decided(said_now(one, replace(said, id="withdrawn"))))


@law
def test_adding_a_no_never_releases_more(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    party = pick(dice, range(len(one.snapshot.parties)))
    place = pick(dice, range(len(one.snapshot.parties[party].records) + 1))
    said = no(dice, one.request, one.request.at, pick(dice, NO))
    # a recorded signal takes the place of the one a request carries (2.4 rule 8), so it is added where none is carried
    if chance(dice, 20) and Signal.GPC not in one.request.signals:
        said = signal(dice, one.request.at)
    never_more(before, decided(inserted(one, party, place, replace(said, id="added"))))


@law
def test_validity_ends_a_yes_never_a_no(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    own = one.snapshot.own.records
    for old in [old for old in own if old.is_yes]:
        flaws: tuple[dict[str, object], ...] = (
            {"valid_until": old.recorded_at},
            {"notice": None},
            {"notice": NoticeRef("unheard_of", 1)},
            {"catalogue_version": 0},
            {"names": frozenset()},
        )
        never_more(before, decided(replaced(one, old, **pick(dice, flaws))))
    changed = one
    for old in [old for old in own if old.is_no]:
        changed = replaced(changed, old, valid_from=old.recorded_at, valid_until=old.recorded_at, notice=None)
    assert [answer.ceiling for answer in decided(changed)] == [answer.ceiling for answer in before]


@law
def test_a_later_lower_cap_lowers(one: World, dice: Dice, tally: Tally) -> None:
    before = decided(one)
    tally.saw(before)
    key = pick(dice, [answer.key for answer in before if answer.ceiling] or one.keys)
    cell = pick(dice, cells(one, key))
    cap = pick(dice, tuple(Fidelity)[1:-1])
    said = yes(dice, one.request, one.request.at)
    lower = replace(said, id="lower", cap=cap, assurance=2, scope=touching(dice, cell, one.catalogue))
    after = decided(said_now(one, lower), (key,))[0]
    if heeds_a_no(one, key, frozenset({cell.operation})):
        assert after.ceiling <= cap


@law
def test_no_resurrection(one: World, dice: Dice, tally: Tally) -> None:
    tally.saw(decided(one))
    at = one.request.at
    said = [replace(record(dice, one.request, at), id=f"after{number}") for number in range(4)]
    others = replace(yes(dice, one.request, at), id="others", scope=Scope(recipient="agency"))
    before = [old for old in one.snapshot.own.records if old.recorded_at <= at]
    withdrawn = Record("all", RecordKind.WITHDRAWN, at, cap=Fidelity.NONE)
    closed = one.with_own(*before, withdrawn, *[old for old in said if not old.is_yes])
    if one.request.recipient != "agency":
        closed = closed.with_own(*closed.snapshot.own.records, others)
    for days in (0, 1, 2, 5, 40, 400):
        later = closed.asking(at=at + timedelta(days=days))
        for answer in decided(later):
            assert answer.ceiling is Fidelity.NONE or not heeds_a_no(later, answer.key), (days, answer)


@law
def test_more_than_512_records_in_force_release_nothing(one: World, dice: Dice, tally: Tally) -> None:
    tally.saw(decided(one))
    if dice.number(9):  # a long history takes a while; one in ten is enough
        return
    party = pick(dice, range(len(one.snapshot.parties)))
    old = one.snapshot.parties[party].records
    at = min(old[0].recorded_at, one.request.at)
    many = [
        Record(f"x{number}", RecordKind.REFUSED, at, scope=Scope(recipient="agency", session=f"x{number}"))
        for number in range(MOST_RECORDS + 1)
    ]
    given = tuple(replace(said, given_on=replace(said.given_on, device="d9")) for said in many)
    for answer in decided(with_party(one, party, (*given, *old))):
        gates = {gate.gate: gate for gate in answer.gates}
        assert answer.ceiling is Fidelity.NONE, answer
        assert gates[Gate.LAW].ceiling is Fidelity.NONE or Reason.TOO_MANY_RECORDS in gates[Gate.CONSENT].reasons
