"""GraphQL over HTTP (August 2026), from URL to Request: a test for each MUST and SHOULD.

Each name is a sentence of the draft in short, in its order, under its headings. Where the design decides otherwise
(4.4), the name says so.
"""

import json

import pytest

from gateway.negotiation import JSON, RESPONSE
from tests.gateway.http_draft.asking import ACCESS, DEVICES, WITHDRAW, recorded
from tests.support.gateway_here import OFFICER, PARTNER, GatewayHere

pytestmark = pytest.mark.anyio


# URL


async def test_a_server_must_enable_requests_to_each_schema_at_some_url(here: GatewayHere) -> None:
    registered = await here.registers("acme", ACCESS)
    client = await here.post({"query": DEVICES})
    officer = await here.post({"query": "{ ledger { length } }"}, who=OFFICER)
    partner = await here.post({"documentId": registered}, who=PARTNER)
    assert [list(one.json()["data"]) for one in (client, officer, partner)] == [["devices"], ["ledger"], ["access"]]


@pytest.mark.parametrize("text", [DEVICES, "{ nothing }", "{", f"mutation {{ {WITHDRAW} }}"])
async def test_to_forbid_it_should_use_a_4xx_whatever_a_well_formed_request_says(here: GatewayHere, text: str) -> None:
    answer = await here.http.post("/graphql", json={"query": text}, headers={"Accept": RESPONSE})
    assert answer.status_code == 401


async def test_otherwise_by_design_only_registered_documents_may_be_run(here: GatewayHere) -> None:
    assert (await here.post({"query": ACCESS}, who=PARTNER)).status_code == 403


# Serialization Format, Media Types


async def test_a_server_must_support_json(here: GatewayHere) -> None:
    assert (await here.post({"query": DEVICES})).json() == {"data": {"devices": []}}


@pytest.mark.parametrize("kind", [JSON, f"{JSON}; charset=utf-8", f'{JSON};CHARSET="UTF-8"', "Application/JSON"])
async def test_without_an_encoding_utf_8_must_be_assumed(here: GatewayHere, kind: str) -> None:
    body = '{"query": "{ devices { id } } # ü€😀"}'
    answer = await here.post(body.encode(), headers={"Content-Type": kind})
    assert answer.json() == {"data": {"devices": []}}
    assert (await here.post(body[:-4].encode("latin-1", "ignore"), headers={"Content-Type": kind})).status_code == 400


# Request


async def test_a_server_must_accept_post(here: GatewayHere) -> None:
    assert (await here.post({"query": DEVICES})).status_code == 200


async def test_get_must_not_execute_a_mutation(here: GatewayHere) -> None:
    query = {"query": f"mutation {{ {WITHDRAW} }}"}
    headers = {"Authorization": f"Bearer {here.token()}", "Accept": RESPONSE}
    answer = await here.http.get("/graphql", params=query, headers=headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert await recorded(here) == []


async def test_a_server_must_support_post_in_json_encoded_in_utf_8(here: GatewayHere) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert (await here.post({"query": DEVICES}, headers=headers)).status_code == 200


async def test_without_a_content_type_it_should_reject_with_a_4xx(here: GatewayHere) -> None:
    headers = {"Authorization": f"Bearer {here.token()}", "Accept": RESPONSE}
    answer = await here.http.post("/graphql", content=json.dumps({"query": DEVICES}).encode(), headers=headers)
    assert answer.status_code == 415


async def test_members_it_does_not_understand_must_be_ignored(here: GatewayHere) -> None:
    body = {"query": DEVICES, "id": 7, "Query": "{", "onError": "NULL", "extensions": {"somebody": {"else": [1]}}}
    assert (await here.post(body)).json() == {"data": {"devices": []}}


async def test_null_for_an_optional_parameter_is_as_if_it_were_not_there(here: GatewayHere) -> None:
    nothing = dict.fromkeys(("variables", "operationName", "extensions", "documentId", "doc_id"))
    assert (await here.post({"query": DEVICES, **nothing})).json() == {"data": {"devices": []}}


async def test_a_name_that_is_empty_is_none(here: GatewayHere) -> None:
    body = {"query": DEVICES, "operationName": "", "documentId": "", "doc_id": ""}
    assert (await here.post(body)).json() == {"data": {"devices": []}}
