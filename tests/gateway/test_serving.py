"""A server that is told to stop: it listens on until what is in flight is answered, and no longer than it may."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import serving
from gateway.drain import Drain
from gateway.serving import listening
from gateway.setting_forms import Address

pytestmark = pytest.mark.anyio
ANY = Address("127.0.0.1", 0)
LONG = 20.0  # seconds: past it something hangs


@dataclass(slots=True)
class Slow:
    """An application that begins to answer when it is let, and counts what it was asked, and what was cut."""

    drain: Drain = field(default_factory=Drain)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    let: asyncio.Event = field(default_factory=asyncio.Event)
    cut: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.drain.begun:
            await PlainTextResponse("ending", 503)(scope, receive, send)
            return
        with self.drain.flight():
            self.begun.set()
            try:
                await self.let.wait()
            except asyncio.CancelledError:
                self.cut += 1
                raise
            await PlainTextResponse("whole")(scope, receive, send)


async def told_whence(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer whom the server takes the caller for."""
    await PlainTextResponse(f"{scope['client'][0]} {scope['scheme']}")(scope, receive, send)


@asynccontextmanager
async def served(
    app: ASGIApp, drain: Drain, proxies: frozenset[str] = frozenset()
) -> AsyncIterator[tuple[serving.Server, str, "asyncio.Task[None]"]]:
    ready = asyncio.Event()

    async def now() -> None:
        ready.set()

    with listening(ANY) as bound:
        server = serving.Server(serving._config(app, proxies), now, drain)
        running = asyncio.create_task(server.serve(sockets=[bound]))
        await asyncio.wait_for(ready.wait(), LONG)
        yield server, f"http://127.0.0.1:{bound.getsockname()[1]}", running
        await asyncio.wait_for(running, LONG)


async def test_what_is_in_flight_is_answered_and_who_comes_meanwhile_is_told() -> None:
    app = Slow()
    async with httpx.AsyncClient(trust_env=False) as client, served(app, app.drain) as (server, url, running):
        first = asyncio.create_task(client.get(url))
        await app.begun.wait()
        server.handle_exit(signal.SIGTERM, None)
        await server.on_tick(1)
        ending = server.should_exit
        late = await client.get(url)
        app.let.set()
        answer = await first
        await asyncio.wait_for(running, LONG)
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
    assert not ending, "something is in flight"
    assert (answer.status_code, answer.text) == (200, "whole")
    assert (late.status_code, late.text) == (503, "ending")


async def test_what_takes_longer_than_it_may_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "DRAIN_SECONDS", 0.2)
    monkeypatch.setattr(serving, "CUT_SECONDS", 1)
    app = Slow()
    async with httpx.AsyncClient(trust_env=False) as client, served(app, app.drain) as (server, url, running):
        asked = asyncio.create_task(client.get(url))
        await app.begun.wait()
        server.handle_exit(signal.SIGTERM, None)
        await asyncio.wait_for(running, LONG)
        answer = await asked
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert (app.cut, app.drain.in_flight) == (1, 0)


FORWARDED = {"X-Forwarded-For": "192.0.2.7, 192.0.2.8", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "whence"),
    [
        ((), "127.0.0.1 http"),
        (("127.0.0.1/32",), "192.0.2.8 https"),
        (("127.0.0.0/8", "192.0.2.8/32"), "192.0.2.7 https"),
        (("192.0.2.0/24",), "127.0.0.1 http"),
    ],
)
async def test_whom_somebody_forwards_for_is_believed_of_the_proxies_that_are_named(
    monkeypatch: pytest.MonkeyPatch, proxies: tuple[str, ...], whence: str
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # the server's own; every setting of the gateway is its own
    drain = Drain()
    async with (
        httpx.AsyncClient(trust_env=False) as client,
        served(told_whence, drain, frozenset(proxies)) as (server, url, _),
    ):
        answer = await client.get(url, headers=FORWARDED)
        server.handle_exit(signal.SIGTERM, None)
    assert answer.text == whence


async def test_a_second_signal_gives_nobody_more_time() -> None:
    app = Slow()
    async with served(app, app.drain) as (server, _, running):
        server.handle_exit(signal.SIGTERM, None)
        until = server._until
        server.handle_exit(signal.SIGTERM, None)
        await asyncio.wait_for(running, LONG)
    assert server._until == until


def test_all_of_it_fits_into_the_time_before_a_container_is_killed() -> None:
    assert serving.DRAIN_SECONDS + serving.CUT_SECONDS < 10


def test_an_address_that_is_taken_is_named() -> None:
    with listening(ANY) as bound:
        bound.listen()
        port = bound.getsockname()[1]
        with pytest.raises(OSError, match=f"127.0.0.1:{port}"):
            listening(Address("127.0.0.1", port))


def test_no_address_is_no_socket() -> None:
    with serving.listening_if(None) as nothing, serving.listening_if(ANY) as one:
        assert (nothing, isinstance(one, socket.socket)) == (None, True)
