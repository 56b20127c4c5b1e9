"""A client's questions beside `me`: what may be had, was said, would stop; which devices; who received what."""

from typing import Any

import pytest

from graph.records import Value
from graph.store import Command
from tests.support.executing import answered, executed
from tests.support.worlds_resolvers import GUESS, HEIGHT, HOBBY, PLAY, STUDIO, TURNING, World, said_yes

pytestmark = pytest.mark.anyio
NOON, LATER = "2026-03-01T12:00:00.000Z", "2026-03-01T13:00:00.000Z"
NOTICE = {
    "id": "general",
    "version": 1,
    "title": "Notice",
    "body": "What we do.",
    "locale": "en",
    "effectiveFrom": "2025-12-01T12:00:00.000Z",
}
OFFER = """token expiresAt raisesLevelTo notice { id version title body locale effectiveFrom }
cells { purpose category recipientName operation special maxFidelity }"""


def cell(category: str, operation: str = "USE", recipient: str = "The App") -> dict[str, Any]:
    return {
        "purpose": PLAY,
        "category": category,
        "recipientName": recipient,
        "operation": operation,
        "special": False,
        "maxFidelity": "PRECISE",
    }


async def test_preflight_sorts_the_keys_by_what_can_be_done_about_them(world: World):
    asked = f'{{purpose: "{PLAY}", required: ["{HOBBY}", "gaze.stream"], optional: ["{HEIGHT}", "{TURNING}"]}}'
    text = (
        f"{{ preflight(input: {asked}) {{ granted consentRequired consentOptional unavailable offer {{ {OFFER} }} }} }}"
    )
    await said_yes(world.of(), HEIGHT)

    found = (await answered(world.of(), text))["preflight"]

    assert found["offer"].pop("token").count(".") == 2
    assert found == {
        "granted": [HEIGHT, TURNING],
        "consentRequired": [HOBBY],
        "consentOptional": [],
        "unavailable": ["gaze.stream"],
        "offer": {
            "expiresAt": "2026-03-01T12:10:00.000Z",
            "raisesLevelTo": None,
            "notice": NOTICE,
            "cells": [cell("hobby")],
        },
    }


async def test_preflight_has_no_offer_when_there_is_nothing_to_ask(world: World):
    text = (
        f'{{ preflight(input: {{purpose: "{PLAY}", required: ["gaze.stream"]}}) {{ unavailable offer {{ token }} }} }}'
    )

    found = await answered(world.of(), text)

    assert found["preflight"] == {"unavailable": ["gaze.stream"], "offer": None}


@pytest.mark.parametrize(
    ("locale", "title"), [("", "Notice"), (", locale: null", "Notice"), (', locale: "de-AT"', "Hinweis")]
)
async def test_an_offer_shows_its_notice_in_the_language_asked_or_english(world: World, locale, title):
    asked = f'{{purpose: "{PLAY}", keys: ["{GUESS}"]{locale}}}'

    found = await answered(
        world.of(), f"{{ offer(input: {asked}) {{ notice {{ title }} cells {{ category operation }} }} }}"
    )

    cells = [{"category": "guess", "operation": "USE"}, {"category": "hobby", "operation": "INFER"}]
    assert found["offer"] == {"notice": {"title": title}, "cells": cells}


async def test_an_offer_says_which_level_its_yes_sets(world: World):
    level = 'mutation { setPersonalizationLevel(input: {idempotencyKey: "l", level: OFF}) { __typename } }'
    await answered(world.of(), level)

    found = await answered(
        world.of(), f'{{ offer(input: {{purpose: "{PLAY}", keys: ["{HOBBY}"]}}) {{ raisesLevelTo }} }}'
    )

    assert found["offer"] == {"raisesLevelTo": "DECLARED"}


