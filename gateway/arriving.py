"""What a request must be before anybody asks what it says: its method, address, headers, coding, size, and its time."""

from starlette.requests import Request

from gateway.answers import Refusal
from gateway.asked import Asked, BadRequest, NotJson, read
from gateway.authn import in_address
from gateway.negotiation import is_json
from graph.terms import Signal

MOST_BYTES = 65_536  # 64 KiB: the costliest honest request is under 8 KiB (page 8)
MOST_HEADER_BYTES = 16_384  # a token is at most 8 KiB; nothing else needs as much
MOST_ADDRESS_BYTES = 8_000  # what RFC 9110 4.1 asks everyone to take; a POST to one path needs eight
WRITTEN_DOWN = "a token in an address is written down on its way: get a new one and send it as `Authorization`"


def acceptable(request: Request) -> None:
    """Refuse another method, an address or headers that are too long, and a token in the address."""
    if request.method != "POST":
        raise Refusal("BAD_REQUEST", "send a POST", 405, {"Allow": "POST"})
    if len(request.scope["path"]) + len(request.scope["query_string"]) > MOST_ADDRESS_BYTES:
        raise Refusal("BAD_REQUEST", f"the address is over {MOST_ADDRESS_BYTES} bytes; ask in the body", 414)
    if sum(len(name) + len(value) for name, value in request.headers.raw) > MOST_HEADER_BYTES:
        raise Refusal("BAD_REQUEST", f"headers are over {MOST_HEADER_BYTES} bytes; send fewer", 431)
    if in_address(request.scope.get("query_string", b"")):  # RFC 6750, 5.3
        raise Refusal("BAD_REQUEST", WRITTEN_DOWN, softens=False)


def readable(request: Request) -> None:
    """Refuse a body whose type or coding nobody reads here (RFC 9110 15.5.16)."""
    if not is_json(header(request, "content-type")):
        raise Refusal("BAD_REQUEST", "send a body of type `application/json` in UTF-8", 415)
    if (header(request, "content-encoding") or "identity").strip().lower() != "identity":
        raise Refusal("BAD_REQUEST", "send the body as it is, not compressed", 415, {"Accept-Encoding": "identity"})


def header(request: Request, name: str) -> str | None:
    """Return a header, as one line if there are several, or `None`."""
    found = request.headers.getlist(name)
    return ", ".join(found) if found else None


def signals_of(request: Request) -> frozenset[Signal]:
    """Return the signals carried: one exact `1` is enough, alone or among the members of a folded line (gpc)."""
    said = [part.strip() for line in request.headers.getlist("sec-gpc") for part in line.split(",")]
    return frozenset({Signal.GPC}) if "1" in said else frozenset()


async def body_of(request: Request) -> bytes:
    """Read a body; raises `Refusal` for one that is too large, before it is read where it says so itself."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise _too_large()
    chunks, size = [], 0
    request.state.reading = True
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise _too_large()
        chunks.append(chunk)
    request.state.reading = False
    return b"".join(chunks)


def _too_large() -> Refusal:
    return Refusal("PAYLOAD_TOO_LARGE", f"the body is over {MOST_BYTES} bytes; send a smaller one")


def read_from(body: bytes) -> Asked:
    """Return what a body asks; raises `Refusal` for one that is no request."""
    try:
        return read(body)
    except BadRequest as fault:
        status = 400 if isinstance(fault, NotJson) else 422
        raise Refusal("BAD_REQUEST", str(fault), status, softens=False) from None


def came_late(fault: Exception, request: Request) -> Refusal | None:
    """Return the refusal of a body that did not come, or an operation that had no turn, in time; else `None`."""
    if not isinstance(fault, TimeoutError):
        return None
    if getattr(request.state, "reading", False):
        return Refusal("TIMEOUT", "the body did not come in time; send it at once", 408, {"Connection": "close"})
    if getattr(request.state, "waiting", False):
        return Refusal("UNAVAILABLE", "other operations of yours take long, and this one was not begun; try again")
    return None
