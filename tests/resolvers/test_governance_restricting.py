"""What an officer does to one subject at her request: restriction, its lifting, erasure; who is told of it."""

import base64
import json
from typing import Any

import pytest

from graph.records import Device, GivenOn, Record, Scope
from graph.store import AsOf, DisclosureQuery, Page, Parties
from graph.terms import DeviceKind, Fidelity, GivenBy, Outcome, Reason, RecordKind, Standing
from resolvers import restricting
from resolvers.explaining import ExplainAsked, explain
from resolvers.registry import NewRecipient, register_recipient
from resolvers.release import release_own
from resolvers.restricting import SubjectChanged, erase_subject, restrict_subject
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import MART, Office, office, record, value
from tests.support.worlds_resolvers import APP, HEIGHT, HOBBY, PLAY, STUDIO, World, problem

pytestmark = pytest.mark.anyio
CASE = "case 7"


@pytest.fixture
async def here(world: World) -> Office:
    """Noor with a headset, a guardian, a yes to everything, her hobbies held; given to two recipients."""
    found = office(WatchedStore(world.store))
    await found.person()
    headset = Device("noor-headset", "Noor's own", DeviceKind.HEADSET, shared=False, linked_at=found.now)
    await found.told("noor", record("yes", found.now), devices=(headset,), guardians=("ann",))
    await found.holds("noor", value(HOBBY, found.now), value(HEIGHT, found.now))
    for recipient in (STUDIO, APP, STUDIO):
        await found.given(recipient=recipient)
    await found.given("jon", recipient=MART)
    return found


async def restricted(here: Office, key: str = "k", subject: str = "noor", **more: Any) -> Any:
    plain = {"restricted": True, "case": CASE, **more}
    return await restrict_subject(here.officer(plain.pop("officer", "officer")), key, subject, **plain)


async def lifted(here: Office, key: str = "lift", **more: Any) -> Any:
    return await restricted(here, key, restricted=False, **more)


async def erased(here: Office, key: str = "erase", **more: Any) -> Any:
    plain = {"case": CASE, **more}
    return await erase_subject(here.officer(), key, plain.pop("subject", "noor"), **plain)


async def answered(here: Office) -> tuple[Outcome, Reason | None]:
    """Return what her own app is told of her hobbies."""
    entry = (await release_own(here.of(), PLAY, (HOBBY,))).entries[0]
    return entry.outcome, entry.told.reasons[0] if entry.told else None


def claims(done: SubjectChanged) -> dict[str, Any]:
    payload = done.receipt.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "==")))


async def test_a_restriction_closes_everything_and_takes_nothing_away(here: Office) -> None:
    assert await answered(here) == (Outcome.RELEASED, None)
    done = await restricted(here)
    assert (done.subject, done.standing) == ("noor", Standing.RESTRICTED)
    assert await answered(here) == (Outcome.WITHHELD, Reason.SUBJECT_RESTRICTED)
    assert {one.key for one in await here.store.held("noor")} == {HOBBY, HEIGHT}
    assert (await here.records())[-1] == Record(
        id=(await here.records())[-1].id,
        kind=RecordKind.RESTRICTED,
        recorded_at=here.now,
        scope=Scope(),
        catalogue_version=1,
        assurance=2,
        given_by=GivenBy.OPERATOR,
        given_on=GivenOn(),
        sequence=3,
    )


async def test_lifting_a_restriction_brings_back_what_stood_before(here: Office) -> None:
    await restricted(here)
    done = await lifted(here)
    assert done.standing is Standing.ACTIVE
    assert await answered(here) == (Outcome.RELEASED, None)
    rows = await here.store.records("noor", Page(100), AsOf())
    assert [(row.record.kind, row.ended_at) for row in rows][-1] == (RecordKind.RESTRICTED, here.now)


async def test_a_restriction_twice_and_a_lifting_of_none_change_nothing(here: Office) -> None:
    before = (await here.store.snapshot("noor", Parties())).revision
    assert (await lifted(here)).standing is Standing.ACTIVE
    assert (await here.store.snapshot("noor", Parties())).revision == before
    await restricted(here)
    once = (await here.store.snapshot("noor", Parties())).revision
    assert (await restricted(here, "again")).standing is Standing.RESTRICTED
    assert (await here.store.snapshot("noor", Parties())).revision == once


async def test_everybody_who_received_something_of_hers_is_to_be_told_once(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restricting, "AT_ONCE", 2)
    for number in range(5):
        await here.given(recipient=f"r{number % 3}")
    for done in (await restricted(here), await lifted(here), await erased(here)):
        assert done.recipients == (APP, "r0", "r1", "r2", STUDIO)
    await here.person("pia")
    assert (await restricted(here, "pia", subject="pia")).recipients == ()


