"""GraphQL over HTTP (August 2026), Status Codes: a test for each MUST and SHOULD.

Each name is a sentence of the draft in short, in its order, under its headings. Where the design decides otherwise
(4.4), the name says so. 418 is for ceramic vessels.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio
import pytest

from gateway.arriving import MOST_ADDRESS_BYTES, MOST_BYTES, MOST_HEADER_BYTES
from gateway.negotiation import JSON, RESPONSE
from tests.gateway.http_draft.asking import ACCESS, BAD_CURSOR, DEVICES, WITHDRAW, recorded
from tests.support.gateway_here import PARTNER, GatewayHere

pytestmark = pytest.mark.anyio


# Status Codes


async def test_data_that_is_not_null_must_be_answered_with_a_2xx(here: GatewayHere) -> None:
    answer = await here.post({"query": BAD_CURSOR})
    assert answer.is_success
    assert answer.json()["data"]["devices"] == []


async def test_data_without_errors_should_be_answered_with_200(here: GatewayHere) -> None:
    assert (await here.post({"query": DEVICES})).status_code == 200


async def test_data_with_errors_should_be_answered_with_294(here: GatewayHere) -> None:
    modern, old = [await here.post({"query": BAD_CURSOR}, headers={"Accept": one}) for one in (RESPONSE, JSON)]
    assert (modern.status_code, list(modern.json())) == (294, ["errors", "data"])
    assert (old.status_code, old.json()) == (200, modern.json())


async def test_otherwise_by_design_field_errors_during_execution_are_294_and_not_200(here: GatewayHere) -> None:
    """One sentence of the draft has 200 for it, another 294: we follow the latter, which says what 294 is for."""
    assert (await here.post({"query": BAD_CURSOR})).status_code == 294


async def test_data_that_is_null_with_errors_should_be_answered_with_294(here: GatewayHere) -> None:
    text = 'query($ids: [ID!]!) { subjects(ids: $ids, purpose: "play.match") { id } }'
    body = {"documentId": await here.registers("acme", text), "variables": {"ids": ["x"] * 51}}
    answer = await here.post(body, who=PARTNER)
    assert (answer.status_code, answer.json()["data"]) == (294, None)


ANSWERED: Mapping[str, tuple[dict[str, Any], int]] = {
    "an unsupported content type": ({"headers": {"Content-Type": "text/plain"}, "body": b"{}"}, 415),
    "headers too large": ({"headers": {"X": "x" * MOST_HEADER_BYTES}, "body": {"query": DEVICES}}, 431),
    "a body too large": ({"body": b" " * (MOST_BYTES + 1)}, 413),
    "json that cannot be parsed": ({"body": b'{"query":'}, 400),
    "json that is none": ({"body": b"NONSENSE"}, 400),
    "json that is cut off behind a wrong type": ({"body": b'{"query": 1'}, 400),
    "no query": ({"body": {"qeury": "{__typename}"}}, 422),
    "query of a wrong type": ({"body": {"query": ["{__typename}"]}}, 422),
    "variables of a wrong type": ({"body": {"query": DEVICES, "variables": [7]}}, 422),
    "operationName of a wrong type": ({"body": {"query": DEVICES, "operationName": 1}}, 422),
    "extensions of a wrong type": ({"body": {"query": DEVICES, "extensions": "a"}}, 422),
    "a batch": ({"body": [{"query": DEVICES}]}, 422),
    "a document that cannot be parsed": ({"body": {"query": "{"}}, 400),
    "a document that is not valid": ({"body": {"query": "{ nothing }"}}, 422),
    "no operation": ({"body": {"query": "fragment F on Device { id }"}}, 422),
    "an operation that is not named": ({"body": {"query": f"query A {DEVICES} query B {DEVICES}"}}, 422),
    "an operation that is not there": ({"body": {"query": f"query A {DEVICES}", "operationName": "a"}}, 422),
    "variables that do not fit": (
        {"body": {"query": "query($n: Int!) { consents(first: $n) { edges { cursor } } }", "variables": {"n": "x"}}},
        422,
    ),
}


@pytest.mark.parametrize("named", ANSWERED)
async def test_without_data_it_must_answer_with_the_status_of_the_failure(here: GatewayHere, named: str) -> None:
    given, status = ANSWERED[named]
    answer = await here.post(given["body"], headers=given.get("headers"))
    assert (answer.status_code, list(answer.json())) == (status, ["errors"])
    assert answer.headers["Content-Type"] == f"{RESPONSE}; charset=utf-8"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "x"])
async def test_an_unsupported_method_should_be_answered_with_405(here: GatewayHere, method: str) -> None:
    answer = await here.http.request(method, "/graphql", headers={"Authorization": f"Bearer {here.token()}"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


async def test_a_request_that_does_not_come_in_time_should_be_answered_with_408(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await anyio.sleep_forever()

    monkeypatch.setattr("gateway.http.MOST_SECONDS", 0.02)
    headers = {"Authorization": f"Bearer {here.token()}", "Content-Type": JSON, "Accept": JSON}
    answer = await here.http.post("/graphql", content=stalled(), headers=headers)
    assert (answer.status_code, answer.headers["Connection"]) == (408, "close")


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br, identity", "x"])
async def test_a_content_coding_that_is_not_read_should_be_answered_with_415(here: GatewayHere, coding: str) -> None:
    for media in (RESPONSE, JSON):
        answer = await here.post({"query": DEVICES}, headers={"Accept": media, "Content-Encoding": coding})
        assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "identity")
    assert (await here.post({"query": DEVICES}, headers={"Content-Encoding": "Identity"})).status_code == 200


async def test_an_address_too_long_should_be_answered_with_414(here: GatewayHere) -> None:
    headers = {"Authorization": f"Bearer {here.token()}"}
    for media in (RESPONSE, JSON):
        longest = "/graphql?" + "x" * (MOST_ADDRESS_BYTES - len("/graphql"))
        answer = await here.http.post(longest, json={"query": DEVICES}, headers={**headers, "Accept": media})
        longer = await here.http.post(longest + "x", json={"query": DEVICES}, headers={**headers, "Accept": media})
        assert (answer.status_code, longer.status_code) == (200, 414)


async def test_who_is_not_permitted_should_be_answered_with_401_or_403(here: GatewayHere) -> None:
    stranger = await here.http.post("/graphql", json={"query": DEVICES})
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"].split()[0]) == (401, "Bearer")
    assert (await here.post({"query": ACCESS}, who=PARTNER)).status_code == 403


async def test_when_the_server_is_the_reason_it_should_answer_with_503(here: GatewayHere) -> None:
    kept = here.operator.store.rename(here.operator.folder / "elsewhere")
    answer = await here.post({"query": DEVICES})
    kept.rename(here.operator.store)
    assert answer.status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        {"query": f"mutation {{ {WITHDRAW} nothing }}"},
        {"query": f"mutation A {{ {WITHDRAW} }} mutation B {{ {WITHDRAW} }}"},
        {"query": f"mutation($n: Boolean!) {{ {WITHDRAW} again: __typename @skip(if: $n) }}"},
        {"query": f"mutation($n: Boolean!) {{ {WITHDRAW} again: __typename @skip(if: $n) }}", "variables": {"n": "no"}},
    ],
)
async def test_what_is_invalid_undetermined_or_not_coerced_should_not_be_executed(
    here: GatewayHere, body: dict[str, Any]
) -> None:
    assert (await here.post(body)).status_code == 422
    assert await recorded(here) == []
