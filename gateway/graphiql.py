"""GraphiQL as we serve it: the files of one page, what it may load, and the documents to begin with; no data."""

from collections.abc import Iterable
from importlib.resources import files

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.examples import Example

PATH = "/graphiql"
# Nothing inline, nothing evaluated, nothing from elsewhere; `data:` are the page's own icons, in its style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
EXAMPLES = "examples.json"
TYPES = {
    "index.html": "text/html; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "LICENSES.txt": "text/plain; charset=utf-8",
}


def routes(examples: Iterable[Example]) -> list[Route]:
    """Return the routes of the page: each of its files, read once, and the documents it begins with."""
    folder = files("gateway").joinpath("pages", "graphiql")
    found = {name: (folder.joinpath(name).read_bytes(), kind) for name, kind in TYPES.items()}
    found[EXAMPLES] = (msgspec.json.encode(tuple(examples)), "application/json")
    return [
        _route(PATH, *found["index.html"]),
        *(_route(f"{PATH}/{name}", content, kind) for name, (content, kind) in found.items()),
    ]


def _route(path: str, content: bytes, kind: str) -> Route:
    """Answer with one content; a browser asks for it anew each time, for it belongs to the version that runs."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",  # who opened it cannot put another page in its place
    }

    async def kept(_: Request) -> Response:
        return Response(content, media_type=kind, headers=headers)

    return Route(path, kept)
