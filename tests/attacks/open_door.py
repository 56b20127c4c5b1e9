"""Stock Strawberry, open to whoever shows a token: a tool that finds nothing there would find nothing anywhere."""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL

TOKEN = "open"


@strawberry.type
class Device:
    """Something to be found."""

    id: str
    name: str


@strawberry.type
class Query:
    """A root to be found."""

    @strawberry.field
    def devices(self) -> list[Device]:
        """Return what there is."""
        return []


class Door:
    """Sends away who shows no token, as a gateway does."""

    def __init__(self) -> None:
        """Make what stands behind it."""
        self._behind = GraphQL(strawberry.Schema(Query))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in whoever shows it."""
        shown = Request(scope).headers.get("authorization") == f"Bearer {TOKEN}"
        app = self._behind if shown else JSONResponse({"errors": [{"message": "show a token"}]}, 401)
        await app(scope, receive, send)


@contextmanager
def open_door() -> Iterator[str]:
    """Serve it in a process of its own; yields where."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()  # whoever comes before the server waits for it
        serving = (sys.executable, "-m", "tests.attacks.open_door", str(bound.fileno()))
        process = subprocess.Popen(serving, pass_fds=(bound.fileno(),))
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}/graphql"
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    logging.getLogger("strawberry.execution").disabled = True  # tools send little but faults
    uvicorn.run(Starlette(routes=[Route("/graphql", Door())]), fd=int(sys.argv[1]), log_level="error", log_config=None)
