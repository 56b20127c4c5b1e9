"""Runs the application under uvicorn: one process, quiet, drained when told to stop."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import ASGIApp

from gateway.setting_forms import Address

DRAIN_SECONDS = 8  # an answer takes at most 5; a container is killed after 10
MOST_WAITING = 1024  # connections the kernel keeps while all are busy


class Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], Awaitable[None]] | None) -> None:
        """Hold what to do once it listens."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and self._ready is not None:
            await self._ready()

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 the library's signature
        """Drain and end; to be told to stop is no failure, so the signal is not raised again."""
        self.should_exit = True


def listening(address: Address) -> socket.socket:
    """Return a socket bound to an address; raises `OSError` if it is taken. Port 0 is any free one."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((address.host, address.port))
    return bound


def run(app: ASGIApp, bound: socket.socket, ready: Callable[[], Awaitable[None]] | None = None) -> bool:
    """Serve until SIGTERM or SIGINT; return whether it started at all."""
    config = uvicorn.Config(
        app,
        lifespan="on",
        log_config=None,
        access_log=False,
        log_level="warning",  # what it says of itself otherwise is for consoles
        server_header=False,
        ws="none",
        backlog=MOST_WAITING,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = Server(config, ready)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[bound]))
    return server.started
