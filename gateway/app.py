"""The web application: its paths, the headers every answer has, and health; open as long as its gateway."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import graphiql, numbers
from gateway.answers import Refusal, refused
from gateway.drain import Drain
from gateway.examples import EXAMPLES, Example
from gateway.headers import WithHeaders
from gateway.http import Endpoint
from gateway.key_ring import KeysUnavailable
from gateway.negotiation import answer_type
from gateway.origins import WithOrigins
from gateway.rooms import Gateway
from gateway.settings import Settings
from gateway.tracing import trace_of
from graph.errors import StoreError

KEYS_FOR = "public, max-age=300"  # published keys may be kept five minutes: a rotation announces its key before use
NO_STORE = {"Cache-Control": "no-store"}
ENDING = Refusal("UNAVAILABLE", "this gateway is ending; try again", headers={"Connection": "close"})


@asynccontextmanager
async def application(
    opening: AbstractAsyncContextManager[Gateway],
    *,
    drain: Drain | None = None,
    examples: tuple[Example, ...] = EXAMPLES,
) -> AsyncIterator[ASGIApp]:
    """Open a gateway, yield the application that answers with it, and close it after.

    Once its drain has begun, no operation begins. The examples are those of the page of GraphiQL, if that is served.
    """
    async with opening as gateway:
        settings = gateway.parts.settings
        routes = [
            Route("/graphql", _GraphQL()),
            Route("/healthz", _alive),
            Route("/readyz", _ready),
            Route(numbers.PATH, _numbers),
            Route("/.well-known/jwks.json", _keys),
            *(graphiql.routes(examples) if settings.shows_graphiql else ()),
        ]
        app = Starlette(routes=routes)
        app.router.redirect_slashes = False  # a redirect says the address again, the host as it was claimed
        app.state.gateway = gateway
        app.state.drain = drain or Drain()
        app.state.endpoint = Endpoint(gateway, gateway.parts.telemetry, gateway.parts.admission)
        yield _within(app, settings)


def _within(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put an application behind what is done to every answer."""
    shared = WithOrigins(app, settings.origins) if settings.origins else app
    return WithHeaders(shared, secure=(settings.public_url or "").startswith("https:"))


class _GraphQL:
    """The one path with a door of its own: every method reaches it, so that every refusal has its code."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        drain: Drain = request.app.state.drain
        if drain.begun:
            await _ending(request)(scope, receive, send)
            return
        endpoint: Endpoint = request.app.state.endpoint
        with drain.flight():
            try:
                response = await endpoint(request)
                await response(scope, receive, send)
            finally:
                endpoint.done(request)


def _ending(request: Request) -> Response:
    media = answer_type(request.headers.get("accept"))
    return refused(ENDING, media, trace_of(request.headers.get("traceparent")).id)


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "alive"}, headers=NO_STORE)


async def _ready(request: Request) -> Response:
    """Answer 200 if the store can be written and tokens can be checked, else 503 with what is missing."""
    if request.app.state.drain.begun:
        return JSONResponse({"status": "draining"}, 503, headers=NO_STORE)
    parts = request.app.state.gateway.parts
    # at once: each may take seconds to fail, and whoever asks waits for five at most
    store, keys = await asyncio.gather(_state(parts.proof.fresh), _state(parts.authenticator.ready))
    ready = store == keys == "ok"
    body = {"status": "ready" if ready else "not ready", "store": store, "keys": keys}
    listed = parts.authenticator.revocations
    if listed is not None:  # the last good list counts, so it is told, and nobody is sent away for it
        body["revoked_tokens"] = "stale" if await listed.lost() else "ok"
    return JSONResponse(body, 200 if ready else 503, headers=NO_STORE)


async def _state(prove: Callable[[], Awaitable[None]]) -> str:
    try:
        await prove()
    except (StoreError, KeysUnavailable):
        return "away"
    return "ok"


async def _numbers(request: Request) -> Response:
    parts, drain = request.app.state.gateway.parts, request.app.state.drain
    return numbers.told(request, parts.telemetry.metrics, drain, to_all=parts.settings.development)


async def _keys(request: Request) -> Response:
    return JSONResponse(request.app.state.gateway.parts.signer.jwks(), headers={"Cache-Control": KEYS_FOR})
