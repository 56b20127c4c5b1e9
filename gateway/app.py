"""The web application: four paths, the headers every answer has, and health; open as long as its gateway."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http import Endpoint
from gateway.key_ring import KeysUnavailable
from gateway.rooms import Gateway
from graph.errors import StoreError

KEYS_FOR = "public, max-age=300"  # published keys may be kept five minutes: a rotation announces its key before use

# What every answer carries: it is data, not a page, and no frame or sniffer has business with it.
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)


@asynccontextmanager
async def application(opening: AbstractAsyncContextManager[Gateway]) -> AsyncIterator[ASGIApp]:
    """Open a gateway, yield the application that answers with it, and close it after."""
    async with opening as gateway:
        routes = [
            Route("/graphql", _GraphQL()),
            Route("/healthz", _alive),
            Route("/readyz", _ready),
            Route("/.well-known/jwks.json", _keys),
        ]
        app = Starlette(routes=routes)
        app.router.redirect_slashes = False  # a redirect says the address again, the host as it was claimed
        app.state.gateway = gateway
        app.state.endpoint = Endpoint(gateway, gateway.parts.telemetry, gateway.parts.rates)
        yield _WithHeaders(app)


class _GraphQL:
    """The one path with a door of its own: every method reaches it, so that every refusal has its code."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response: Response = await request.app.state.endpoint(request)
        await response(scope, receive, send)


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


async def _ready(request: Request) -> Response:
    """Answer 200 if the store can be written and tokens can be checked, else 503 with what is missing."""
    parts = request.app.state.gateway.parts
    # at once: each may take seconds to fail, and whoever asks waits for five at most
    store, keys = await asyncio.gather(_state(parts.proof.fresh), _state(parts.authenticator.ready))
    ready = store == keys == "ok"
    body = {"status": "ready" if ready else "not ready", "store": store, "keys": keys}
    listed = parts.authenticator.revocations
    if listed is not None:  # the last good list counts, so it is told, and nobody is sent away for it
        body["revoked_tokens"] = "stale" if await listed.lost() else "ok"
    return JSONResponse(body, 200 if ready else 503, headers={"Cache-Control": "no-store"})


async def _state(prove: Callable[[], Awaitable[None]]) -> str:
    try:
        await prove()
    except (StoreError, KeysUnavailable):
        return "away"
    return "ok"


async def _keys(request: Request) -> Response:
    return JSONResponse(request.app.state.gateway.parts.signer.jwks(), headers={"Cache-Control": KEYS_FOR})


class _WithHeaders:
    """Adds the headers every answer has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self._app(scope, receive, adding)
