"""Which pages of other origins may read answers: those of a list, without credentials a browser keeps (CORS)."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = {"/graphql": "POST", "/.well-known/jwks.json": "GET"}
# What a page may send beside what the protocol always lets it; a browser says `Sec-GPC` by itself, others may.
SENT = "Authorization, Content-Type, DPoP, Sec-GPC, Traceparent, Tracestate"
SHOWN = "RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Trace-Id"
PREFLIGHT_SECONDS = "600"  # of a list that changes with a restart; browsers keep it two hours at most


class WithOrigins:
    """Answers a preflight of an origin on the list, and tells its browser that it may read; others hear nothing."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        """Hold the application and the origins, each exactly as a browser writes it."""
        self._app, self._allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or add what the browser is told."""
        if scope["type"] != "http" or scope["path"] not in METHODS:
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        origin = self._origin(asked)
        if origin and scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            await _preflight(scope["path"], origin)(scope, receive, send)
            return
        told = [(b"vary", b"Origin"), *(_readable(origin) if origin else ())]

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await self._app(scope, receive, adding)

    def _origin(self, asked: Headers) -> str | None:
        """Return the origin asking if it is on the list and the only one named."""
        named = asked.getlist("origin")
        return named[0] if len(named) == 1 and named[0] in self._allowed else None


def _readable(origin: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", SHOWN.encode()),
    )


def _preflight(path: str, origin: str) -> Response:
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": METHODS[path],
        "Access-Control-Allow-Headers": SENT,
        "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        "Cache-Control": "no-store",
        "Vary": "Origin",
    }
    return Response(status_code=204, headers=headers)
