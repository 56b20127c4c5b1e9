"""The floor: an ASGI application by hand that reads the body and writes the answer; no GraphQL, no framework."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send


def raw(held: Mapping[str, Any]) -> ASGIApp:
    """Return the application; `held` is the data of each document by its operation's name."""

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        asked = msgspec.json.decode(await _body(receive))
        content = msgspec.json.encode({"data": held[asked["operationName"]]})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


async def _body(receive: Receive) -> bytes:
    found: bytes = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if not message.get("more_body", False):
            return found
