"""Who may read the numbers: whoever comes in by the operators' own address, and in development anybody."""

import httpx
import pytest

from gateway.exposition import OPEN_METRICS, TEXT
from gateway.numbers import OperatorsOnly
from tests.support.gateway_here import URL, GatewayHere, gateway_here
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio


def by_the_operators_address(here: GatewayHere) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(OperatorsOnly(here.app)), base_url=URL)


async def test_in_production_there_is_no_such_page_for_strangers(operator: Operator) -> None:
    async with gateway_here(operator, DEVELOPMENT="0") as here:
        numbers, nothing = await here.http.get("/metrics"), await here.http.get("/nothing")
    assert (numbers.status_code, numbers.content) == (nothing.status_code, nothing.content) == (404, b"Not Found")
    assert [name for name, _ in numbers.headers.raw] == [name for name, _ in nothing.headers.raw]


async def test_in_development_they_are_for_all(operator: Operator) -> None:
    async with gateway_here(operator) as here:
        await here.post({"query": "{ devices { id } }"})
        answer = await here.http.get("/metrics")
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (
        200,
        TEXT,
        "no-store",
    )
    assert 'consent_gateway_operations_total{audience="client",code="OK"} 1\n' in answer.text
    assert "consent_gateway_in_flight 0\n" in answer.text
    assert answer.text.endswith("consent_gateway_draining 0\n")


async def test_the_operators_address_has_them_in_the_format_asked_for_and_nothing_else(operator: Operator) -> None:
    async with gateway_here(operator, DEVELOPMENT="0") as here, by_the_operators_address(here) as operators:
        answer = await operators.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"})
        others = [await operators.get(path) for path in ("/", "/healthz", "/readyz", "/.well-known/jwks.json")]
        asked = await operators.post("/graphql", json={}, headers={"Authorization": f"Bearer {here.token()}"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, OPEN_METRICS)
    assert answer.text.endswith("# EOF\n")
    assert [one.status_code for one in (*others, asked)] == [404] * 5
