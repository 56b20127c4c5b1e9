"""What may come back over a connection, whatever was sent: known statuses in our shape, nothing that was planted."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STATUSES = frozenset({200, 294, 400, 401, 403, 404, 405, 406, 408, 413, 414, 415, 422, 429, 431, 503})
KINDS = frozenset({"application/graphql-response+json", "application/json", "text/plain"})
AWAY = frozenset({"TIMEOUT", "UNAVAILABLE"})
HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n")


@dataclass(frozen=True, slots=True)
class Reply:
    """One response off the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class NoHttp(Exception):
    """What came back is no row of responses."""


def replies(content: bytes) -> Iterator[Reply]:
    """Yield the responses in what came back; raises `NoHttp`. The last may be cut off: the connection ended."""
    while content:
        found = HEAD.match(content)
        if found is None:
            raise NoHttp(content[:200])
        lines = (line.partition(b":") for line in found[2].splitlines())
        headers = {name.decode("latin-1").lower(): text.decode("latin-1").strip() for name, _, text in lines}
        content = content[found.end() :]
        length = 0 if content.startswith(b"HTTP/1.1 ") else int(headers.get("content-length", "0"))  # as after HEAD
        yield Reply(int(found[1]), headers, content[:length])
        content = content[length:]


def named(reply: Reply) -> str:
    """Return the status of a reply and the code of its first error."""
    code = re.search(rb'"code":"(\w+)"', reply.body)
    return f"{reply.status} {code[1].decode() if code else ''}".strip()


def faults(content: bytes, secrets: Sequence[bytes]) -> list[str]:
    """Return what must not have come back."""
    found = [f"a secret came back: {one[:12]!r}…" for one in secrets if one in content]
    try:
        answers = [one for one in replies(content) if one.status != 100]
    except NoHttp as fault:
        return [*found, f"no HTTP came back: {fault}"]
    return found + [told for one in answers for told in wrong(one)]


def wrong(reply: Reply) -> Iterator[str]:
    """Yield what must not be in one reply."""
    kind = reply.headers.get("content-type", "").partition(";")[0]
    if reply.status not in STATUSES:
        yield f"status {reply.status}: {reply.body[:200]!r}"
    if kind not in KINDS:
        yield f"content type {kind!r} of a {reply.status}"
    if "server" in reply.headers:
        yield "the server is named"
    if "json" in kind and reply.body:
        yield from _misshapen(reply)


def _misshapen(reply: Reply) -> Iterator[str]:
    try:
        body = json.loads(reply.body)
    except ValueError:
        if len(reply.body) == int(reply.headers.get("content-length", len(reply.body))):
            yield f"no JSON: {reply.body[:200]!r}"
        return  # else cut off by the end of the connection
    if not isinstance(body, dict):
        yield f"misshapen: {reply.body[:200]!r}"
        return
    if body.keys() & {"keys", "status"}:
        return  # published keys, health
    errors = body.get("errors", [])
    codes = [one.get("extensions", {}).get("code") for one in errors]
    if not body.keys() <= {"data", "errors"} or not all(codes) or ("data" not in body and not errors):
        yield f"misshapen: {reply.body[:200]!r}"
    if "INTERNAL" in codes or (reply.status >= 500 and not AWAY & set(codes)):
        yield f"a fault of ours: {reply.status} {reply.body[:200]!r}"
