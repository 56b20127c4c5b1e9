"""What every answer carries, and what only one that came by TLS does."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from gateway.headers import HEADERS, POLICY, TLS_ONLY, WithHeaders

pytestmark = pytest.mark.anyio


async def headers(url: str, *, secure: bool = False, own: dict[str, str] | None = None) -> list[tuple[bytes, bytes]]:
    app = WithHeaders(PlainTextResponse("", headers=own), secure=secure)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        return (await client.get(url)).headers.raw


async def test_what_came_over_an_open_network_is_told_nothing_of_tls() -> None:
    found = await headers("http://gateway.example")
    assert set(HEADERS) <= set(found)
    assert TLS_ONLY not in found


@pytest.mark.parametrize(("url", "secure"), [("https://gateway.example", False), ("http://gateway.example", True)])
async def test_what_came_by_tls_or_is_reached_by_it_alone_says_so_for_a_year(url: str, secure: bool) -> None:
    assert {*HEADERS, (b"strict-transport-security", b"max-age=31536000")} <= set(await headers(url, secure=secure))


async def test_a_page_of_ours_keeps_its_own_policy_and_has_only_that() -> None:
    found = await headers("http://gateway.example", own={"Content-Security-Policy": "default-src 'self'"})
    assert [value for name, value in found if name == POLICY] == [b"default-src 'self'"]
    assert {one for one in HEADERS if one[0] != POLICY} <= set(found)
