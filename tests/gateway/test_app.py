"""The paths: what each answers, the headers every answer has, and health that tells what is missing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.app import KEYS_FOR
from gateway.authn import Authenticator, Checks
from gateway.headers import HEADERS
from gateway.key_ring import KeyRing, key_source
from gateway.keys import published
from gateway.revocations import LOOK_SECONDS, Revocations
from tests.gateway.test_authn import Clock
from tests.support.gateway_here import GatewayHere, gateway_here
from tests.support.keys import TERMS, ed25519
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio
ASK = {"query": "{ devices { id } }"}


@pytest.fixture
async def here(operator: Operator) -> AsyncIterator[GatewayHere]:
    async with gateway_here(operator) as found:
        yield found


async def test_a_person_is_answered(here: GatewayHere) -> None:
    answer = await here.post(ASK)
    assert (answer.status_code, answer.json()) == (200, {"data": {"devices": []}})


async def test_alive_says_nothing_of_what_it_stands_on(here: GatewayHere) -> None:
    away(here.operator.store)
    answer = await here.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert answer.headers["Cache-Control"] == "no-store"


async def test_ready_says_that_the_store_can_be_written_and_tokens_checked(here: GatewayHere) -> None:
    answer = await here.http.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "store": "ok", "keys": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_store_that_is_away_is_told_and_found_again(here: GatewayHere) -> None:
    kept = away(here.operator.store)
    answer = await here.http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "store": "away", "keys": "ok"})
    kept.rename(here.operator.store)
    assert (await here.http.get("/readyz")).status_code == 200


async def test_keys_that_are_away_are_told(operator: Operator) -> None:
    (operator.folder / "jwks.json").write_text("no keys")
    async with gateway_here(operator) as here:
        answer = await here.http.get("/readyz")
        refused = await here.post(ASK)
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "store": "ok", "keys": "away"})
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]) == (503, {"code": "UNAVAILABLE"})


async def test_a_list_of_revoked_tokens_that_is_lost_is_told_and_sends_nobody_away(operator: Operator) -> None:
    revoked, clock = operator.folder / "revoked", Clock()
    revoked.write_text("t1\n")
    ring = KeyRing(key_source(str(operator.folder / "jwks.json")))
    listed = Authenticator(ring, lambda: TERMS, checks=Checks(revocations=Revocations(revoked, clock)))
    async with gateway_here(operator, broken={"authenticator": listed}) as here:
        before = await here.http.get("/readyz")
        revoked.unlink()
        clock.now += LOOK_SECONDS
        after = await here.http.get("/readyz")
    ready = {"status": "ready", "store": "ok", "keys": "ok"}
    assert (before.status_code, before.json()) == (200, ready | {"revoked_tokens": "ok"})
    assert (after.status_code, after.json()) == (200, ready | {"revoked_tokens": "stale"})


async def test_the_keys_of_offers_and_receipts_are_published(here: GatewayHere) -> None:
    answer = await here.http.get("/.well-known/jwks.json")
    assert (answer.status_code, answer.json()) == (200, published((ed25519("signing"),)))
    assert answer.headers["Cache-Control"] == KEYS_FOR


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/.well-known/jwks.json", 200),
        ("GET", "/graphql", 405),
        ("POST", "/graphql", 401),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("GET", "/metrics", 200),
        ("GET", "/docs", 404),
        ("POST", "/graphql/", 404),
        ("GET", "/healthz/?token=x", 404),
    ],
)
async def test_every_answer_has_the_headers(here: GatewayHere, method: str, path: str, status: int) -> None:
    answer = await here.http.request(method, path)
    assert answer.status_code == status
    assert set(HEADERS) <= {(name.lower(), value) for name, value in answer.headers.raw}
    assert "Server" not in answer.headers


async def test_a_closed_gateway_lets_its_store_go(operator: Operator) -> None:
    async with gateway_here(operator):
        pass
    assert not [path.name for path in operator.folder.glob("store.sqlite-*")], "its log was folded in"


def away(store: Path) -> Path:
    """Move a store's file away; returns where it is."""
    return store.rename(store.with_name("elsewhere"))
