"""HTTP/1.1 off the wire, where the server's own reader does not do what RFC 9110 and 9112 say, or waits for ever."""

import asyncio
import re
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

# What speaks of this connection's protocol alone: gone when an offer to change it is not taken.
OF_THE_OFFER = frozenset({b"connection", b"http2-settings", b"upgrade"})
HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[\w.~%!$&'()*+,;=-]*)(:\d*)?", re.ASCII)  # RFC 3986 3.2.2
MOST_OFFERS = 8  # in what came at once: each is read again together with all that follows it
MOST_HEAD_BYTES = 32_768  # of a head that is not whole: twice what the endpoint reads and answers with a code
MOST_FRAME_BYTES = 1_048_576  # around a body: each byte of 64 KiB may come in a chunk of its own
MOST_READING_SECONDS = 10.0  # for one whole request; the endpoint itself gives up on a body in half of it
TAKING_SECONDS = 10.0  # after which we look again how much of its answers the other side has taken
LEAST_TAKEN_BYTES = 8_192  # in that time, or all there is: the slowest line anybody has is faster


class Wire(HttpToolsProtocol):
    """Reads requests, one after another, off one connection; what is none is answered in plain text, and the last.

    A trailer is no header: no signal and no token comes that way (6.5.1). An offer of another protocol is passed over
    (7.8): Java's client makes one with its first request, and the parser stops there, before the body.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        """Hold what the server gives."""
        super().__init__(*arguments, **more)
        self._answering: RequestResponseCycle | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._begun = self._heard = 0  # heads that began on this connection, and those that ended
        self._heading = True  # the next byte belongs to a head
        self._beside = self._bodied = 0  # bytes of one request that are no body; bytes of body in one reading
        self._deaf = False  # nothing more is read: what came was no request
        self._watching: asyncio.TimerHandle | None = None
        self._untaken = (0, 0)  # heads that had ended, and bytes that waited to be taken, when we last looked

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the server's own
        """Wait for the first request, and not for ever."""
        super().connection_made(transport)
        self._wait()
        self._watching = self.loop.call_later(TAKING_SECONDS, self._watch)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more; whoever still makes an answer is told, not only the last of them."""
        self._rest()
        if self._watching is not None:
            self._watching.cancel()
        for cycle in (self._answering, *(waiting for waiting, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a request with an offer that is not taken is read again without it."""
        if self._deaf:
            return None
        self._unset_keepalive_if_required()
        begun, self._bodied = self._begun, 0
        for _ in range(MOST_OFFERS):
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = self._without_offer() + data[offer.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
            except httptools.HttpParserError:
                return self._refuse(HTTPStatus.BAD_REQUEST)
            else:
                return self._measure(0 if self._begun > begun else len(data) - self._bodied)
        return self._refuse(HTTPStatus.BAD_REQUEST)

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._begun, self._heading, self._beside = self._begun + 1, True, 0
        self._wait()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field of the head; those that come after the body nobody looks at."""
        if self._heading:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer; a request that does not say once which host it means is none (9112 3.2)."""
        if self.parser.get_method() == b"CONNECT":
            raise ValueError("this is no proxy")  # the parser makes it a request that cannot be read
        hosts = [value.strip() for name, value in self.headers if name == b"host"]
        named = len(hosts) == 1 and HOST.fullmatch(hosts[0])
        if not named and (hosts or self.parser.get_http_version() == "1.1"):
            raise ValueError("which host?")
        if not self.parser.should_upgrade():
            super().on_headers_complete()
            self._heading, self._heard = False, self._heard + 1

    def on_body(self, body: bytes) -> None:
        """Pass on a piece of the body."""
        self._bodied += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of a body that was read."""
        if not self.parser.should_upgrade():
            super().on_message_complete()
            self._heading, self._beside = True, 0
            self._rest()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _without_offer(self) -> bytes:
        """Return the head of the request as it was read, but for what offers another protocol."""
        kept = [(name, value) for name, value in self.headers if name not in OF_THE_OFFER]
        if any(name == b"connection" and b"close" in value.lower() for name, value in self.headers):
            kept.append((b"connection", b"close"))
        version = self.parser.get_http_version().encode()
        lines = [b" ".join((self.parser.get_method(), self.url, b"HTTP/" + version))]
        return b"\r\n".join([*lines, *(name + b": " + value for name, value in kept), b"", b""])

    def _measure(self, beside: int) -> None:
        """Count what came beside a body: a head without an end, or frames with nearly nothing in them, fill memory."""
        self._beside += beside
        if self._heading and self._beside > MOST_HEAD_BYTES:
            long = len(self.url) > MOST_HEAD_BYTES // 2 if self._begun else False
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG if long else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._beside > MOST_FRAME_BYTES:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _wait(self) -> None:
        self._rest()
        self._deadline = self.loop.call_later(MOST_READING_SECONDS, self._late)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        """End a connection whose request does not end, unless it is we who do not read on."""
        if self.flow.read_paused:
            self._wait()
        elif self._begun and self._heading:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()  # nothing came, or what came was answered long ago

    def _watch(self) -> None:
        """Cut off who takes nothing of what was answered: even a connection that is closed waits for that to go."""
        heard, before = self._untaken
        self._untaken = (self._heard, self.transport.get_write_buffer_size())
        left = self._untaken[1]
        if before and left > max(before - LEAST_TAKEN_BYTES, 0) and heard == self._heard:
            self.transport.abort()
        else:
            self._watching = self.loop.call_later(TAKING_SECONDS, self._watch)

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why nothing more is read here and end the connection, answers on their way before it first."""
        self._deaf, last = True, self._last_whole()
        if last is not None:
            last.keep_alive = False
            self.flow.pause_reading()
        elif not self._heading and self.cycle.response_started:
            self.transport.close()  # what breaks off has its answer, and is given no second one
        else:
            told = status.phrase.encode()
            head = (f"HTTP/1.1 {status.value} {status.phrase}", "content-type: text/plain; charset=utf-8")
            more = ("cache-control: no-store", f"content-length: {len(told)}", "connection: close", "", "")
            self.transport.write("\r\n".join((*head, *more)).encode() + told)
            self.transport.close()

    def _last_whole(self) -> RequestResponseCycle | None:
        """Return the last request that came whole, if it waits for an answer; one behind it that breaks off is gone."""
        if self._heading:
            return self.cycle if self._heard and not self.cycle.response_complete else None
        if not self.pipeline:
            return None
        self.pipeline.popleft()
        return self.pipeline[0][0] if self.pipeline else self._answering
