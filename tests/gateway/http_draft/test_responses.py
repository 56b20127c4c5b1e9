"""GraphQL over HTTP (August 2026), Response and Validation: a test for each MUST and SHOULD.

Each name is a sentence of the draft in short, in its order, under its headings. Where the design decides otherwise
(4.4), the name says so.
"""

import httpx
import pytest

from gateway.negotiation import JSON, RESPONSE
from tests.gateway.http_draft.asking import BAD_CURSOR, DEVICES, WITHDRAW, recorded
from tests.support.gateway_here import GatewayHere

pytestmark = pytest.mark.anyio


def is_response(answer: httpx.Response) -> bool:
    """Tell whether a body is a response as GraphQL's own specification has it."""
    body = answer.json()
    errors = body.get("errors", [{"message": ""}])
    sound = errors and all(isinstance(one["message"], str) for one in errors)
    return bool(sound) and body.keys() <= {"data", "errors", "extensions"} and ("data" in body or "errors" in body)


# Response


@pytest.mark.parametrize("text", [DEVICES, "{", "{ nothing }", BAD_CURSOR, "query A { devices { id } } query B { a }"])
@pytest.mark.parametrize("media", [RESPONSE, JSON])
async def test_a_well_formed_request_must_get_a_well_formed_response(here: GatewayHere, text: str, media: str) -> None:
    answer = await here.post({"query": text}, headers={"Accept": media})
    assert is_response(answer)


@pytest.mark.parametrize("media", [RESPONSE, JSON])
async def test_it_must_indicate_the_media_type_and_should_indicate_the_encoding(here: GatewayHere, media: str) -> None:
    answer = await here.post({"query": DEVICES}, headers={"Accept": media})
    assert answer.headers.get_list("Content-Type") == [f"{media}; charset=utf-8"]


async def test_it_must_support_the_response_media_type(here: GatewayHere) -> None:
    assert (await here.post({"query": DEVICES}, headers={"Accept": RESPONSE})).status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON};q=0.9, {RESPONSE}", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON};q=0.6", JSON),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"text/html, {JSON};q=0.1", JSON),
        (f"{RESPONSE};charset=utf-8;q=1.0", RESPONSE),
        (f"*/*;q=0.1, {JSON}", JSON),
        (f"{JSON}, */*", JSON),
        (f"{RESPONSE};q=0, */*", JSON),
        ("application/*", JSON),
        (f"{JSON};q=nonsense, {RESPONSE};q=0.1", RESPONSE),
    ],
)
async def test_the_supported_type_of_highest_priority_must_be_taken(here: GatewayHere, accept: str, media: str) -> None:
    answer = await here.post({"query": DEVICES}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"{media}; charset=utf-8")


@pytest.mark.parametrize("accept", ["text/html", "application/xml, image/*", f"{JSON};q=0", "*/*;q=0", "nonsense"])
async def test_when_no_supported_type_is_acceptable_it_should_answer_406(here: GatewayHere, accept: str) -> None:
    answer = await here.post({"query": f"mutation {{ {WITHDRAW} }}"}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert await recorded(here) == []


@pytest.mark.parametrize("text", ["{", "{ nothing }", "query A { devices { id } } query B { devices { id } }"])
async def test_otherwise_by_design_a_legacy_client_gets_200_for_what_is_well_formed(
    here: GatewayHere, text: str
) -> None:
    answer = await here.post({"query": text}, headers={"Accept": JSON})
    assert (answer.status_code, list(answer.json())) == (200, ["errors"])


# Validation


@pytest.mark.parametrize(
    "text",
    [
        "{ nothing }",
        "{ devices }",
        "{ devices { id(a: 1) } }",
        "{ devices { ...F } }",
        "fragment F on Device { id } { devices { id } }",
        "query($a: Int) { devices { id } }",
        "{ devices { id id: kind } }",
        "{ devices { id @nothing } }",
        "{ me(purpose: 1) { id } }",
        "query A { devices { id } } query A { devices { id } }",
        "subscription { devices { id } }",
    ],
)
async def test_validation_should_apply_all_rules(here: GatewayHere, text: str) -> None:
    answer = await here.post({"query": text})
    assert answer.status_code == 422
