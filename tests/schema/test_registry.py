"""Recipients and the documents they may run."""

from typing import Any

import pytest

from tests.support.officer import NOON, PAGE, act, asked
from tests.support.worlds_governance import Office
from tests.support.worlds_resolvers import HEIGHT, HOBBY, PLAY, STUDIO

pytestmark = pytest.mark.anyio

RECIPIENT = """id name group region thirdParty unusedKeys
  documents { id name purpose operation keys lastUsedAt }"""
SHEET = f'sheet(keys: ["{HOBBY}", "{HEIGHT}"]) {{ notAvailable }}'
BODY = f'query Q($id: ID!) {{ subject(id: $id, purpose: "{PLAY}") {{ {SHEET} }} }}'
DOCUMENT = {"name": "Hobbies", "body": BODY, "purpose": PLAY, "operation": "DISCLOSE"}
ANSWER = "... on DocumentsRegistered { documents { id name purpose operation keys lastUsedAt } }"


async def registered(here: Office, **said: Any) -> dict[str, Any]:
    whole = {"recipientId": STUDIO, "documents": [DOCUMENT], **said}
    return await act(here, "registerDocuments", whole, ANSWER)


async def test_a_recipient_is_registered_under_an_id_of_its_name(here):
    said = {"name": "Größe & Co.", "region": "XX", "thirdParty": True}

    found = await act(here, "registerRecipient", said, f"... on RecipientRegistered {{ recipient {{ {RECIPIENT} }} }}")

    assert found["recipient"] == {
        "id": "groe_co",
        "name": "Größe & Co.",
        "group": None,
        "region": "XX",
        "thirdParty": True,
        "unusedKeys": [],
        "documents": [],
    }


@pytest.mark.parametrize(("group", "told"), [(None, None), ("shops", "shops")])
async def test_a_recipient_may_join_a_group(here, group, told):
    said = {"name": "New", "region": "XX", "thirdParty": True, "group": group}

    found = await act(here, "registerRecipient", said, "... on RecipientRegistered { recipient { group } }")

    assert found["recipient"] == {"group": told}


async def test_a_recipient_of_nowhere_is_not_registered(here):
    found = await act(here, "registerRecipient", {"name": "New", "region": "QQ", "thirdParty": True}, "")

    assert (found["__typename"], found["code"], found["path"]) == ("InvalidInput", "UNKNOWN_REGION", ["region"])


async def test_a_document_is_registered_with_the_keys_it_names(here):
    found = await registered(here)

    document = found["documents"][0]
    assert document == {
        "id": document["id"],
        "name": "Hobbies",
        "purpose": PLAY,
        "operation": "DISCLOSE",
        "keys": [HOBBY, HEIGHT],
        "lastUsedAt": None,
    }


@pytest.mark.parametrize(
    ("said", "code", "path"),
    [
        ({"documents": []}, "NOTHING_CHOSEN", ["documents"]),
        ({"recipientId": "nobody"}, "UNKNOWN_RECIPIENT", ["recipientId"]),
        ({"documents": [DOCUMENT, DOCUMENT | {"body": "{"}]}, "DOCUMENT_UNPARSABLE", ["documents", "1", "body"]),
        ({"documents": [DOCUMENT | {"name": ""}]}, "OUT_OF_BOUNDS", ["documents", "0", "name"]),
    ],
)
async def test_what_is_wrong_with_a_document_is_told_with_its_path(here, said, code, path):
    found = await registered(here, **said)

    assert (found["__typename"], found["code"], found["path"]) == ("InvalidInput", code, path)


async def test_recipients_are_listed_with_their_documents_and_the_keys_they_never_got(here):
    document = (await registered(here))["documents"][0]
    await here.given(document=document["id"])
    listed = f"edges {{ cursor node {{ {RECIPIENT} }} }} {PAGE}"
    text = f"query Q($first: Int, $after: String) {{ recipients(first: $first, after: $after) {{ {listed} }} }}"

    found = (await asked(here, text, {"first": 2}))["recipients"]
    rest = (await asked(here, text, {"first": None, "after": found["pageInfo"]["endCursor"]}))["recipients"]

    app, studio = (edge["node"] for edge in found["edges"])
    assert (app["name"], app["thirdParty"], app["documents"]) == ("The App", False, [])
    assert studio == {
        "id": STUDIO,
        "name": "Studio",
        "group": None,
        "region": "XX",
        "thirdParty": True,
        "unusedKeys": [HEIGHT],
        "documents": [document | {"lastUsedAt": NOON}],
    }
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (5, True)
    assert [(edge["node"]["name"], edge["node"]["group"]) for edge in rest["edges"]] == [
        ("sunrise", "ad_group"),
        ("Mart", "shops"),
        ("Shop", "shops"),
    ]
