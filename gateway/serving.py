"""Runs the application under uvicorn: one process, quiet, drained when told to stop."""

import asyncio
import gc
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from time import monotonic

import uvicorn
from starlette.types import ASGIApp
from uvicorn.loops.auto import auto_loop_factory

from gateway.drain import Drain
from gateway.numbers import OperatorsOnly
from gateway.setting_forms import Address
from gateway.wire import Wire

# Together they are less than the 10 seconds after which a container is killed.
DRAIN_SECONDS = 6.0  # for operations in flight, while newcomers are told: an answer takes at most 5
CUT_SECONDS = 2  # for connections after that: who does not read an answer by then is cut off
# A thread that computes keeps the one that answers waiting so long, each time that one comes back from a wait: a long
# text is checked on a thread of its own, and an answer has some ten waits.
SWITCH_SECONDS = 0.0005
# How much is made before the garbage collector's three kinds of round. A round through everything takes 80 ms beside a
# large answer, and Python's own numbers begin one for each of those; these begin one for several.
COLLECTING = (3_000, 5, 400)
MOST_WAITING = 1024  # connections the kernel keeps while all are busy

Ready = Callable[[], Awaitable[None]]


class Server(uvicorn.Server):
    """A server that says when it is ready, and listens until what is in flight has been answered."""

    def __init__(self, config: uvicorn.Config, ready: Ready, drain: Drain | None = None) -> None:
        """Hold what to do once it listens, and how it ends."""
        super().__init__(config)
        self._ready, self._drain, self._until = ready, drain or Drain(), 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        await self._ready()

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 the library's signature
        """Drain and end; to be told to stop is no failure, so the signal is not raised again."""
        if not self._drain.begun:
            self._until = monotonic() + DRAIN_SECONDS
            self._drain.begin()

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether to end; until then whoever balances load hears of it from `/readyz`."""
        self.should_exit |= self._drain.over or (self._drain.begun and monotonic() >= self._until)
        return await super().on_tick(counter)


class _Beside(uvicorn.Server):
    """A second server in the same process: signals are the first one's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


def listening(address: Address) -> socket.socket:
    """Return a socket bound to an address; raises `OSError` that names it if it is taken. Port 0 is any free one."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address.host, address.port))
    except OSError as fault:
        bound.close()
        raise OSError(fault.errno, fault.strerror, f"{address.host}:{address.port}") from None
    return bound


def listening_if(address: Address | None) -> AbstractContextManager[socket.socket | None]:
    """Return a socket bound to an address if there is one."""
    return nullcontext() if address is None else listening(address)


def run(
    opening: AbstractAsyncContextManager[ASGIApp],
    bound: socket.socket,
    ready: Ready,
    *,
    drain: Drain | None = None,
    numbers: socket.socket | None = None,
    proxies: frozenset[str] = frozenset(),
) -> None:
    """Open the application, serve it until SIGTERM or SIGINT, close it; raises what stands in the way of opening.

    It is opened before the server starts: the server would tell a fault of its start in its own words, and exit.
    The drain is the application's; its numbers are served at a socket of their own, if there is one. What forwarded
    headers say of an address is believed from these proxies alone.
    """
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_served(opening, bound, ready, drain, numbers, proxies))


async def _served(
    opening: AbstractAsyncContextManager[ASGIApp],
    bound: socket.socket,
    ready: Ready,
    drain: Drain | None,
    numbers: socket.socket | None,
    proxies: frozenset[str],
) -> None:
    async with opening as app, _told_beside(app, numbers):
        with _settled():
            await Server(_config(app, proxies), ready, drain).serve(sockets=[bound])


@asynccontextmanager
async def _told_beside(app: ASGIApp, numbers: socket.socket | None) -> AsyncIterator[None]:
    """Serve the numbers as long as everything else is."""
    if numbers is None:
        yield
        return
    beside = _Beside(_config(OperatorsOnly(app)))
    serving = asyncio.create_task(beside.serve(sockets=[numbers]))
    try:
        yield
    finally:
        beside.should_exit = True
        await serving


@contextmanager
def _settled() -> Iterator[None]:
    """Keep what was made until now out of the garbage collector's rounds: catalogue and schemas are never garbage.

    To look through them took a tenth of a second now and then, in which every caller waited.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # its rounds through everything are put off by how much there was at the last of them
    switching, collecting = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECTING)
    try:
        yield
    finally:
        gc.set_threshold(*collecting)
        sys.setswitchinterval(switching)
        gc.unfreeze()


def _config(app: ASGIApp, proxies: frozenset[str] = frozenset()) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level="warning",  # what it says of itself otherwise is for consoles
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=sorted(proxies),  # said, or the server believes this machine and a variable of its own
        http=Wire,
        ws="none",
        backlog=MOST_WAITING,
        timeout_graceful_shutdown=CUT_SECONDS,
    )
