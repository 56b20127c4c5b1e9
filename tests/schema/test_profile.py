"""A person's view: typed fields and the flat sheet say the same, each in its own shape."""

from dataclasses import replace

import pytest

from graph.records import Value
from graph.store import Command
from graph.terms import Fidelity
from tests.support.executing import TYPED_TABLES, answered
from tests.support.worlds_resolvers import GUESS, HEIGHT, HOBBY, NOTE, PLAY, SIZE, World, said_yes

pytestmark = pytest.mark.anyio

SHARED = "key outcome effect fidelity validUntil leaseSeconds withheld { reasons nextAction { kind purpose keys url } }"
FLAT = (
    "key outcome intValue floatValue stringValue booleanValue stringListValue floatListValue low high effect fidelity "
    "validUntil leaseSeconds"
)
NOTHING = dict.fromkeys(FLAT.split())
ASK = {"kind": "ASK_CONSENT", "purpose": PLAY, "url": None}
APRIL = "2026-04-01T12:00:00.000Z"
GUESSED = ["CONSENT_MISSING", "SOURCE_WITHHELD", "LEVEL_TOO_LOW"]


async def held(world: World, key: str, value: object) -> None:
    await world.store.put("noor", (Value(key, value, world.now, PLAY),), Command(f"put {key}", ""), world.now)


async def test_a_typed_field_is_the_object_of_its_kind(world):
    await said_yes(world.of(), HOBBY, expires_at=world.now.replace(month=4))
    await held(world, HOBBY, ("chess", "go"))

    text = f'{{ me(purpose: "{PLAY}") {{ hobby {{ list {{ value {SHARED} }} guess {{ value {SHARED} }} }} }} }}'
    found = await answered(world.of(), text)

    plain = {"effect": None, "validUntil": APRIL, "leaseSeconds": None}
    assert found["me"]["hobby"] == {
        "list": {
            "key": HOBBY,
            "outcome": "RELEASED",
            "value": ["chess", "go"],
            "fidelity": "PRECISE",
            "withheld": None,
            **plain,
        },
        "guess": {
            "key": GUESS,
            "outcome": "WITHHELD",
            "value": None,
            "fidelity": None,
            "withheld": {"reasons": GUESSED, "nextAction": {"keys": [GUESS], **ASK}},
            **(plain | {"validUntil": None}),
        },
    }


async def test_the_sheet_lists_each_key_once_as_asked_what_may_go_apart_from_what_may_not(world):
    await said_yes(world.of(), HOBBY, HEIGHT, expires_at=world.now.replace(month=4))
    await held(world, HEIGHT, 172.5)

    keys = f'["{NOTE}", "{HEIGHT}", "{GUESS}", "{HOBBY}", "{HEIGHT}", "{NOTE}"]'
    sheet = (
        f"sheet(keys: {keys}) {{ entries {{ {FLAT} }} withheld {{ key reasons nextAction {{ kind keys }} }} revision }}"
    )
    found = await answered(world.of(), f'{{ me(purpose: "{PLAY}") {{ revision {sheet} }} }}')

    until = {"validUntil": APRIL}
    assert found["me"] == {
        "revision": found["me"]["sheet"]["revision"],
        "sheet": {
            "entries": [
                NOTHING | until | {"key": HEIGHT, "outcome": "RELEASED", "floatValue": 172.5, "fidelity": "PRECISE"},
                NOTHING | until | {"key": HOBBY, "outcome": "NOT_HELD"},
            ],
            "withheld": [
                {"key": NOTE, "reasons": ["CONSENT_MISSING"], "nextAction": {"kind": "ASK_CONSENT", "keys": [NOTE]}},
                {
                    "key": GUESS,
                    "reasons": GUESSED,
                    "nextAction": {"kind": "ASK_CONSENT", "keys": [GUESS]},
                },
            ],
            "revision": found["me"]["revision"],
        },
    }


async def test_a_number_at_category_is_its_band_and_no_value(world):
    ladder = {Fidelity.CATEGORY: {"transform": "band", "edges": [150, 160, 170]}, Fidelity.PRECISE: {}}
    attributes = tuple(replace(one, ladder=ladder) if one.key == HEIGHT else one for one in TYPED_TABLES.attributes)
    banded = world.changed(attributes=attributes)
    await said_yes(banded.of(), HEIGHT, fidelity=Fidelity.CATEGORY)
    await held(world, HEIGHT, 172.5)

    text = f'{{ me(purpose: "{PLAY}") {{ body {{ heightCm {{ value low high fidelity outcome }} }} }} }}'
    found = await answered(banded.of(), text)

    assert found["me"]["body"]["heightCm"] == {
        "value": None,
        "low": 170,
        "high": None,
        "fidelity": "CATEGORY",
        "outcome": "RELEASED",
    }


async def test_a_view_is_named_for_its_purpose_and_ends_with_the_first_thing_that_ends(world):
    await said_yes(world.of(), HOBBY, expires_at=world.now.replace(month=4))
    await held(world, HOBBY, ("chess",))
    sheet = f'sheet(keys: ["{HOBBY}"]) {{ validUntil }} other: sheet(keys: ["{NOTE}"]) {{ validUntil }}'

    play = (await answered(world.of(), f'{{ me(purpose: "{PLAY}") {{ id purpose validUntil {sheet} }} }}'))["me"]
    size = (await answered(world.of(), f'{{ me(purpose: "{SIZE}") {{ id purpose validUntil }} }}'))["me"]

    assert (play["purpose"], size["purpose"], play["id"] == size["id"]) == (PLAY, SIZE, False)
    assert (play["validUntil"], play["sheet"], play["other"]) == (APRIL, {"validUntil": APRIL}, {"validUntil": None})


async def test_a_domain_and_a_field_may_be_called_as_words_of_our_own(world):
    named = {"graphql_type": "Released", "graphql_field": "class"}
    attributes = tuple(replace(one, **named) if one.key == HOBBY else one for one in TYPED_TABLES.attributes)
    odd = world.changed(attributes=attributes)
    await said_yes(odd.of(), HOBBY)
    await held(odd, HOBBY, ("chess",))

    sheet = f'sheet(keys: ["{HOBBY}"]) {{ entries {{ key }} }}'
    found = await answered(odd.of(), f'{{ me(purpose: "{PLAY}") {{ released {{ class {{ value }} }} {sheet} }} }}')

    assert found["me"] == {"released": {"class": {"value": ["chess"]}}, "sheet": {"entries": [{"key": HOBBY}]}}


async def test_a_step_up_is_told_with_the_page_it_is_done_on(world):
    rules = replace(world.of().rules, step_up_url="https://app.example/step-up")
    await said_yes(world.of(), NOTE)
    phone = replace(world.of(channel="phone", device="noor-phone", attested=False), rules=rules)

    text = f'{{ me(purpose: "{PLAY}") {{ health {{ note {{ withheld {{ reasons nextAction {{ kind url }} }} }} }} }} }}'
    found = await answered(phone, text)

    assert found["me"]["health"]["note"]["withheld"] == {
        "reasons": ["STEP_UP_REQUIRED"],
        "nextAction": {"kind": "STEP_UP", "url": "https://app.example/step-up"},
    }
