"""Which pages of other origins may read answers: those on the list, exactly, and nothing a browser keeps goes along."""

from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.origins import PREFLIGHT_SECONDS, SENT, SHOWN
from tests.support.gateway_here import GatewayHere, gateway_here
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio
OURS, ANOTHER = "https://app.example", "http://127.0.0.1:3000"
STRANGERS = ("https://app.example.evil.example", "https://APP.example", "http://app.example", "null", "*", "https://b")
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
ASK = {"query": "{ devices { id } }"}


@pytest.fixture
async def here(operator: Operator) -> AsyncIterator[GatewayHere]:
    async with gateway_here(operator, ORIGINS=f"{OURS}, {ANOTHER}") as found:
        yield found


def cors(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("origin", [OURS, ANOTHER])
@pytest.mark.parametrize(("path", "method"), [("/graphql", "POST"), ("/.well-known/jwks.json", "GET")])
async def test_a_page_on_the_list_may_ask(here: GatewayHere, origin: str, path: str, method: str) -> None:
    answer = await here.http.options(path, headers={"Origin": origin, **PREFLIGHT})
    assert (answer.status_code, answer.content) == (204, b"")
    assert cors(answer) == {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": method,
        "access-control-allow-headers": SENT,
        "access-control-max-age": PREFLIGHT_SECONDS,
    }
    assert (answer.headers["Vary"], answer.headers["Cache-Control"]) == ("Origin", "no-store")


async def test_it_may_send_what_our_clients_send_and_read_what_they_need(here: GatewayHere) -> None:
    answer = await here.post(ASK, headers={"Origin": OURS})
    assert (answer.status_code, answer.headers["Vary"]) == (200, "Origin")
    assert cors(answer) == {"access-control-allow-origin": OURS, "access-control-expose-headers": SHOWN}
    shown = {name.strip().lower() for name in SHOWN.split(",")}
    assert {"ratelimit", "ratelimit-policy", "x-trace-id"} <= shown & {name.lower() for name in answer.headers}
    assert {"authorization", "content-type", "dpop", "traceparent", "sec-gpc"} <= set(SENT.lower().split(", "))


async def test_a_refusal_can_be_read_too(here: GatewayHere) -> None:
    answer = await here.http.post("/graphql", json=ASK, headers={"Origin": OURS})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, OURS)


@pytest.mark.parametrize("origin", STRANGERS)
async def test_a_page_that_is_not_on_the_list_hears_nothing(here: GatewayHere, origin: str) -> None:
    preflight = await here.http.options("/graphql", headers={"Origin": origin, **PREFLIGHT})
    asked = await here.post(ASK, headers={"Origin": origin})
    keys = await here.http.get("/.well-known/jwks.json", headers={"Origin": origin})
    assert [one.status_code for one in (preflight, asked, keys)] == [405, 200, 200]
    assert [cors(one) for one in (preflight, asked, keys)] == [{}, {}, {}]
    assert {one.headers["Vary"] for one in (preflight, asked, keys)} == {"Origin"}


async def test_who_names_two_origins_is_nobody(here: GatewayHere) -> None:
    sent = [("Origin", OURS), ("Origin", ANOTHER), *PREFLIGHT.items()]
    answer = await here.http.request("OPTIONS", "/graphql", headers=sent)
    assert (answer.status_code, cors(answer)) == (405, {})


async def test_what_is_no_preflight_is_answered_as_ever(here: GatewayHere) -> None:
    answer = await here.http.options("/graphql", headers={"Origin": OURS})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/graphiql"])
async def test_no_other_path_is_read_from_elsewhere(here: GatewayHere, path: str) -> None:
    answer = await here.http.get(path, headers={"Origin": OURS})
    assert (answer.status_code, cors(answer)) == (200, {})


async def test_keys_that_a_cache_keeps_are_kept_for_each_origin_apart(here: GatewayHere) -> None:
    assert (await here.http.get("/.well-known/jwks.json")).headers["Vary"] == "Origin"


async def test_without_a_list_nobody_is_told_anything(operator: Operator) -> None:
    async with gateway_here(operator) as here:
        preflight = await here.http.options("/graphql", headers={"Origin": OURS, **PREFLIGHT})
        asked = await here.post(ASK, headers={"Origin": OURS})
    assert [preflight.status_code, asked.status_code] == [405, 200]
    assert [cors(preflight), cors(asked)] == [{}, {}]
    assert "Vary" not in asked.headers
