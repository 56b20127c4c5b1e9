"""A client's mutations: each takes one input, and answers with what it made or with the problem that stopped it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from graph.catalogue import LawRow
from graph.records import Scope
from graph.terms import AgeBand, Fidelity, RecordKind, Regime
from resolvers.context import Context, Session
from tests.support.executing import TYPED_TABLES, answered
from tests.support.worlds_resolvers import HEIGHT, HOBBY, PLAY, STUDIO, TURNING, World, said_yes, shown

pytestmark = pytest.mark.anyio
NOON = "2026-03-01T12:00:00.000Z"
PROBLEM = "__typename ... on Problem { code message path } ... on StepUpRequired { url }"
CHANGED = f"""{PROBLEM} ... on ConsentChanged {{ receipt {{ id jws issuedAt }} revision consistencyToken boundTo
  neededForContract stillWithheld {{ key reasons nextAction {{ kind purpose keys url }} }} }}"""


async def act(context: Context, field: str, said: dict[str, Any], answer: str = CHANGED) -> dict[str, Any]:
    kind = f"{field[0].upper()}{field[1:]}Input"
    text = f"mutation M($input: {kind}!) {{ act: {field}(input: $input) {{ {answer} }} }}"
    found = await answered(context, text, {"input": {"idempotencyKey": "k", **said}})
    return dict(found["act"])


async def offered(context: Context, *keys: str, **more: Any) -> dict[str, Any]:
    """Return the input that says yes to every cell of an offer."""
    made = await shown(context, *keys, **more)
    choices = [{"purpose": one.purpose, "category": one.category, "operation": one.operation} for one in made.cells]
    return {"offerToken": made.token, "choices": choices}


def changed(found: dict[str, Any]) -> dict[str, Any]:
    """Return what an act made but for ids, which nobody can know before."""
    receipt = found.pop("receipt")
    assert (receipt["jws"].count("."), bool(receipt["id"]), receipt["issuedAt"]) == (2, True, NOON)
    assert found.pop("consistencyToken") != found.pop("revision") != ""
    return found


PLAIN = {"__typename": "ConsentChanged", "boundTo": "SUBJECT", "neededForContract": [], "stillWithheld": []}


async def test_a_yes_is_answered_with_its_receipt_and_what_a_no_still_holds_back(world: World):
    context = world.of()
    await act(context, "withdrawConsent", {"idempotencyKey": "no", "scope": {"purpose": PLAY, "channel": "headset"}})

    found = await act(context, "giveConsent", await offered(context, HOBBY))

    still = {"key": HOBBY, "reasons": ["EARLIER_NO_STANDS"], "nextAction": None}
    assert changed(found) == PLAIN | {"stillWithheld": [still]}


async def test_a_third_partys_app_is_told_what_is_still_held_back_as_something_to_ask_for_this_purpose(world: World):
    await act(world.of(), "withdrawConsent", {"scope": {"purpose": PLAY, "channel": "headset"}})
    studio = world.of(recipient=STUDIO, client_id="studio-client")

    found = await act(studio, "giveConsent", await offered(studio, HOBBY))

    action = {"kind": "ASK_CONSENT", "purpose": PLAY, "keys": [HOBBY], "url": None}
    assert found["stillWithheld"] == [{"key": HOBBY, "reasons": ["CONSENT_MISSING"], "nextAction": action}]


@pytest.mark.parametrize(
    ("said", "scope", "cap", "until"),
    [
        ({}, {}, Fidelity.PRECISE, None),
        (
            {"channels": ["headset"], "deviceId": "noor-headset"},
            {"channel": "headset", "device": "noor-headset"},
            Fidelity.PRECISE,
            None,
        ),
        ({"thisSessionOnly": True}, {"session": "s1"}, Fidelity.PRECISE, None),
        ({"expiresAt": "2026-03-02T13:00:00+01:00", "channels": None, "deviceId": None}, {}, Fidelity.PRECISE, 1),
    ],
)
async def test_a_yes_says_for_what_it_counts_and_how_long(world: World, said, scope, cap, until):
    context = replace(world.of(), session=Session("s1"))

    await act(context, "giveConsent", await offered(context, HOBBY) | said)

    found = [one for one in await world.records() if one.kind is RecordKind.GIVEN]
    plain = {"purpose": PLAY, "category": "hobby", "recipient": "app", "operations": frozenset({"USE"})}
    ends = None if until is None else world.now + timedelta(days=until)
    assert [(one.scope, one.cap, one.valid_until) for one in found] == [(Scope(**(plain | scope)), cap, ends)]


@pytest.mark.parametrize(("rung", "cap"), [("CATEGORY", Fidelity.CATEGORY), (None, Fidelity.PRECISE)])
async def test_a_choice_goes_up_to_its_rung_and_without_one_all_the_way(world: World, rung, cap):
    said = await offered(world.of(), HEIGHT)
    said["choices"][0]["fidelity"] = rung

    await act(world.of(), "giveConsent", said)

    assert [one.cap for one in await world.records() if one.kind is RecordKind.GIVEN] == [cap]


@pytest.mark.parametrize(
    ("field", "said", "kind", "scope"),
    [
        ("withdrawAll", {}, RecordKind.WITHDRAWN, Scope()),
        ("withdrawConsent", {"scope": {}}, RecordKind.WITHDRAWN, Scope()),
        (
            "withdrawConsent",
            {"scope": {"purpose": "play", "category": "hobby", "recipientId": STUDIO, "operations": ["SELL", "USE"]}},
            RecordKind.WITHDRAWN,
            Scope(purpose="play", category="hobby", recipient=STUDIO, operations=frozenset({"SELL", "USE"})),
        ),
        (
            "objectToProcessing",
            {"scope": {"channel": "tv", "operations": None}},
            RecordKind.OBJECTED,
            Scope(channel="tv"),
        ),
        (
            "objectToProcessing",
            {"scope": {"deviceId": "noor-headset", "purpose": None}},
            RecordKind.OBJECTED,
            Scope(device="noor-headset"),
        ),
    ],
)
async def test_a_no_is_recorded_for_the_scope_said_where_what_is_absent_means_all(
    world: World, field, said, kind, scope
):
    await shown(world.of(), HOBBY)

    found = await act(world.of(), field, said)

    assert changed(found) == PLAIN | {"neededForContract": found["neededForContract"]}
    assert [one.scope for one in await world.records() if one.kind is kind] == [scope]


async def test_a_no_tells_what_a_contract_needs_all_the_same(world: World):
    await shown(world.of(), TURNING)

    found = await act(world.of(), "withdrawAll", {})

    assert found["neededForContract"] == [TURNING]


async def test_a_refusal_is_a_no_to_each_cell_of_its_offer(world: World):
    made = await shown(world.of(), HOBBY, HEIGHT)

    assert changed(await act(world.of(), "refuseConsent", {"offerToken": made.token})) == PLAIN
    refused = [one.scope.category for one in await world.records() if one.kind is RecordKind.REFUSED]
    assert sorted(str(one) for one in refused) == ["body.height", "hobby"]


async def test_nobody_signed_in_binds_the_device_alone(world: World):
    found = await act(world.of(assurance=1), "withdrawAll", {})

    assert found["boundTo"] == "DEVICE"


@pytest.mark.parametrize(
    ("channel", "kept"), [({}, "*"), ({"channel": "headset"}, "headset"), ({"channel": None}, "*")]
)
async def test_a_level_is_set_for_a_channel_or_for_all(world: World, channel, kept):
    found = await act(world.of(), "setPersonalizationLevel", {"level": "CONTEXTUAL", **channel})

    assert changed(found) == PLAIN
    snapshot = await world.store.snapshot("noor", world.of().parties)
    assert {name or "*": level.name for name, level in dict(snapshot.subject.levels).items()} == {kept: "CONTEXTUAL"}


async def test_an_offer_of_long_ago_is_answered_with_another_one_to_ask_for(world: World):
    said = await offered(world.of(), HOBBY)

    found = await act(world.later().of(), "giveConsent", said, PROBLEM)

    assert (found["__typename"], found["code"], found["path"]) == ("OfferExpired", "OFFER_EXPIRED", ["offerToken"])


async def test_a_child_who_answers_an_offer_is_told_to_ask_her_guardian(world: World):
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)

    found = await act(pia, "giveConsent", await offered(pia, HOBBY), PROBLEM)

    assert (found["__typename"], found["code"]) == ("GuardianRequired", "GUARDIAN_REQUIRED")


async def test_a_yes_that_needs_a_step_up_names_the_page_for_it(world: World):
    law = (*TYPED_TABLES.law, LawRow("XX", Regime.CONSENT, min_assurance=3, source="XX 9"))
    context = world.changed(law=law).of()
    context = replace(context, rules=replace(context.rules, step_up_url="https://app.example/step-up"))

    found = await act(context, "giveConsent", await offered(context, HOBBY), PROBLEM)

    assert (found["__typename"], found["url"]) == ("StepUpRequired", "https://app.example/step-up")


async def test_a_mistake_in_an_input_is_told_with_its_path(world: World):
    found = await act(world.of(), "withdrawConsent", {"scope": {"recipientId": "nobody"}}, PROBLEM)

    assert (found["__typename"], found["code"]) == ("InvalidInput", "UNKNOWN_RECIPIENT")
    assert found["path"] == ["scope", "recipientId"]


RECORDED = """__typename ... on Problem { code message path } ... on ValuesRecorded {
  keys notRecorded { key reasons nextAction { kind purpose keys url } } }"""


async def test_values_are_stored_as_far_as_consent_lets_them_and_the_rest_is_named(world: World):
    await shown(world.of(), TURNING)
    values = [
        {"key": TURNING, "string": "snap", "observedAt": "2026-03-01T11:00:00Z"},
        {"key": HOBBY, "stringList": ["chess"], "int": None, "sources": []},
    ]

    found = await act(world.of(), "recordValues", {"purpose": PLAY, "values": values}, RECORDED)

    action = {"kind": "ASK_CONSENT", "purpose": PLAY, "keys": [HOBBY], "url": None}
    assert found == {
        "__typename": "ValuesRecorded",
        "keys": [TURNING],
        "notRecorded": [{"key": HOBBY, "reasons": ["CONSENT_MISSING"], "nextAction": action}],
    }


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"key": HEIGHT, "stringList": ["tall"]}, ["values", "0", "stringList"]),
        ({"key": HEIGHT, "floatList": [1.5]}, ["values", "0", "floatList"]),
        ({"key": HEIGHT, "boolean": True}, ["values", "0", "boolean"]),
        ({"key": HOBBY, "int": 3}, ["values", "0", "int"]),
    ],
)
async def test_a_value_of_another_kind_stores_nothing(world: World, value, path):
    found = await act(world.of(), "recordValues", {"purpose": PLAY, "values": [value]}, RECORDED)

    assert (found["__typename"], found["code"], found["path"]) == ("InvalidInput", "WRONG_KIND", path)


DEVICE = (
    f"{PROBLEM} ... on DeviceChanged {{ revision endedSessions device {{ id name kind shared linkedAt unlinkedAt }} }}"
)
TELEVISION = {"deviceId": "tv-1", "name": "Den", "kind": "TV", "shared": True}


async def test_a_device_is_linked_and_unlinked_with_what_it_was_told_to_be(world: World):
    linked = await act(world.of(), "linkDevice", TELEVISION, DEVICE)
    unlinked = await act(world.of(), "unlinkDevice", {"idempotencyKey": "u", "deviceId": "tv-1"}, DEVICE)

    device = {"id": "tv-1", "name": "Den", "kind": "TV", "shared": True, "linkedAt": NOON, "unlinkedAt": None}
    assert linked | {"revision": ""} == {
        "__typename": "DeviceChanged",
        "revision": "",
        "endedSessions": 0,
        "device": device,
    }
    assert unlinked["device"] == device | {"unlinkedAt": NOON}
    assert linked["revision"] != unlinked["revision"]


async def test_unlinking_counts_what_ended_with_it(world: World):
    await said_yes(world.of(), HOBBY, device="noor-headset")

    found = await act(world.of(), "unlinkDevice", {"deviceId": "noor-headset"}, DEVICE)

    assert found["endedSessions"] == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"deviceId": "nobodys"}, ("InvalidInput", "UNKNOWN_DEVICE")),
        ({"deviceId": "another"}, ("StepUpRequired", "STEP_UP_REQUIRED")),
    ],
)
async def test_what_stops_an_unlinking_is_told_by_its_kind(world: World, said, told):
    await act(world.of(), "linkDevice", TELEVISION | {"deviceId": "another"}, DEVICE)
    assurance = 1 if told[0] == "StepUpRequired" else 2

    found = await act(world.of(assurance=assurance), "unlinkDevice", {"idempotencyKey": "u", **said}, DEVICE)

    assert (found["__typename"], found["code"]) == told
