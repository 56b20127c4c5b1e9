"""Media types of GraphQL over HTTP: what the request is in, and what the answer may be in. Pure."""

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
ANY = "*/*"  # a client that takes whatever comes
FIRST_REFUSAL = 300  # of the statuses: there is data below it
NAMED = 3  # the specificity of a range that names its media type in full


def answer_type(accept: str | None) -> str | None:
    """Return the media type to answer in, `ANY` if the client does not say, `None` if it takes neither of the two.

    The modern type wins unless the client ranks the old one higher or names only that.
    """
    if accept is None or not accept.strip():
        return ANY
    modern, old = _quality(accept, RESPONSE), _quality(accept, JSON)
    if max(modern, old) <= (0.0, 0):
        return None
    if modern == old and modern[1] < NAMED:
        return ANY
    return RESPONSE if modern >= old else JSON


def spoken(media: str | None, status: int) -> str:
    """Return the media type of an answer with this status.

    Whoever takes anything may be an old client: it is told what it can read where there is data, and a refusal is told
    as to everybody else (GraphQL over HTTP, Accept; so do its audits want it).
    """
    if media == JSON or (media == ANY and status < FIRST_REFUSAL):
        return JSON
    return RESPONSE


def _quality(accept: str, wanted: str) -> tuple[float, int]:
    """Return (q, specificity) of the most specific range that matches (RFC 9110 12.5.1)."""
    found = [(specific, quality) for kind, quality in _ranges(accept) if (specific := _matches(kind, wanted))]
    if not found:
        return (0.0, 0)
    specific, quality = max(found)
    return (quality, specific if quality else 0)


def _matches(kind: str, wanted: str) -> int:
    if kind == wanted:
        return NAMED
    return {"application/*": 2, "*/*": 1}.get(kind, 0)


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        found.append((kind, _number(quality)))
    return found


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def is_json(content_type: str | None) -> bool:
    """Tell whether a request body is JSON in UTF-8; no other charset, no other type."""
    kind, *parameters = (piece.strip().lower() for piece in (content_type or "").split(";"))
    charset = next((piece[8:].strip('"') for piece in parameters if piece.startswith("charset=")), "utf-8")
    return kind == JSON and charset in ("utf-8", "utf8")
