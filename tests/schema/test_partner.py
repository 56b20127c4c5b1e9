"""What a brand's server gets: what is released, and the keys of everything else."""

from dataclasses import replace

import pytest

from graph.records import Value
from graph.store import RegisteredDocument
from graph.terms import Audience, Operation
from resolvers.partner import MOST_PEOPLE
from tests.support.executing import answered, executed
from tests.support.worlds_governance import SERVER
from tests.support.worlds_resolvers import HEIGHT, HOBBY, PLAY, STUDIO, TALK, said_yes

pytestmark = pytest.mark.anyio
APRIL = "2026-04-01T12:00:00.000Z"
ENTRY = (
    "key intValue floatValue stringValue booleanValue stringListValue floatListValue low high effect fidelity "
    "validUntil leaseSeconds"
)


def brand(here, **more):
    caller = here.caller(audience=Audience.PARTNER, recipient=STUDIO, channel=SERVER, subject="", device=None)
    return replace(here.context(caller), **more)


async def test_a_partner_gets_what_is_released_and_the_keys_of_everything_else_in_the_order_asked(here):
    await said_yes(here.of(), HOBBY, recipient=STUDIO, expires_at=here.now.replace(month=4))
    await here.holds("noor", Value(HOBBY, ("chess",), here.now, PLAY))
    context = brand(here)
    noor = here.pseudonyms.pairwise("noor", context.recipient)

    keys = f'["{HEIGHT}", "no.such", "{HOBBY}", "Not A Key", "", "no.such"]'
    text = (
        f'query Q($id: ID!) {{ subject(id: $id, purpose: "{PLAY}") {{ id sheet(keys: {keys}) {{ entries {{ {ENTRY} }} '
    )
    text += "notAvailable validUntil } } }"
    found = await answered(context, text, {"id": noor})

    entry = {"key": HOBBY, "stringListValue": ["chess"], "fidelity": "PRECISE", "validUntil": APRIL}
    assert found["subject"] == {
        "id": noor,
        "sheet": {
            "entries": [dict.fromkeys(ENTRY.split()) | entry],
            "notAvailable": [HEIGHT, "no.such", "Not A Key", ""],
            "validUntil": APRIL,
        },
    }


async def test_people_are_answered_in_the_order_asked_whoever_is_known(here):
    await said_yes(here.of(), HOBBY, recipient=STUDIO)
    await here.holds("noor", Value(HOBBY, ("chess",), here.now, PLAY))
    context = brand(here)
    noor = here.pseudonyms.pairwise("noor", context.recipient)

    text = f'query Q($ids: [ID!]!) {{ subjects(ids: $ids, purpose: "{PLAY}") {{ id sheet(keys: ["{HOBBY}"]) '
    text += "{ entries { stringListValue } notAvailable validUntil } } }"
    found = await answered(context, text, {"ids": ["nobody", noor, "", noor]})

    nothing = {"entries": [], "notAvailable": [HOBBY], "validUntil": None}
    hers = {"entries": [{"stringListValue": ["chess"]}], "notAvailable": [], "validUntil": None}
    assert [row["id"] for row in found["subjects"]] == ["nobody", noor, "", noor]
    assert [row["sheet"] for row in found["subjects"]] == [nothing, hers, nothing, hers]


async def test_more_people_than_one_question_takes_are_refused(here):
    text = f'query Q($ids: [ID!]!) {{ subjects(ids: $ids, purpose: "{PLAY}") {{ id }} }}'

    assert len((await answered(brand(here), text, {"ids": ["x"] * MOST_PEOPLE}))["subjects"]) == MOST_PEOPLE
    result = await executed(brand(here), text, {"ids": ["x"] * (MOST_PEOPLE + 1)})

    assert (result.data, [error.message for error in result.errors]) == (
        None,
        ["at most 50 ids in one question; ask again for the rest"],
    )


async def test_access_says_what_the_token_may_ask_for(here):
    document = RegisteredDocument("sha256:1", STUDIO, "Sizes", "{ access }", TALK, Operation.DISCLOSE)

    text = "{ access { recipientName purposes keys documents { id name purpose operation } tokenExpiresAt } }"
    found = await answered(brand(here, documents=(document,)), text)

    assert found["access"] == {
        "recipientName": "Studio",
        "purposes": [PLAY],
        "keys": [HOBBY],
        "documents": [{"id": "sha256:1", "name": "Sizes", "purpose": TALK, "operation": "DISCLOSE"}],
        "tokenExpiresAt": "2026-03-01T13:00:00.000Z",
    }
