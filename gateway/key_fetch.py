"""Reads a key set once, from a file or a URL: bounded in bytes and in time, whatever the other side does."""

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import SHUT_RDWR, create_connection, socket
from threading import Timer
from time import monotonic
from typing import IO, Any

from gateway.settings import is_loopback

FETCH_SECONDS = 2.0  # an issuer that takes longer is down; requests wait for it, once
MOST_BYTES = 65_536  # a set of 32 keys with certificates is half of it


class _Line:
    """The connection of one fetch, hung up when its time is over.

    A time-out of a socket begins anew with each byte: an issuer that sends one a second would hold the thread that
    reads for hours, and every try after it another one.
    """

    def __init__(self) -> None:
        self._sockets: list[socket] = []
        self._over = False

    def connecting(self, kind: type[http.client.HTTPConnection]) -> type[http.client.HTTPConnection]:
        """Return a kind of connection that is this line's from its first byte: a proxy may drip before it stands."""
        line = self

        class Connection(kind):  # type: ignore[misc,valid-type]  # a class made of another is more than mypy follows
            def __init__(self, *place: Any, **more: Any) -> None:
                super().__init__(*place, **more)
                self._create_connection = line.connected

            def connect(self) -> None:
                super().connect()
                line.holds(self.sock)

        return Connection

    def connected(self, *place: Any, **more: Any) -> socket:
        """Connect, as `socket.create_connection` does; raises `OSError` if that took too long."""
        return self.holds(create_connection(*place, **more))

    def holds(self, one: socket) -> socket:
        """Return a socket that will be hung up; raises `OSError` if time is over already."""
        self._sockets.append(one)
        if self._over:
            one.close()
            raise OSError("the key set is too slow")
        return one

    @contextmanager
    def until(self, seconds: float) -> Iterator[None]:
        """Hang up after so many seconds."""
        timer = Timer(seconds, self.hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def hang_up(self) -> None:
        """Shut what is connected, and let nothing more be."""
        self._over = True
        for one in self._sockets:
            with suppress(OSError):  # it was closed a moment ago
                one.shutdown(SHUT_RDWR)


class _Connections(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Makes connections the line can hang up; who is at the other end is proven by the system's certificates."""

    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: urllib.request.Request) -> Any:
        """Open a connection and send the request."""
        return self.do_open(self._line.connecting(http.client.HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> Any:
        """Open a connection and send the request."""
        context = ssl.create_default_context()
        return self.do_open(self._line.connecting(http.client.HTTPSConnection), req, context=context)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow nobody: the address of the keys is a setting."""

    def redirect_request(self, *_: object) -> None:
        """Refuse each redirect."""


def read(path: Path, seconds: float = FETCH_SECONDS) -> bytes:
    """Read a file; raises `OSError` for one that is not there, too large or too slow."""
    with path.open("rb") as file:
        return _bounded(file, monotonic() + seconds)


def fetched(address: str, seconds: float = FETCH_SECONDS) -> bytes:
    """Fetch a key set; raises `OSError` or `HTTPException` for anything but an answer in time."""
    request = urllib.request.Request(address, headers={"Accept": "application/jwk-set+json, application/json"})  # noqa: S310 the scheme is checked by `key_source`
    line, deadline = _Line(), monotonic() + seconds
    opener = urllib.request.build_opener(_NoRedirects, _Connections(line), *_proxies(address))
    with line.until(seconds):
        try:
            with opener.open(request, timeout=seconds) as answer:
                found = _bounded(answer, deadline)
                if answer.length:
                    raise OSError("the key set was cut off")
                return found
        except urllib.error.HTTPError as refusal:
            refusal.close()  # it holds the connection
            raise


def _proxies(address: str) -> list[urllib.request.BaseHandler]:
    """Return what keeps a proxy of the environment away from loopback addresses."""
    return [urllib.request.ProxyHandler({})] if is_loopback(address) else []


def _bounded(stream: IO[bytes], deadline: float) -> bytes:
    """Read at most `MOST_BYTES` until the deadline; what was hung up on is not the whole of it."""
    found, ended = b"", False
    while not ended:
        chunk = stream.read1(MOST_BYTES) if hasattr(stream, "read1") else stream.read(MOST_BYTES)
        found, ended = found + chunk, not chunk
        if len(found) > MOST_BYTES or monotonic() > deadline:
            raise OSError("the key set is too large or too slow")
    return found
