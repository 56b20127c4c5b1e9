"""A small HTTP/1.1 client that keeps its connections: it loads a server and times each answer, and is not measured."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

WAIT_SECONDS = 30.0  # no answer takes so long; a server that hangs ends the run


class BadAnswer(Exception):
    """An answer that is not the one the measurement is about: measuring it would say nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is asked."""

    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> "Place":
        """Return the place a URL names."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or 80, parts.path)


def request(place: Place, body: Mapping[str, Any], token: str = "") -> bytes:
    """Return a POST as it goes over the wire, with every header a GraphQL client sends."""
    content = json.dumps(body).encode()
    lines = [
        f"POST {place.path} HTTP/1.1",
        f"Host: {place.host}:{place.port}",
        "Content-Type: application/json",
        "Accept: application/graphql-response+json, application/json",
        f"Content-Length: {len(content)}",
        *([f"Authorization: Bearer {token}"] if token else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


class Line:
    """One connection that is kept: sends a request and times its answer."""

    def __init__(self, place: Place) -> None:
        """Hold where to connect to."""
        self._place = place

    async def __aenter__(self) -> "Line":
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._place.host, self._place.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        self._writer.close()

    async def timed(self, sent: bytes) -> float:
        """Return the seconds until the good answer to a request; raises `BadAnswer`."""
        began = time.perf_counter()
        body = None
        while body is None:
            self._writer.write(sent)
            body = await _body(self._reader)
        return time.perf_counter() - began


async def answers(place: Place, sent: Sequence[bytes], connections: int) -> list[tuple[float, bytes]]:
    """Send every request over so many connections, each as soon as its connection is free.

    Returns seconds and body of each answer, in the order the requests were given; raises `BadAnswer`.
    """
    found: list[tuple[float, bytes]] = [(0.0, b"")] * len(sent)
    waiting = iter(enumerate(sent))
    async with asyncio.timeout(WAIT_SECONDS + len(sent)), asyncio.TaskGroup() as group:
        for _ in range(min(connections, len(sent))):
            group.create_task(_worked(place, waiting, found))
    return found


async def _worked(place: Place, waiting: Iterator[tuple[int, bytes]], found: list[tuple[float, bytes]]) -> None:
    reader, writer = await asyncio.open_connection(place.host, place.port)
    try:
        for number, sent in waiting:
            began = time.perf_counter()
            body = None
            while body is None:
                writer.write(sent)
                body = await _body(reader)
            found[number] = (time.perf_counter() - began, body)
    finally:
        writer.close()


async def _body(reader: asyncio.StreamReader) -> bytes | None:
    """Return the body of a good answer, which states its length, or `None` where the store did not answer in time.

    That happens where other programs keep CPU or disk busy for seconds. It is said aloud and asked again, and the whole
    wait counts as the answer's.
    """
    async with asyncio.timeout(WAIT_SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((line[15:] for line in lines if line.startswith(b"content-length:")), b"0")
        body = await reader.readexactly(int(length))
    if b" 503 " in lines[0]:
        sys.stderr.write("an answer did not come in time, the machine is busy; asking again\n")
        return None
    if b" 200 " not in lines[0] or body.startswith(b'{"errors"'):
        raise BadAnswer(f"{lines[0].decode()}: {body[:500].decode(errors='replace')}")
    return body


async def asked(place: Place, body: Mapping[str, Any], token: str = "") -> dict[str, Any]:
    """Send one request and return the data of its answer; raises `BadAnswer`."""
    ((_, content),) = await answers(place, [request(place, body, token)], 1)
    found = json.loads(content)
    if "errors" in found:
        raise BadAnswer(str(found["errors"]))
    return dict(found["data"])