async def test_an_offer_for_another_recipient_names_it(world: World):
    asked = f'{{purpose: "{PLAY}", keys: ["{HOBBY}"], recipientId: "{STUDIO}"}}'

    found = await answered(world.of(), f"{{ offer(input: {asked}) {{ {OFFER} }} }}")

    assert found["offer"]["cells"] == [cell("hobby", "DISCLOSE", "Studio")]


async def test_an_argument_that_names_nobody_is_a_mistake_of_the_callers(world: World):
    asked = f'{{purpose: "{PLAY}", keys: ["{HOBBY}"], recipientId: "nobody"}}'

    result = await executed(world.of(), f"{{ offer(input: {asked}) {{ token }} }}")

    assert (result.data, len(result.errors)) == ({"offer": None}, 1)


CONSENTS = """query Q($first: Int, $after: String) { consents(first: $first, after: $after) {
  edges { cursor node { id purpose category recipientName channel operations fidelity state givenAt endsAt
    notice { id version title body locale effectiveFrom } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


YES = {
    "id": "",
    "purpose": PLAY,
    "category": "hobby",
    "recipientName": "The App",
    "channel": "headset",
    "operations": ["USE"],
    "fidelity": "PRECISE",
    "state": "WITHDRAWN",
    "givenAt": NOON,
    "endsAt": LATER,
    "notice": NOTICE,
}
NO = dict.fromkeys(YES) | {"id": "", "state": "WITHDRAWN", "givenAt": LATER, "notice": NOTICE}


async def test_what_a_person_said_is_listed_page_by_page(world: World):
    await said_yes(world.of(), HOBBY, channels=("headset",), expires_at=world.now.replace(month=4))
    await answered(world.later().of(), 'mutation { withdrawAll(input: {idempotencyKey: "w"}) { __typename } }')

    first = (await answered(world.of(), CONSENTS, {"first": 1}))["consents"]
    cursor = first["edges"][0]["cursor"]
    second = (await answered(world.of(), CONSENTS, {"first": None, "after": cursor}))["consents"]

    assert [edge["node"] | {"id": ""} for edge in (*first["edges"], *second["edges"])] == [YES, NO]
    page = {"hasNextPage": True, "hasPreviousPage": False, "startCursor": cursor, "endCursor": cursor}
    assert first["pageInfo"] == page
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


SEEN = "id recipientName purpose keys firstAt lastAt count"
BESIDE = f"""{{
  devices {{ id name kind shared linkedAt unlinkedAt }}
  disclosures {{ edges {{ cursor node {{ {SEEN} }} }} pageInfo {{ hasNextPage endCursor }} }}
  impact(withdraw: {{purpose: "play"}}) {{
    attributesStopped recipients {{ recipientName keys }} alreadyReceived {{ {SEEN} }}
  }}
}}"""
DEVICE = {
    "id": "noor-headset",
    "name": "Headset",
    "kind": "HEADSET",
    "shared": False,
    "linkedAt": NOON,
    "unlinkedAt": None,
}


async def test_a_person_sees_her_devices_what_would_stop_and_who_received_what(world: World):
    await said_yes(world.of(), HOBBY)
    await world.store.put("noor", (Value(HOBBY, ("chess",), world.now, PLAY),), Command("put", ""), world.now)
    await answered(world.of(), f'{{ me(purpose: "{PLAY}") {{ hobby {{ list {{ value }} }} }} }}')

    found = await answered(world.of(), BESIDE)

    edge = found["disclosures"]["edges"][0]
    received = {
        "recipientName": "The App",
        "purpose": PLAY,
        "keys": [HOBBY],
        "firstAt": NOON,
        "lastAt": NOON,
        "count": 1,
    }
    assert edge["node"] == {"id": edge["node"]["id"], **received}
    assert found == {
        "devices": [DEVICE],
        "disclosures": {"edges": [edge], "pageInfo": {"hasNextPage": False, "endCursor": edge["cursor"]}},
        "impact": {
            "attributesStopped": [HOBBY],
            "recipients": [{"recipientName": "The App", "keys": [HOBBY]}],
            "alreadyReceived": [edge["node"]],
        },
    }
