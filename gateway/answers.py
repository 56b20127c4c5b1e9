"""Answers over HTTP: status, media type, headers, and errors masked to a stable code; nothing internal leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import GraphQLError
from starlette.responses import Response

from gateway.negotiation import JSON, spoken
from graph.errors import StoreUnavailable
from resolvers.problems import BadUserInput

# Statuses an old client is told as well: the body of the others would be thrown away by it, so it gets 200 (4.4).
ALWAYS = frozenset({401, 403, 405, 406, 408, 413, 414, 415, 429, 431, 503})

STATUS: Mapping[str, int] = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "BAD_REQUEST": 400,
    "GRAPHQL_PARSE_FAILED": 400,
    "GRAPHQL_VALIDATION_FAILED": 422,
    "BAD_USER_INPUT": 422,
    "PERSISTED_DOCUMENT_NOT_FOUND": 400,
    "PERSISTED_DOCUMENT_REQUIRED": 403,
    "COST_LIMIT_EXCEEDED": 422,
    "RATE_LIMITED": 429,
    "PAYLOAD_TOO_LARGE": 413,
    "TIMEOUT": 503,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
}


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """A request that gets no data: its code, what to do, and a status of its own where the code's does not fit."""

    code: str
    message: str
    status: int | None = None
    headers: Mapping[str, str] | None = None
    locations: tuple[dict[str, Any], ...] = ()
    others: tuple[dict[str, Any], ...] = ()
    softens: bool = True  # an old client is told with 200, unless its status is one of ALWAYS

    def body(self, trace: str) -> dict[str, Any]:
        """Return the body: errors and no data."""
        first: dict[str, Any] = {"message": self.message, "extensions": extensions(self.code, trace)}
        if self.locations:
            first["locations"] = list(self.locations)
        return {"errors": [first, *self.others]}


def refused(refusal: Refusal, media: str | None, trace: str) -> Response:
    """Return the answer of a refusal in the media type asked for."""
    status = refusal.status or STATUS[refusal.code]
    soft = media == JSON and refusal.softens and (status not in ALWAYS or refusal.code == "PERSISTED_DOCUMENT_REQUIRED")
    return answer(refusal.body(trace), 200 if soft else status, media, trace, refusal.headers)


def answer(
    body: Mapping[str, Any], status: int, media: str | None, trace: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON answer that no cache keeps."""
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type=f"{spoken(media, status)}; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Trace-Id": trace, **(headers or {})},
    )


def told(error: GraphQLError, trace: str) -> dict[str, Any]:
    """Return one error of an execution as the caller may see it; a fault is told by its trace id alone."""
    code, message = _masked(error, trace)
    found: dict[str, Any] = {"message": message, "extensions": extensions(code, trace)}
    if error.path:
        found["path"] = list(error.path)
    if error.locations:
        found["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    return found


def extensions(code: str, trace: str) -> dict[str, str]:
    """Return what a machine is told of an error: its code, and of a fault the trace id and nothing else."""
    return {"code": code, "traceId": trace} if code == "INTERNAL" else {"code": code}


def _masked(error: GraphQLError, trace: str) -> tuple[str, str]:
    cause = error.original_error
    if isinstance(cause, StoreUnavailable):
        return "UNAVAILABLE", "the store does not answer; try again"
    if isinstance(cause, BadUserInput):
        return "BAD_USER_INPUT", str(cause)
    if cause is None or isinstance(cause, GraphQLError):
        return str((error.extensions or {}).get("code", "BAD_USER_INPUT")), error.message
    return "INTERNAL", f"something failed here; report trace `{trace}`"


def is_fault(error: GraphQLError) -> bool:
    """Tell whether we erred: what is logged."""
    cause = error.original_error
    return cause is not None and not isinstance(cause, StoreUnavailable | BadUserInput | GraphQLError)


def is_unavailable(errors: Sequence[GraphQLError]) -> bool:
    """Tell whether the store failed under an execution: then nothing of it is sent."""
    return any(isinstance(error.original_error, StoreUnavailable) for error in errors)
