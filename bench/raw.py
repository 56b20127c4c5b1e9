"""The floor: an ASGI application by hand that reads the body and writes the answer; no GraphQL, no framework."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send


def raw(held: Mapping[str, Any]) -> ASGIApp:
    """Return the application; `held` is the data of each document by its operation's name."""

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        asked = msgspec.json.decode(await body(receive))
        await said(send, {"data": held[asked["operationName"]]})

    return app


async def said(send: Send, answer: Mapping[str, Any]) -> None:
    """Write an answer."""
    content = msgspec.json.encode(answer)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def body(receive: Receive) -> bytes:
    """Read a request's body."""
    found: bytes = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if not message.get("more_body", False):
            return found
