"""What a person says: yes by offer, no to it, a withdrawal, an objection; who may say it, and how often it counts."""

from datetime import timedelta

import pytest

from graph.records import GivenOn, NoticeRef, Scope
from graph.store import Seen
from graph.terms import Fidelity, GivenBy, Operation, PartyKind, Reason, RecordKind
from resolvers.acts import BoundTo, CellChoice, Changed, GiveConsent, ScopeAsked
from resolvers.consent import give, object_to, refuse, withdraw, withdraw_all
from resolvers.offers import OfferShown
from resolvers.problems import Problem, ProblemKind
from resolvers.signer import OFFER_LIFETIME
from tests.support.worlds_acts import decided, rung, why
from tests.support.worlds_resolvers import (
    ADS,
    GUESS,
    HEIGHT,
    HOBBY,
    PLAY,
    SIZE,
    STUDIO,
    SUNRISE,
    TOPICS,
    World,
    all_of,
    done,
    problem,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

INSTANT = timedelta(microseconds=1)
GENERAL_1 = NoticeRef("general", 1)
HOBBIES = ScopeAsked(category="hobby")


def _yes(made: OfferShown, key: str = "yes", *choices: CellChoice) -> GiveConsent:
    return GiveConsent(key, made.token, choices or all_of(made))


async def _kinds(world: World) -> list[RecordKind]:
    return [one.kind for one in await world.records() if one.kind is not RecordKind.NOTICE_SERVED]


async def test_a_yes_is_recorded_as_it_was_offered_and_chosen(world: World) -> None:
    made = await shown(world.of(), HOBBY, GUESS)
    chosen = CellChoice(PLAY, "hobby", Operation.USE, Fidelity.PRESENCE)
    answer = done(await give(world.of(), _yes(made, "yes", chosen)))
    served, given = await world.records()
    offer = world.signer.read_offer(made.token)
    assert (given.kind, given.cap, given.sequence) == (RecordKind.GIVEN, Fidelity.PRESENCE, served.sequence + 1)
    assert given.scope == Scope(PLAY, "hobby", "app", operations=frozenset({Operation.USE}))
    assert (given.notice, given.offer_id, given.catalogue_version) == (GENERAL_1, offer.id, 1)
    assert (given.explicit, given.names, given.answers_signal) == (True, frozenset({"hobby"}), False)
    assert (given.given_by, given.assurance) == (GivenBy.SUBJECT, 2)
    assert given.given_on == GivenOn("headset", "noor-headset")
    assert (answer.revision, answer.bound_to) == ("s2.d0", BoundTo.SUBJECT)
    assert world.consistency.read(answer.consistency_token) == Seen(((PartyKind.SUBJECT, "noor", 2),))
    assert (answer.still_withheld, answer.needed_for_contract) == ((), ())


async def test_a_yes_is_what_the_next_read_goes_by(world: World) -> None:
    assert (await why(world.of(), HOBBY)).reasons == (Reason.CONSENT_MISSING,)
    await said_yes(world.of(), HOBBY)
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE
    assert await rung(world.of(), HOBBY, SIZE) is Fidelity.NONE


async def test_cells_that_are_not_chosen_leave_no_record_and_those_chosen_share_a_sequence(world: World) -> None:
    made = await shown(world.of(), HOBBY, HEIGHT, GUESS)
    done(await give(world.of(), _yes(made, "yes", *all_of(made)[:2])))
    given = [one for one in await world.records() if one.kind is RecordKind.GIVEN]
    assert [(one.scope.category, one.sequence) for one in given] == [("hobby", 2), ("body.height", 2)]


async def test_an_offer_is_good_for_one_answer(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    done(await give(world.of(), _yes(made)))
    for answer in (await give(world.of(), _yes(made, "again")), await refuse(world.of(), "no", made.token)):
        found = problem(answer)
        assert (found.kind, found.code, found.path) == (ProblemKind.INVALID_INPUT, "OFFER_USED", ("offerToken",))
    assert await _kinds(world) == [RecordKind.GIVEN]


async def test_an_offer_that_was_refused_is_used_too(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    done(await refuse(world.of(), "no", made.token))
    assert problem(await give(world.of(), _yes(made))).code == "OFFER_USED"


async def test_an_offer_ends_at_its_instant(world: World) -> None:
    made = [await shown(world.of(), key) for key in (HOBBY, HEIGHT)]
    done(await give(world.later(OFFER_LIFETIME - INSTANT).of(), _yes(made[0])))
    late = world.later(INSTANT)
    for answer in (await give(late.of(), _yes(made[1], "late")), await refuse(late.of(), "no", made[1].token)):
        found = problem(answer)
        assert (found.kind, found.path) == (ProblemKind.OFFER_EXPIRED, ("offerToken",))


@pytest.mark.parametrize(("act", "device"), [("give", "noor-headset"), ("refuse", "noor-headset"), ("refuse", "kiosk")])
async def test_a_repeated_answer_is_the_same_after_its_offer_ended(world: World, act: str, device: str) -> None:
    """On a kiosk nobody signed in on, a no and its answer are kept in the device's own tree."""
    caller = world.caller(device=device, assurance=0 if device == "kiosk" else 2)
    made = await shown(world.context(caller), HOBBY)

    async def answer() -> Changed:
        if act == "give":
            return done(await give(world.context(caller), _yes(made)))
        return done(await refuse(world.context(caller), "yes", made.token))

    first = await answer()
    world.later(2 * OFFER_LIFETIME)
    assert await answer() == first
    assert len(await _kinds(world)) == (device != "kiosk")


async def test_an_offer_of_somebody_else_is_not_ones_own_to_answer(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    jon = world.of(subject="jon", device=None)
    for answer in (await give(jon, _yes(made)), await refuse(jon, "no", made.token)):
        assert (problem(answer).code, problem(answer).path) == ("OFFER_FOREIGN", ("offerToken",))


async def test_an_offer_for_another_recipient_is_none_of_an_apps(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    assert problem(await give(world.of(recipient=STUDIO), _yes(made))).code == "OFFER_FOREIGN"


async def test_a_text_that_is_no_offer_is_refused(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    for token in ("", "no.offer.here", made.token[:-2]):
        answers: list[Changed | Problem] = [
            await give(world.of(), GiveConsent("k", token, all_of(made))),
            await refuse(world.of(), "k", token),
        ]
        assert [(problem(one).code, problem(one).path) for one in answers] == [("OFFER_INVALID", ("offerToken",))] * 2


@pytest.mark.parametrize(
    ("choice", "place"),
    [
        (CellChoice(PLAY, "body.height", Operation.USE), "1"),
        (CellChoice(SIZE, "hobby", Operation.USE), "1"),
        (CellChoice(PLAY, "hobby", Operation.INFER), "1"),
        (CellChoice(PLAY, "hobby", Operation.USE), "1"),
        (CellChoice(PLAY, "hobby", Operation.USE, Fidelity.NONE), "0"),
    ],
    ids=["another category", "another purpose", "another operation", "chosen twice", "no rung"],
)
async def test_a_choice_outside_the_offer_refuses_them_all(world: World, choice: CellChoice, place: str) -> None:
    made = await shown(world.of(), HOBBY)
    choices = (choice,) if place == "0" else (*all_of(made), choice)
    found = problem(await give(world.of(), _yes(made, "yes", *choices)))
    assert (found.code, found.path) == ("CHOICE_NOT_OFFERED", ("choices", place))
    assert await _kinds(world) == []


async def test_an_answer_that_was_refused_does_not_use_the_offer(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    problem(await give(world.of(), _yes(made, "wrong", CellChoice(SIZE, "hobby", Operation.USE))))
    done(await give(world.of(), _yes(made)))


async def test_refusing_leaves_a_no_for_each_offered_cell_under_one_sequence(world: World) -> None:
    made = await shown(world.of(), HOBBY, GUESS)
    answer = done(await refuse(world.of(), "no", made.token))
    offer = world.signer.read_offer(made.token)
    found = [one for one in await world.records() if one.kind is RecordKind.REFUSED]
    assert [one.scope for one in found] == [
        Scope(PLAY, "hobby", "app", operations=frozenset({Operation.USE})),
        Scope(PLAY, "guess", "app", operations=frozenset({Operation.USE})),
        Scope(PLAY, "hobby", "app", operations=frozenset({Operation.INFER})),
    ]
    assert {(one.cap, one.sequence, one.offer_id, one.notice) for one in found} == {
        (Fidelity.NONE, 2, offer.id, GENERAL_1)
    }
    assert answer.revision == "s2.d0"


async def test_refusing_needs_no_more_than_a_device_where_accepting_does(world: World) -> None:
    nobody = world.of(assurance=0, device="kiosk")
    made = await shown(nobody, HOBBY)
    assert problem(await give(nobody, _yes(made))).kind is ProblemKind.STEP_UP_REQUIRED
    assert done(await refuse(nobody, "no", made.token)).bound_to is BoundTo.DEVICE


@pytest.mark.parametrize("assurance", [0, 1, 2, 3])
@pytest.mark.parametrize("linked", [True, False])
async def test_a_withdrawal_never_asks_who_says_it(world: World, assurance: int, linked: bool) -> None:
    if linked:
        await said_yes(world.of(), HOBBY)
    answer = done(await withdraw(world.of(assurance=assurance), "no", HOBBIES))
    assert answer.bound_to is (BoundTo.SUBJECT if assurance >= 2 else BoundTo.DEVICE)


async def test_a_withdrawal_on_a_device_below_sign_in_binds_that_device_only(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    phone = world.of(channel="phone", device="noor-phone")
    assert await rung(phone, HOBBY) is Fidelity.PRECISE
    device = world.of(assurance=1)
    assert done(await withdraw(device, "no", HOBBIES)).bound_to is BoundTo.DEVICE
    assert await rung(world.of(), HOBBY) is Fidelity.NONE
    assert await rung(phone, HOBBY) is Fidelity.PRECISE


async def test_a_withdrawal_of_what_was_never_given_is_recorded_and_only_once(world: World) -> None:
    first = done(await withdraw(world.of(), "one", HOBBIES))
    (record,) = await world.records()
    assert (record.kind, record.scope) == (RecordKind.WITHDRAWN, Scope(category="hobby"))
    again = done(await withdraw(world.later().of(), "two", HOBBIES))
    assert again.revision == first.revision == "s1.d0"
    assert await world.records() == (record,)
    assert again.receipt.id != first.receipt.id


async def test_what_was_said_yes_to_since_is_withdrawn_anew(world: World) -> None:
    done(await withdraw(world.of(), "one", HOBBIES))
    await said_yes(world.of(), HOBBY)
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE
    done(await withdraw(world.of(), "two", HOBBIES))
    assert (await why(world.of(), HOBBY)).reasons == (Reason.CONSENT_WITHDRAWN,)
    assert await _kinds(world) == [RecordKind.WITHDRAWN, RecordKind.GIVEN, RecordKind.WITHDRAWN]


async def test_taking_everything_back_stops_what_was_said_yes_to_and_not_what_is_said_yes_to_later(
    world: World,
) -> None:
    await said_yes(world.of(), HOBBY, HEIGHT)
    made = done(await withdraw_all(world.of(), "all"))
    assert (await world.records())[-1].scope == Scope()
    assert made.bound_to is BoundTo.SUBJECT
    await said_yes(world.of(), HEIGHT)
    assert [await rung(world.of(), key) for key in (HOBBY, HEIGHT)] == [Fidelity.NONE, Fidelity.PRECISE]


async def test_an_app_of_a_third_party_takes_back_what_it_has_and_nothing_else(world: World) -> None:
    studio = world.of(recipient=STUDIO)
    await said_yes(world.of(), HOBBY)
    await said_yes(studio, HOBBY)
    done(await withdraw_all(studio, "all"))
    assert [await rung(one, HOBBY) for one in (world.of(), studio)] == [Fidelity.PRECISE, Fidelity.NONE]


async def test_an_objection_stops_what_rests_on_an_interest_and_says_so(world: World) -> None:
    sunrise = world.of(recipient=SUNRISE, residence="OO")
    await shown(sunrise, TOPICS, purpose=ADS)
    assert await rung(sunrise, TOPICS, ADS) is Fidelity.PRECISE
    done(await object_to(world.of(residence="OO"), "no", ScopeAsked(purpose="ads", recipient=SUNRISE)))
    assert (await world.records())[-1].kind is RecordKind.OBJECTED
    (answer,) = (await decided(sunrise, TOPICS, ADS)).decisive
    assert (answer.ceiling, answer.reasons) == (Fidelity.NONE, (Reason.OBJECTED,))


async def test_an_objection_after_a_withdrawal_of_the_same_is_recorded_in_its_own_right(world: World) -> None:
    done(await withdraw(world.of(), "one", HOBBIES))
    done(await object_to(world.of(), "two", HOBBIES))
    assert await _kinds(world) == [RecordKind.WITHDRAWN, RecordKind.OBJECTED]
