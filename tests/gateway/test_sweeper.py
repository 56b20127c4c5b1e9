"""The daily sweep: what it deletes, when it comes again, and that nothing ends it but the gateway's end."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import anyio
import pytest

from gateway import sweeper
from gateway.sweeper import DAY, SOON, sweep_once, sweeping
from gateway.tokens import subject_of
from graph.records import Subject, Value
from graph.store import Command
from tests.support.gateway_here import GatewayHere, gateway_here
from tests.support.operator import ISSUER, Operator

pytestmark = pytest.mark.anyio
ADA = subject_of(ISSUER, "ada")
MOST_SECONDS = 10


@pytest.fixture
async def here(operator: Operator) -> AsyncIterator[GatewayHere]:
    """Return a gateway that holds a value of Ada's whose time is over."""
    async with gateway_here(operator) as found:
        parts = found.gateway.parts
        ended = parts.clock() - timedelta(seconds=1)
        value = Value(key="hobby.level", held="old", recorded_at=ended, purpose="run", expires_at=ended)
        await parts.store.open_subject(Subject(ADA), None, ended)
        await parts.store.put(ADA, (value,), Command("key", "print"), ended)
        yield found


async def test_a_sweep_deletes_what_has_ended_says_how_much_and_comes_again_in_a_day(
    here: GatewayHere, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gateway")
    parts = here.gateway.parts
    assert await sweep_once(parts) == DAY
    assert await parts.store.held(ADA) == ()
    assert [(one.getMessage(), vars(one)["expired"], vars(one)["orphaned"]) for one in caplog.records] == [
        ("swept", 1, 0)
    ]


async def test_a_sweep_that_finds_the_store_away_comes_again_soon(
    here: GatewayHere, caplog: pytest.LogCaptureFixture
) -> None:
    kept = here.operator.store.rename(here.operator.folder / "elsewhere")
    assert await sweep_once(here.gateway.parts) == SOON
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [(logging.WARNING, "sweep failed")]
    kept.rename(here.operator.store)
    assert await sweep_once(here.gateway.parts) == DAY


async def test_a_fault_of_ours_is_logged_and_not_the_last_sweep(
    here: GatewayHere, caplog: pytest.LogCaptureFixture
) -> None:
    assert await sweep_once(replace(here.gateway.parts, living=None)) == SOON  # type: ignore[arg-type]  # that is it
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [(logging.ERROR, "sweep failed")]


async def test_it_runs_beside_the_requests_and_ends_with_the_gateway(
    here: GatewayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "FIRST", 0.0)
    parts = here.gateway.parts
    async with sweeping(parts):
        with anyio.fail_after(MOST_SECONDS):
            while await parts.store.held(ADA):
                await anyio.lowlevel.checkpoint()
