"""Requests as the server hands them to the application: bodies that do not come, and clients that go away."""

import json
from collections.abc import Mapping
from typing import Any

import anyio

from tests.support.gateway_here import PERSON, GatewayHere


async def waits_for_ever() -> Mapping[str, Any]:
    return await anyio.sleep_forever()


async def goes_away() -> Mapping[str, Any]:
    return {"type": "http.disconnect"}


async def raw(here: GatewayHere, receive: Any) -> tuple[int, list[str]]:
    """Send a request whose body comes from `receive`."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await here.app(scope(here), receive, send)  # type: ignore[arg-type]  # a plain dictionary is a message
    body = json.loads(b"".join(message.get("body", b"") for message in sent))
    return sent[0]["status"], [error["extensions"]["code"] for error in body["errors"]]


def scope(here: GatewayHere) -> dict[str, Any]:
    """Return the head of a person's request."""
    headers = {"authorization": f"Bearer {here.token(PERSON)}", "content-type": "application/json"}
    return {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
    }
