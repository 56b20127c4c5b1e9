"""As whom somebody speaks: a person, a device, a household, a guardian; and in whose tree it stands."""

import pytest

from graph.records import GivenOn, Scope
from graph.store import Parties, Seen
from graph.terms import AgeBand, Fidelity, GivenBy, PartyKind, Reason, RecordKind
from resolvers.acts import BoundTo, GiveConsent, ScopeAsked
from resolvers.consent import give, refuse, withdraw, withdraw_all
from resolvers.context import Context, Rules, Session
from resolvers.problems import ProblemKind
from tests.support.worlds_acts import rung, why
from tests.support.worlds_resolvers import (
    HOBBY,
    STUDIO,
    TURNING,
    World,
    all_of,
    done,
    problem,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

HOBBIES = ScopeAsked(category="hobby")


def _pia(world: World, **more: object) -> Context:
    return world.of(**{"subject": "pia", "device": "pia-headset", "age_band": AgeBand.CHILD, **more})


def _phone(world: World, **more: object) -> Context:
    return world.of(**{"channel": "phone", "device": "noor-phone", **more})


async def _of_device(world: World, kind: PartyKind, device: str) -> list[tuple[RecordKind, Scope, GivenBy]]:
    parties = Parties(device=device, household=device if kind is PartyKind.HOUSEHOLD else None)
    found = await world.store.history("noor", parties)
    (party,) = (one for one in found.parties if one.kind is kind)
    return [(one.kind, one.scope, one.given_by) for one in party.records]


async def _given(world: World, subject: str) -> tuple[str | None, ...]:
    return tuple(one.scope.purpose for one in await world.records(subject) if one.kind is RecordKind.GIVEN)


async def test_a_yes_below_sign_in_on_a_linked_device_binds_that_device(world: World) -> None:
    await shown(world.of(), HOBBY)
    await shown(_phone(world), HOBBY)
    made = await said_yes(world.of(assurance=1), HOBBY)
    assert made.bound_to is BoundTo.DEVICE
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE
    assert await rung(_phone(world), HOBBY) is Fidelity.NONE


async def test_a_yes_on_a_device_nobody_signed_in_on_asks_for_a_sign_in(world: World) -> None:
    kiosk = world.context(world.caller(device="kiosk", assurance=0), rules=Rules(step_up_url="https://sign.in/"))
    made = await shown(kiosk, HOBBY)
    found = problem(await give(kiosk, GiveConsent("k", made.token, all_of(made))))
    assert (found.kind, found.url) == (ProblemKind.STEP_UP_REQUIRED, "https://sign.in/")


async def test_a_yes_of_nobody_on_no_device_can_not_be_recorded(world: World) -> None:
    nobody = world.of(channel="phone", device=None, assurance=0)
    made = await shown(nobody, HOBBY)
    found = problem(await give(nobody, GiveConsent("k", made.token, all_of(made))))
    assert (found.kind, found.code) == (ProblemKind.INVALID_INPUT, "DEVICE_REQUIRED")


async def test_a_no_on_a_device_nobody_signed_in_on_stands_in_the_devices_own_tree(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    kiosk = world.of(device="kiosk", assurance=0)
    made = done(await withdraw(kiosk, "k", HOBBIES))
    assert (made.bound_to, made.revision) == (BoundTo.DEVICE, "s2.d1")
    assert await _of_device(world, PartyKind.DEVICE, "kiosk") == [
        (RecordKind.WITHDRAWN, Scope(category="hobby"), GivenBy.DEVICE)
    ]
    assert [one.kind for one in await world.records()] == [RecordKind.NOTICE_SERVED, RecordKind.GIVEN]
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE


async def test_a_no_where_no_device_is_named_is_heeded_for_the_whole_person(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    made = done(await withdraw(world.of(channel="mail", device=None, assurance=1), "k", HOBBIES))
    assert made.bound_to is BoundTo.SUBJECT
    assert ((await world.records())[-1].given_by, await rung(world.of(), HOBBY)) == (GivenBy.OPERATOR, Fidelity.NONE)


async def test_a_no_on_a_households_device_holds_for_everybody_there(world: World) -> None:
    noor, jon = (world.of(subject=name, channel="tv", device="living room", assurance=1) for name in ("noor", "jon"))
    for one in (noor, jon):
        await shown(one, TURNING)
    phone = world.of(subject="jon", channel="phone", device="jon-phone")
    await said_yes(phone, HOBBY)
    made = done(await withdraw(noor, "k", HOBBIES))
    assert (made.bound_to, made.revision) == (BoundTo.DEVICE, "s1.d1.h1")
    kinds = (PartyKind.SUBJECT, PartyKind.DEVICE, PartyKind.HOUSEHOLD)
    seen = zip(kinds, ("noor", "living room", "living room"), (1, 1, 1), strict=True)
    assert world.consistency.read(made.consistency_token) == Seen(tuple(seen))
    assert await _of_device(world, PartyKind.HOUSEHOLD, "living room") == [
        (RecordKind.WITHDRAWN, Scope(category="hobby"), GivenBy.DEVICE)
    ]
    assert (await why(jon, HOBBY)).reasons == (Reason.CONSENT_WITHDRAWN,)
    assert await rung(phone, HOBBY) is Fidelity.PRECISE


async def test_what_a_household_hears_names_no_member_and_no_other_device(world: World) -> None:
    await said_yes(_phone(world), HOBBY)
    tablet = world.of(channel="tablet", device="tablet")
    made = done(await withdraw(tablet, "k", ScopeAsked(category="hobby", device="noor-phone")))
    assert (made.bound_to, made.revision) == (BoundTo.SUBJECT, "s3.d0.h0")
    assert await _of_device(world, PartyKind.HOUSEHOLD, "tablet") == []
    done(await withdraw(tablet, "all", HOBBIES))
    (record,) = (
        one
        for party in (await world.store.history("noor", Parties("tablet", "tablet"))).parties
        for one in party.records
        if party.kind is PartyKind.HOUSEHOLD
    )
    assert record.given_on == GivenOn("tablet", "tablet")
    assert "noor" not in repr(record)


async def test_a_no_of_a_household_is_said_once_under_its_key(world: World) -> None:
    tv = world.of(channel="tv", device="living room", assurance=1)
    first = done(await withdraw(tv, "k", HOBBIES))
    assert done(await withdraw(tv, "k", HOBBIES)) == first
    assert len(await _of_device(world, PartyKind.HOUSEHOLD, "living room")) == 1


async def test_an_offer_refused_on_a_households_device_is_used(world: World) -> None:
    tv = world.of(channel="tablet", device="living room")
    made = await shown(tv, HOBBY)
    done(await refuse(tv, "no", made.token))
    assert problem(await give(tv, GiveConsent("yes", made.token, all_of(made)))).code == "OFFER_USED"


async def test_a_child_cannot_say_yes_and_her_guardian_can(world: World) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    found = problem(await give(_pia(world), GiveConsent("k", made.token, all_of(made))))
    assert (found.kind, found.code) == (ProblemKind.GUARDIAN_REQUIRED, "GUARDIAN_REQUIRED")
    answer = done(await give(_phone(world), GiveConsent("k", made.token, all_of(made))))
    assert answer.bound_to is BoundTo.SUBJECT
    record = (await world.records("pia"))[-1]
    assert (record.kind, record.given_by, record.assurance) == (RecordKind.GIVEN, GivenBy.GUARDIAN, 2)
    assert record.given_on == GivenOn("phone")
    assert "noor" not in repr(record)
    assert await world.records("noor") == ()
    assert await rung(_pia(world), HOBBY) is Fidelity.PRECISE


async def test_a_guardian_says_yes_once_under_her_key(world: World) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    first = done(await give(_phone(world), GiveConsent("k", made.token, all_of(made))))
    assert done(await give(_phone(world), GiveConsent("k", made.token, all_of(made)))) == first
    other = GiveConsent("k", made.token, all_of(made, Fidelity.PRESENCE))
    assert problem(await give(_phone(world), other)).code == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("assurance", [0, 1])
async def test_a_guardian_has_to_be_signed_in(world: World, assurance: int) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    guardian = _phone(world, assurance=assurance)
    for answer in (
        await give(guardian, GiveConsent("yes", made.token, all_of(made))),
        await refuse(guardian, "no", made.token),
    ):
        assert problem(answer).kind is ProblemKind.STEP_UP_REQUIRED
    assert [one.kind for one in await world.records("pia")] == [RecordKind.NOTICE_SERVED]


async def test_nobody_else_answers_for_a_child(world: World) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    jon = _phone(world, subject="jon", device="jon-phone")
    assert problem(await give(jon, GiveConsent("k", made.token, all_of(made)))).code == "OFFER_FOREIGN"


async def test_a_child_may_say_no_herself_and_so_may_her_guardian(world: World) -> None:
    await world.guarded("pia", "noor")
    made = [await shown(_pia(world), HOBBY), await shown(_pia(world), TURNING)]
    done(await refuse(_pia(world), "no", made[0].token))
    done(await refuse(_phone(world), "no", made[1].token))
    found = [(one.scope.category, one.given_by) for one in await world.records("pia") if one.is_no]
    assert found == [("hobby", GivenBy.SUBJECT), ("comfort", GivenBy.GUARDIAN)]


async def test_what_a_child_lets_an_app_have_takes_a_separate_yes_for_a_third_party(world: World) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    done(await give(_phone(world), GiveConsent("app", made.token, all_of(made))))
    studio = _pia(world, recipient=STUDIO)
    assert await rung(studio, HOBBY) is Fidelity.NONE
    separate = await shown(_pia(world), HOBBY, recipient=STUDIO)
    done(await give(_phone(world), GiveConsent("studio", separate.token, all_of(separate))))
    assert (await world.records("pia"))[-1].scope.recipient == STUDIO
    assert await rung(studio, HOBBY) is Fidelity.PRECISE


async def test_a_guardians_no_does_not_silence_her_own_household(world: World) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    done(await refuse(world.of(channel="tablet", device="tablet"), "no", made.token))
    assert await _of_device(world, PartyKind.HOUSEHOLD, "tablet") == []


async def test_a_guardians_session_is_none_of_her_wards(world: World) -> None:
    await world.guarded("pia", "noor")
    made = await shown(_pia(world), HOBBY)
    guardian = world.context(world.caller(channel="phone", device="noor-phone"), session=Session("evening"))
    asked = GiveConsent("k", made.token, all_of(made), this_session_only=True)
    assert problem(await give(guardian, asked)).code == "SESSION_REQUIRED"


async def test_a_teen_answers_herself_but_where_the_law_wants_a_guardian(world: World) -> None:
    for place, kind in (("XX", None), ("TT", ProblemKind.GUARDIAN_REQUIRED)):
        teen = world.of(subject=f"teen in {place}", device="d", age_band=AgeBand.TEEN, residence=place)
        made = await shown(teen, HOBBY)
        answer = await give(teen, GiveConsent("k", made.token, all_of(made)))
        assert getattr(answer, "kind", None) is kind
        assert bool(await _given(world, teen.caller.subject)) is (kind is None)


async def test_what_was_withdrawn_on_a_kiosk_is_withdrawn_there_once(world: World) -> None:
    kiosk = world.of(device="kiosk", assurance=0)
    first = done(await withdraw_all(kiosk, "one"))
    assert done(await withdraw_all(kiosk, "two")).revision == first.revision == "s0.d1"
