"""An offer on its way back: whose it is, whether it still holds, who may answer it, and what of it may be chosen."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.keys import seeded
from gateway.signing import Ed25519Signer
from graph.catalogue import NoticeCell
from graph.records import GivenOn
from graph.terms import AgeBand, GivenBy, Operation, RecordKind
from resolvers.context import Rules, Session
from resolvers.problems import ProblemKind
from resolvers.restricting import erase_subject
from resolvers.signer import OFFER_LIFETIME
from tests.support.worlds_answering import USES_HOBBIES, Answer, no, said, told, yes
from tests.support.worlds_governance import office
from tests.support.worlds_resolvers import (
    APP,
    HEIGHT,
    HOBBY,
    HOUR,
    PLAY,
    STUDIO,
    World,
    all_of,
    done,
    notice,
    problem,
    shown,
)

pytestmark = pytest.mark.anyio
EITHER = pytest.mark.parametrize("answer", [yes, no])


# Whether it is ours and still holds


@EITHER
async def test_an_offer_is_answered_once(world: World, answer: Answer) -> None:
    made = await shown(world.of(), HOBBY)
    done(await answer(world.of(), made))
    assert told(await yes(world.of(), made)) == ("OFFER_USED", ("offerToken",))
    assert len(await said(world)) == 1


@EITHER
@pytest.mark.parametrize("spoilt", ["", "a.b.c", "changed", "another gateway's"])
async def test_what_was_not_signed_here_is_no_offer(world: World, answer: Answer, spoilt: str) -> None:
    made = await shown(world.of(), HOBBY)
    header, payload, signature = made.token.split(".")
    other = replace(world, signer=_other_signer())
    tokens = {
        "changed": f"{header}.{payload[:-2]}AA.{signature}",
        "another gateway's": (await shown(other.of(), HOBBY)).token,
    }
    found = await answer(world.of(), replace(made, token=tokens.get(spoilt, spoilt)))
    assert told(found) == ("OFFER_INVALID", ("offerToken",))
    assert await said(world) == []


def _other_signer() -> Any:
    return Ed25519Signer((seeded(bytes([7]) * 32),))


@EITHER
async def test_an_offer_ends_after_its_minutes(world: World, answer: Answer) -> None:
    made = await shown(world.of(), HOBBY)
    later = world.later(OFFER_LIFETIME)
    found = problem(await answer(later.of(), made))
    assert (found.kind, found.code, found.path) == (ProblemKind.OFFER_EXPIRED, "OFFER_EXPIRED", ("offerToken",))


async def test_an_offer_holds_to_its_last_moment_and_its_answer_is_given_again_after_it(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    soon = replace(world.of(), at=world.now + OFFER_LIFETIME - HOUR / 3600)
    first = done(await yes(soon, made, key="k"))
    assert done(await yes(world.later().of(), made, key="k")) == first


async def test_a_yes_to_what_a_newer_notice_changed_meanwhile_is_not_taken(world: World) -> None:
    made = await shown(world.of(), HOBBY, HEIGHT)
    hobby, body = all_of(made)
    newer = notice("general", 2, world.now, (NoticeCell(PLAY, "hobby", APP, Operation.USE),))
    there = world.changed(notices=(*world.tables.notices, newer))
    assert told(await yes(there.of(), made, choices=(hobby,))) == ("OFFER_EXPIRED", ("offerToken",))
    done(await yes(there.of(), made, choices=(body,)))


async def test_what_a_newer_notice_changed_for_another_recipient_is_no_matter_of_this_offer(world: World) -> None:
    own, foreign = await shown(world.of(), HOBBY), await shown(world.of(), HOBBY, recipient=STUDIO)
    newer = notice("general", 2, world.now, (NoticeCell(PLAY, "hobby", STUDIO, Operation.DISCLOSE),))
    there = world.changed(notices=(*world.tables.notices, newer))
    assert told(await yes(there.of(), foreign)) == ("OFFER_EXPIRED", ("offerToken",))
    done(await yes(there.of(), own))


async def test_a_yes_to_a_notice_the_catalogue_has_no_more_is_not_taken(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    gone = world.changed(notices=(notice("another", 1, world.now),))
    assert told(await yes(gone.of(), made)) == ("OFFER_EXPIRED", ("offerToken",))


# Who answers it


@EITHER
async def test_a_stranger_answers_no_offer_of_somebody_elses(world: World, answer: Answer) -> None:
    made = await shown(world.of(), HOBBY)
    stranger = world.of(subject="jon", device="jon-headset")
    assert told(await answer(stranger, made)) == ("OFFER_FOREIGN", ("offerToken",))
    assert await said(world) == await said(world, "jon") == []


@EITHER
async def test_an_app_of_a_third_party_answers_no_offer_made_for_another(world: World, answer: Answer) -> None:
    made = await shown(world.of(), HOBBY)
    assert told(await answer(world.of(recipient=STUDIO), made)) == ("OFFER_FOREIGN", ("offerToken",))


async def test_an_app_of_a_third_party_answers_its_own(world: World) -> None:
    studio = world.of(recipient=STUDIO)
    done(await yes(studio, await shown(studio, HOBBY)))
    assert [one.scope.recipient for one in await world.records()][-1] == STUDIO


async def test_a_child_cannot_say_yes_and_can_say_no(world: World) -> None:
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)
    made = await shown(pia, HOBBY)
    found = problem(await yes(pia, made))
    assert (found.kind, found.code) == (ProblemKind.GUARDIAN_REQUIRED, "GUARDIAN_REQUIRED")
    done(await no(pia, made))
    assert await said(world, "pia") == [(RecordKind.REFUSED, GivenBy.SUBJECT)]


async def test_whoever_states_no_age_is_a_child_where_the_operator_says_so(world: World) -> None:
    young = replace(world.of(age_band=AgeBand.UNKNOWN), rules=Rules(unknown_age=AgeBand.CHILD))
    made = await shown(young, HOBBY)
    assert told(await yes(young, made))[0] == "GUARDIAN_REQUIRED"
    done(await yes(replace(young, rules=Rules()), made))


async def test_a_teen_cannot_say_yes_where_the_law_wants_a_guardian(world: World) -> None:
    abroad = world.of(age_band=AgeBand.TEEN, residence="TT")
    assert told(await yes(abroad, await shown(abroad, HOBBY)))[0] == "GUARDIAN_REQUIRED"
    at_home = world.of(subject="kim", age_band=AgeBand.TEEN, device="kims")
    done(await yes(at_home, await shown(at_home, HOBBY)))


@pytest.mark.parametrize(("answer", "kind"), [(yes, RecordKind.GIVEN), (no, RecordKind.REFUSED)], ids=["yes", "no"])
async def test_her_guardian_answers_on_a_phone_of_her_own_in_the_childs_tree(
    world: World, answer: Answer, kind: RecordKind
) -> None:
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)
    made = await shown(pia, HOBBY)
    phone = replace(world.of(channel="phone", device="noor-phone"), session=Session("hers"))
    done(await answer(phone, made))
    (record,) = [one for one in await world.records("pia") if one.kind is not RecordKind.NOTICE_SERVED]
    assert (record.kind, record.given_by, record.scope) == (kind, GivenBy.GUARDIAN, USES_HOBBIES)
    assert record.given_on == GivenOn("phone")
    assert await said(world) == []


@EITHER
async def test_a_guardian_who_is_not_signed_in_is_asked_to(world: World, answer: Answer) -> None:
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)
    made = await shown(pia, HOBBY)
    found = problem(await answer(world.of(assurance=1), made))
    assert (found.kind, found.code) == (ProblemKind.STEP_UP_REQUIRED, "STEP_UP_REQUIRED")


async def test_who_was_erased_says_yes_to_nothing(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    await erase_subject(office(world.store).officer(), "k", "noor", case="c")
    assert told(await yes(world.of(), made)) == ("OFFER_FOREIGN", ("offerToken",))
    assert await said(world) == []
