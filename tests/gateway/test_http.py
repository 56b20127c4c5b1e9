"""POST /graphql, door by door: what each refuses, in which order, as which status in which media type (4.4)."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio
import httpx
import pytest

from gateway.arriving import MOST_BYTES, MOST_HEADER_BYTES
from gateway.negotiation import JSON, RESPONSE
from gateway.prepared import SHORT
from gateway.rests import Share
from gateway.rooms import Gateway
from tests.support.gateway_here import OFFICER, PARTNER, GatewayHere, gateway_here
from tests.support.operator import Operator
from tests.support.raw_requests import goes_away, raw, waits_for_ever

pytestmark = pytest.mark.anyio
DEVICES = "{ devices { id } }"
OFFER = '{ offer(input: {purpose: "play.match", keys: ["hobby.level"]}) { token } }'
SUBJECTS = '{ subjects(ids: [], purpose: "play.match") { id } }'


@pytest.fixture
async def here(operator: Operator) -> AsyncIterator[GatewayHere]:
    async with gateway_here(operator) as found:
        yield found


def codes(answer: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


async def both(here: GatewayHere, body: object, **more: Any) -> list[tuple[int, list[str]]]:
    """Return status and codes for the modern and the old media type."""
    found = []
    for media in (RESPONSE, JSON):
        answer = await here.post(body, headers={"Accept": media}, **more)
        assert answer.headers["Content-Type"] == f"{media}; charset=utf-8"
        found.append((answer.status_code, codes(answer)))
    return found


@pytest.mark.parametrize("media", [RESPONSE, JSON])
@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer a.b.c"}, {"Authorization": ""}])
async def test_a_token_in_the_address_is_refused_whatever_comes_beside_it(
    here: GatewayHere, media: str, shown: Mapping[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {here.token()}", "Accept": media, **shown}
    answer = await here.http.post(f"/graphql?access_token={here.token()}", json={"query": DEVICES}, headers=headers)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])
    assert here.token().rpartition(".")[2] not in answer.text + str(answer.headers)


async def test_a_token_in_the_body_is_no_token(here: GatewayHere) -> None:
    body = {"query": DEVICES, "access_token": here.token()}
    answer = await here.http.post("/graphql", json=body, headers={"Accept": RESPONSE})
    form = await here.http.post("/graphql", data={"access_token": here.token()}, headers={"Accept": RESPONSE})
    assert [(one.status_code, codes(one)) for one in (answer, form)] == [(401, ["UNAUTHENTICATED"])] * 2


async def test_whatever_else_stands_in_the_address_is_passed_over(here: GatewayHere) -> None:
    headers = {"Authorization": f"Bearer {here.token()}", "Accept": RESPONSE}
    answer = await here.http.post("/graphql?operationName=Devices", json={"query": DEVICES}, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"data": {"devices": []}})


@pytest.mark.parametrize(
    ("body", "modern", "old"),
    [
        ({"query": "{ devices {"}, (400, ["GRAPHQL_PARSE_FAILED"]), 200),
        ({"query": ""}, (400, ["GRAPHQL_PARSE_FAILED"]), 200),
        ({"query": "{ nothing }"}, (422, ["GRAPHQL_VALIDATION_FAILED"]), 200),
        ({"query": "{ nothing also }"}, (422, ["GRAPHQL_VALIDATION_FAILED"] * 2), 200),
        ({"query": f"query A {DEVICES} query B {DEVICES}"}, (422, ["BAD_USER_INPUT"]), 200),
        ({"query": DEVICES, "operationName": "C"}, (422, ["BAD_USER_INPUT"]), 200),
        (
            {"query": "query($p: PurposeKey!) { me(purpose: $p) { id } }", "variables": {"p": "chess"}},
            (422, ["BAD_USER_INPUT"]),
            200,
        ),
        ({"query": '{ me(purpose: "chess") { id } }'}, (422, ["GRAPHQL_VALIDATION_FAILED"]), 200),
        ({"documentId": "sha256:" + "0" * 64}, (400, ["PERSISTED_DOCUMENT_NOT_FOUND"]), 200),
        ({"query": DEVICES, "extensions": {"consistencyToken": "s2.d0"}}, (422, ["BAD_USER_INPUT"]), 200),
        ({"query": DEVICES, "extensions": {"consistencyToken": ""}}, (422, ["BAD_USER_INPUT"]), 200),
        ({"query": DEVICES, "extensions": {"consistencyToken": 7}}, (422, ["BAD_REQUEST"]), 422),
        ({}, (422, ["BAD_REQUEST"]), 422),
        (b"[]", (422, ["BAD_REQUEST"]), 422),
        (b"[", (400, ["BAD_REQUEST"]), 400),
        (b"{" + b" " * MOST_BYTES + b"}", (413, ["PAYLOAD_TOO_LARGE"]), 413),
    ],
)
async def test_what_cannot_be_run_has_its_code(
    here: GatewayHere, body: object, modern: tuple[int, list[str]], old: int
) -> None:
    assert await both(here, body) == [modern, (old, modern[1])]


async def test_the_largest_body_is_read(here: GatewayHere) -> None:
    body = json.dumps({"query": DEVICES}).encode()
    assert (await here.post(body.ljust(MOST_BYTES))).json() == {"data": {"devices": []}}
    assert (await here.post(body.ljust(MOST_BYTES + 1))).status_code == 413


async def test_a_body_that_does_not_say_how_long_it_is_ends_at_the_limit(here: GatewayHere) -> None:
    async def sent() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b" " * 1024

    headers = {"Authorization": f"Bearer {here.token()}", "Content-Type": "application/json"}
    answer = await here.http.post("/graphql", content=sent(), headers=headers)
    assert (answer.status_code, codes(answer)) == (413, ["PAYLOAD_TOO_LARGE"])


async def test_a_length_that_is_no_number_is_left_to_what_comes(here: GatewayHere) -> None:
    answer = await here.post({"query": DEVICES}, headers={"Content-Length": b"\xb2"})
    assert answer.json() == {"data": {"devices": []}}


async def test_headers_have_a_limit(here: GatewayHere) -> None:
    for media in (RESPONSE, JSON):
        answer = await here.post({"query": DEVICES}, headers={"Accept": media, "X": "x" * MOST_HEADER_BYTES})
        assert (answer.status_code, codes(answer)) == (431, ["BAD_REQUEST"])


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
async def test_only_post_is_allowed_whoever_asks(here: GatewayHere, method: str) -> None:
    for media in (RESPONSE, JSON, "text/html"):
        answer = await here.http.request(method, "/graphql", headers={"Accept": media})
        assert (answer.status_code, codes(answer), answer.headers["Allow"]) == (405, ["BAD_REQUEST"], "POST")


async def test_who_has_no_token_is_told_how_to_come_in_before_anything_else(here: GatewayHere) -> None:
    for media in (RESPONSE, JSON, "text/html"):
        answer = await here.http.post("/graphql", content=b"no", headers={"Accept": media, "Content-Type": "text/html"})
        assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_two_tokens_are_none(here: GatewayHere) -> None:
    line = ("Authorization", f"Bearer {here.token()}")
    answer = await here.http.post("/graphql", json={"query": DEVICES}, headers=[line, line])
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0"])
async def test_an_answer_in_no_type_of_ours_is_refused(here: GatewayHere, accept: str) -> None:
    answer = await here.post({"query": DEVICES}, headers={"Accept": accept})
    assert (answer.status_code, codes(answer)) == (406, ["BAD_REQUEST"])
    assert answer.headers["Content-Type"] == f"{RESPONSE}; charset=utf-8"


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=utf-16", ""])
async def test_a_body_of_another_type_is_refused(here: GatewayHere, kind: str) -> None:
    for media in (RESPONSE, JSON):
        answer = await here.post(b"{}", headers={"Accept": media, "Content-Type": kind})
        assert (answer.status_code, codes(answer)) == (415, ["BAD_REQUEST"])


async def test_a_trace_that_is_brought_goes_on_and_is_named(here: GatewayHere) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await here.post({"query": DEVICES}, headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    assert answer.headers["X-Trace-Id"] == trace
    other = await here.post({"query": DEVICES})
    assert len(other.headers["X-Trace-Id"]) == 32
    assert other.headers["X-Trace-Id"] != trace


async def test_outside_development_a_client_may_send_no_text(operator: Operator) -> None:
    async with gateway_here(operator, DEVELOPMENT=None) as here:
        assert await both(here, {"query": DEVICES}) == [
            (403, ["PERSISTED_DOCUMENT_REQUIRED"]),
            (200, ["PERSISTED_DOCUMENT_REQUIRED"]),
        ]
        answer = await here.post({"query": "{ ledger { length } }"}, who=OFFICER)
        assert answer.json() == {"data": {"ledger": {"length": 0}}}


async def test_a_partner_may_send_no_text_even_in_development(here: GatewayHere) -> None:
    assert await both(here, {"query": SUBJECTS}, who=PARTNER) == [
        (403, ["PERSISTED_DOCUMENT_REQUIRED"]),
        (200, ["PERSISTED_DOCUMENT_REQUIRED"]),
    ]


@pytest.mark.parametrize(
    "named", [{"documentId": "sha256:{}"}, {"doc_id": "{}"}, {"extensions": {"persistedQuery": {"sha256Hash": "{}"}}}]
)
async def test_a_registered_document_is_found_by_each_name_and_by_its_recipient_alone(
    here: GatewayHere, named: Mapping[str, Any]
) -> None:
    digest = await here.registers("acme", SUBJECTS)
    body = json.loads(json.dumps(named).replace("{}", digest.removeprefix("sha256:")))
    assert (await here.post(body, who=PARTNER)).json() == {"data": {"subjects": []}}
    foreign = await here.post(body)
    assert codes(foreign) == ["PERSISTED_DOCUMENT_NOT_FOUND"]


async def test_a_caller_that_calls_too_often_is_told_how_long_to_wait(operator: Operator) -> None:
    async with gateway_here(operator, RATE="1/hour") as here:
        first, second = [await here.post({"query": DEVICES}, headers={"Accept": JSON}) for _ in range(2)]
        stranger, strange = [await here.http.post("/graphql") for _ in range(2)]
    assert (first.status_code, second.status_code, codes(second)) == (200, 429, ["RATE_LIMITED"])
    assert int(second.headers["Retry-After"]) > 0
    assert "RateLimit" in first.headers
    assert (stranger.status_code, strange.status_code, codes(strange)) == (401, 429, ["RATE_LIMITED"])


async def test_while_the_store_is_away_everybody_is_told_so_and_then_it_is_back(here: GatewayHere) -> None:
    kept = here.operator.store.rename(here.operator.folder / "elsewhere")
    assert await both(here, {"query": DEVICES}) == [(503, ["UNAVAILABLE"])] * 2
    unknown = {"documentId": "sha256:" + "0" * 64}
    assert await both(here, unknown, who=PARTNER) == [(503, ["UNAVAILABLE"])] * 2
    kept.rename(here.operator.store)
    assert (await here.post({"query": DEVICES})).status_code == 200


async def test_a_fault_in_a_field_is_masked_logged_and_leaves_the_rest(
    operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    async with gateway_here(operator, broken={"signer": None}) as here:
        answer = await here.post({"query": OFFER.replace("{ offer", "{ devices { id } offer", 1)})
    trace = answer.headers["X-Trace-Id"]
    assert answer.status_code == 294
    assert answer.json()["data"] == {"devices": [], "offer": None}
    (error,) = answer.json()["errors"]
    assert error["message"] == f"something failed here; report trace `{trace}`"
    assert error["extensions"] == {"code": "INTERNAL", "traceId": trace}
    assert [(one.levelno, one.getMessage(), vars(one)["trace_id"]) for one in caplog.records] == [
        (logging.ERROR, "fault", trace)
    ]


async def test_a_fault_beside_any_field_is_masked_and_logged(
    operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    async with gateway_here(operator, broken={"documents": {}}) as here:
        answer = await here.post({"query": DEVICES})
    trace = answer.headers["X-Trace-Id"]
    assert answer.status_code == 500
    assert answer.json() == {
        "errors": [
            {
                "message": f"something failed here; report trace `{trace}`",
                "extensions": {"code": "INTERNAL", "traceId": trace},
            }
        ]
    }
    assert [one.levelno for one in caplog.records] == [logging.ERROR]


async def test_what_takes_too_long_here_is_told_apart_from_a_body_that_never_ends(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.http.MOST_SECONDS", 0.02)
    monkeypatch.setattr(Gateway, "execute", lambda *_: anyio.sleep_forever())
    assert await raw(here, waits_for_ever) == (408, ["TIMEOUT"])
    assert await both(here, {"query": DEVICES}) == [(503, ["TIMEOUT"])] * 2


async def test_a_client_that_goes_away_in_its_body_is_no_fault_of_ours(
    here: GatewayHere, caplog: pytest.LogCaptureFixture
) -> None:
    assert await raw(here, goes_away) == (400, ["BAD_REQUEST"])
    assert caplog.records == []


async def test_a_long_text_is_made_ready_at_the_pace_of_its_caller(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests, rest = [], Share.rest

    async def noted(share: Share) -> None:
        rests.append(share)
        await rest(share)

    monkeypatch.setattr(Share, "rest", noted)
    await here.post({"query": DEVICES})
    before = len(rests)
    await here.post({"query": DEVICES + " " * SHORT})

    assert (before, len(rests)) == (0, 2)  # before it is in line, and before its one piece
