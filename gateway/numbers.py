"""The door to the numbers: `/metrics` on an address of its own, and in development on the common one."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.drain import Drain
from gateway.exposition import Gauges, exposition, media_type
from gateway.metrics import Metrics

PATH = "/metrics"
MARK = "consent_gateway.operators"  # in the scope of what came in by the operators' own address
NOT_FOUND = PlainTextResponse("Not Found", 404)


class OperatorsOnly:
    """Lets in who asks for the numbers, marked as the operator's; nothing else of the application is there."""

    def __init__(self, app: ASGIApp) -> None:
        """Hold the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        wanted = scope["type"] == "http" and scope["path"] == PATH
        await (self._app({**scope, MARK: True}, receive, send) if wanted else NOT_FOUND(scope, receive, send))


def told(request: Request, metrics: Metrics, drain: Drain, *, to_all: bool) -> Response:
    """Return the numbers as they stand, for the operator; to all others there is no such page."""
    if not (to_all or request.scope.get(MARK)):
        return NOT_FOUND
    media = media_type(request.headers.get("accept", ""))
    shown = exposition(metrics, _gauges(drain), media)
    return Response(shown, headers={"Content-Type": media, "Cache-Control": "no-store"})


def _gauges(drain: Drain) -> Gauges:
    return {
        "consent_gateway.in_flight": ("operations in flight", drain.in_flight),
        "consent_gateway.draining": ("1 while the gateway ends", int(drain.begun)),
    }
