"""A refused call leaves nothing behind: what holds itself waits for the collector, with its body and its token."""

import gc
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import anyio
import pytest
from starlette.requests import Request

from gateway.arriving import MOST_BYTES, MOST_HEADER_BYTES
from gateway.rooms import Gateway
from tests.support.gateway_here import OFFICER, PARTNER, PERSON, GatewayHere, gateway_here
from tests.support.operator import Operator
from tests.support.raw_requests import goes_away, raw, waits_for_ever

pytestmark = pytest.mark.anyio
DEVICES = {"query": "{ devices { id } }"}


@pytest.fixture
def resting() -> Iterator[None]:
    """Let the collector find nothing by itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
async def here(operator: Operator, resting: None) -> AsyncIterator[GatewayHere]:
    async with gateway_here(operator) as found:
        yield found


def held() -> int:
    """Return how many requests are still in memory."""
    return sum(type(one) is Request for one in gc.get_objects())


REFUSED: Mapping[str, tuple[int, object, Mapping[str, Any]]] = {
    "no document": (400, {"query": "{"}, {}),
    "a document that does not hold": (422, {"query": "{ nothing }"}, {}),
    "a long one": (422, {"query": "{ nothing }" + " " * 3_000}, {}),
    "no variable": (422, {"query": "query($p: PurposeKey!) { me(purpose: $p) { id } }"}, {}),
    "no consistency token": (422, DEVICES | {"extensions": {"consistencyToken": "s2.d0"}}, {}),
    "no JSON": (400, b"[", {}),
    "another type": (415, b"", {"headers": {"Content-Type": "text/plain"}}),
    "too large": (413, b" " * (MOST_BYTES + 1), {}),
    "large headers": (431, DEVICES, {"headers": {"X": "x" * MOST_HEADER_BYTES}}),
    "no type of ours": (406, DEVICES, {"headers": {"Accept": "text/html"}}),
    "no token": (401, DEVICES, {"headers": {"Authorization": "Bearer a.b.c"}}),
    "an unknown document": (400, {"documentId": "sha256:" + "0" * 64}, {"who": PARTNER}),
    "free text": (403, DEVICES, {"who": PARTNER}),
    "an answer": (200, DEVICES, {"who": PERSON}),
    "an answer that is long to read": (200, {"query": "{ ledger { length } }" + " " * 3_000}, {"who": OFFICER}),
}


@pytest.mark.parametrize(("status", "body", "more"), REFUSED.values(), ids=REFUSED)
async def test_a_call_is_out_of_memory_when_it_is_answered(
    here: GatewayHere, status: int, body: object, more: Mapping[str, Any]
) -> None:
    answer = await here.post(body, **more)

    assert (answer.status_code, held()) == (status, 0)


async def test_so_is_one_that_is_not_allowed(operator: Operator, resting: None) -> None:
    async with gateway_here(operator, RATE="1/hour") as here:
        told = [(await here.post(DEVICES)).status_code for _ in range(2)]

        assert (told, held()) == ([200, 429], 0)


async def test_so_is_one_that_comes_or_takes_too_long_or_leaves(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, _ = await raw(here, goes_away)
    monkeypatch.setattr("gateway.http.MOST_SECONDS", 0.02)
    monkeypatch.setattr(Gateway, "execute", lambda *_: anyio.sleep_forever())
    late, _ = await raw(here, waits_for_ever)
    long = (await here.post(DEVICES)).status_code

    assert ([left, late, long], held()) == ([400, 408, 503], 0)


async def test_so_is_one_that_the_store_cannot_answer(here: GatewayHere) -> None:
    here.operator.store.rename(here.operator.folder / "elsewhere")
    answer = await here.post(DEVICES)

    assert (answer.status_code, held()) == (503, 0)


async def test_so_is_one_that_meets_a_fault_of_ours(
    operator: Operator, resting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("gateway"), "disabled", True)  # pytest keeps all that is logged
    async with gateway_here(operator, broken={"documents": {}}) as here:
        answer = await here.post(DEVICES)

        assert (answer.status_code, held()) == (500, 0)
