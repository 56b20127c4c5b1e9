"""Media types of GraphQL over HTTP: what the request is in, and what the answer may be in. Pure."""

RESPONSE = "application/graphql-response+json"
JSON = "application/json"


def answer_type(accept: str | None) -> str | None:
    """Return the media type to answer in, or `None` if the client takes neither of the two.

    The modern type wins unless the client ranks the old one higher or names only that; no header means the modern one.
    """
    if accept is None or not accept.strip():
        return RESPONSE
    ranked = [(_quality(accept, kind), kind) for kind in (RESPONSE, JSON)]
    best = max(ranked, key=lambda one: one[0])
    return best[1] if best[0] > (0.0, 0) else None


def _quality(accept: str, wanted: str) -> tuple[float, int]:
    """Return (q, specificity) of the most specific range that matches (RFC 9110 12.5.1)."""
    found = [(specific, quality) for kind, quality in _ranges(accept) if (specific := _matches(kind, wanted))]
    if not found:
        return (0.0, 0)
    specific, quality = max(found)
    return (quality, specific if quality else 0)


def _matches(kind: str, wanted: str) -> int:
    if kind == wanted:
        return 3
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
