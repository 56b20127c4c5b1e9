"""A connection without a network: what is written to its other end, and an application that is asked over it."""

import asyncio
import re
from typing import Any

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from gateway.wire import Wire

HEAD = b"POST /graphql HTTP/1.1\r\nHost: here\r\n"
GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Line(asyncio.Transport):
    """The other end of a connection: keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 1), "peername": ("127.0.0.1", 2)})
        self.written, self.reading, self.untaken, self.aborted = b"", True, 0, False
        self.ended = asyncio.Event()

    @property
    def closed(self) -> bool:
        return self.ended.is_set()

    def write(self, data: Any) -> None:
        if self.closed:
            raise RuntimeError("as uvloop says it of a connection that is gone")
        self.written += bytes(data)

    def close(self) -> None:
        self.ended.set()

    def abort(self) -> None:
        self.aborted = True
        self.ended.set()

    def get_write_buffer_size(self) -> int:
        return self.untaken

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    @property
    def statuses(self) -> list[int]:
        return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3}) ", self.written)]


class Said:
    """An application that answers when the body has come, or when it is told to, and keeps the heads it saw."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        body, more = b"", True
        while more:
            message = await receive()
            more = message.get("more_body", False)
            body += message.get("body", b"")
        self.bodies.append(body)
        await self.may_answer.wait()
        await PlainTextResponse("heard")(scope, receive, send)


def unwired(app: ASGIApp, kind: type[Wire] = Wire) -> Wire:
    """Return what asks an application, connected to nothing yet; in the running loop."""
    return kind(uvicorn.Config(app, lifespan="off", log_config=None, ws="none", http=Wire), ServerState(), {})


def wired(app: ASGIApp, line: Line) -> Wire:
    """Connect an application to a line, in the running loop."""
    wire = unwired(app)
    wire.connection_made(line)
    return wire


async def settled() -> None:
    """Let everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)