async def test_an_erasure_deletes_her_values_and_the_names_of_her_devices_for_good(here: Office) -> None:
    await here.holds("jon", value(HOBBY, here.now))
    done = await erased(here)
    assert done.standing is Standing.ERASED
    assert await here.store.held("noor") == ()
    assert {one.key for one in await here.store.held("jon")} == {HOBBY}
    assert [(one.name, one.unlinked_at) for one in await here.store.devices("noor")] == [("", here.now)]
    assert (await here.store.snapshot("noor", Parties())).subject.guardians == ()
    assert await answered(here) == (Outcome.WITHHELD, Reason.SUBJECT_RESTRICTED)


async def test_what_an_erased_person_said_and_what_was_given_out_stay_as_proof(here: Office) -> None:
    said = await here.records()
    await erased(here)
    assert await here.records() == said
    sealed = DisclosureQuery(subject=here.pseudonyms.seal_subject("noor"))
    assert await here.store.count_disclosures(sealed) == 3


async def test_an_erased_person_does_not_come_back_and_is_not_restricted(here: Office) -> None:
    first = await erased(here)
    again = await erased(here, "again")
    assert (again.standing, again.recipients) == (first.standing, first.recipients)
    await here.store.open_subject((await here.store.snapshot("noor", Parties())).subject, None, here.now)
    assert await answered(here) == (Outcome.WITHHELD, Reason.SUBJECT_RESTRICTED)
    for found in (problem(await restricted(here)), problem(await lifted(here))):
        assert (found.code, found.path) == ("SUBJECT_ERASED", ("subjectId",))


async def test_a_device_unlinked_before_keeps_the_instant_at_which_it_was(here: Office) -> None:
    gone = Device("old", "Old", DeviceKind.PHONE, shared=False, linked_at=here.now, unlinked_at=here.now)
    await here.told("noor", devices=(gone,))
    here.later()
    await erased(here)
    devices = {one.id: one.unlinked_at for one in await here.store.devices("noor")}
    assert devices == {"old": gone.unlinked_at, "noor-headset": here.now}


async def test_a_receipt_is_signed_and_says_how_she_stands_and_for_which_case(here: Office) -> None:
    held_back = claims(await restricted(here))
    assert [row["kind"] for row in held_back.pop("records")] == ["RESTRICTED"]
    told = claims(await erased(here))
    assert held_back == held_back | {"sub": "noor", "state": "RESTRICTED", "caseReference": CASE}
    assert told == {
        "jti": told["jti"],
        "iat": here.now.timestamp(),
        "sub": "noor",
        "records": [],
        "state": "ERASED",
        "caseReference": CASE,
    }


async def test_the_same_key_and_input_get_the_same_answer_and_act_once(here: Office) -> None:
    first = await restricted(here)
    await lifted(here)
    assert await restricted(here) == first
    assert await answered(here) == (Outcome.RELEASED, None)


async def test_a_key_is_not_used_for_another_act_or_another_person(here: Office) -> None:
    await here.person("jon")
    await restricted(here, "k")
    for found in (
        await lifted(here, "k"),
        await erased(here, "k"),
        await restricted(here, "k", subject="jon"),
        await restricted(here, "k", case="another"),
        await register_recipient(here.officer(), "k", NewRecipient("New", None, "XX", third_party=True)),
    ):
        assert problem(found).code == "IDEMPOTENCY_KEY_REUSED"
    assert (await restricted(here, "k", officer="another")).standing is Standing.RESTRICTED


async def test_a_person_nobody_knows_is_neither_restricted_nor_erased(here: Office) -> None:
    for found in (await restricted(here, subject="nobody"), await erased(here, subject="nobody")):
        assert (problem(found).code, problem(found).path) == ("UNKNOWN_SUBJECT", ("subjectId",))
    assert (await here.store.snapshot("nobody", Parties())).subject.standing is Standing.UNKNOWN


@pytest.mark.parametrize("case", ["", "  ", "c" * 201, "a\nb"])
async def test_a_case_reference_is_a_line_of_text(here: Office, case: str) -> None:
    for found in (await restricted(here, case=case), await erased(here, case=case)):
        assert (problem(found).code, problem(found).path) == ("OUT_OF_BOUNDS", ("caseReference",))
    assert await answered(here) == (Outcome.RELEASED, None)


async def test_an_act_on_somebody_who_speaks_at_the_same_moment_stands_with_what_she_said(here: Office) -> None:
    store = here.store
    assert isinstance(store, WatchedStore)
    store.before("append", lambda: here.told("noor", record("no", here.now, RecordKind.WITHDRAWN)))
    assert (await restricted(here)).standing is Standing.RESTRICTED
    assert [one.kind for one in await here.records()][-2:] == [RecordKind.WITHDRAWN, RecordKind.RESTRICTED]


async def test_an_officer_gives_and_takes_no_consent(here: Office) -> None:
    await restricted(here)
    await lifted(here)
    asked = ExplainAsked("noor", APP, PLAY, "phone", (HOBBY,))
    assert (await explain(here.officer(), asked))[0].ceiling is Fidelity.PRECISE
    kinds = [one.kind for one in (await here.store.history("noor", Parties())).own.records]
    assert kinds == [RecordKind.NOTICE_SERVED, RecordKind.GIVEN, RecordKind.RESTRICTED]
