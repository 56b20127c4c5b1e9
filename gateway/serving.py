"""Runs the application under uvicorn: one process, quiet, drained when told to stop."""

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.loops.auto import auto_loop_factory

from gateway.setting_forms import Address
from gateway.wire import Wire

DRAIN_SECONDS = 8  # an answer takes at most 5; a container is killed after 10
MOST_WAITING = 1024  # connections the kernel keeps while all are busy

Ready = Callable[[], Awaitable[None]]


class Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Ready) -> None:
        """Hold what to do once it listens."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        await self._ready()

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 the library's signature
        """Drain and end; to be told to stop is no failure, so the signal is not raised again."""
        self.should_exit = True


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


def run(opening: AbstractAsyncContextManager[ASGIApp], bound: socket.socket, ready: Ready) -> None:
    """Open the application, serve it until SIGTERM or SIGINT, close it; raises what stands in the way of opening.

    It is opened before the server starts: the server would tell a fault of its start in its own words, and exit.
    """
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_served(opening, bound, ready))


async def _served(opening: AbstractAsyncContextManager[ASGIApp], bound: socket.socket, ready: Ready) -> None:
    async with opening as app:
        with _settled():
            await Server(_config(app), ready).serve(sockets=[bound])


@contextmanager
def _settled() -> Iterator[None]:
    """Keep what was made until now out of the garbage collector's rounds: catalogue and schemas are never garbage.

    To look through them took a tenth of a second now and then, in which every caller waited.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level="warning",  # what it says of itself otherwise is for consoles
        server_header=False,
        http=Wire,
        ws="none",
        backlog=MOST_WAITING,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
