"""What is read off one connection: bounded in size and time, whatever is sent, and answered in order."""

import asyncio
import re
from typing import Any

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from gateway.wire import MOST_FRAME_BYTES, MOST_HEAD_BYTES, MOST_OFFERS, Wire
from tests.attacks.heads import CODINGS

pytestmark = pytest.mark.anyio
HEAD = b"POST /graphql HTTP/1.1\r\nHost: here\r\n"
GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
OFFER = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
READ = 65_536


class Line(asyncio.Transport):
    """The other end of a connection: keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 1), "peername": ("127.0.0.1", 2)})
        self.written, self.reading = b"", True
        self.ended = asyncio.Event()

    @property
    def closed(self) -> bool:
        return self.ended.is_set()

    def write(self, data: Any) -> None:
        if self.closed:
            raise RuntimeError("as uvloop says it of a connection that is gone")
        self.written += bytes(data)

    def close(self) -> None:
        self.ended.set()

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    @property
    def statuses(self) -> list[int]:
        return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3}) ", self.written)]


class Said:
    """An application that answers when the body has come, or when it is told to, and keeps the heads it saw."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        body, more = b"", True
        while more:
            message = await receive()
            more = message.get("more_body", False)
            body += message.get("body", b"")
        self.bodies.append(body)
        await self.may_answer.wait()
        await PlainTextResponse("heard")(scope, receive, send)


@pytest.fixture
def app() -> Said:
    return Said()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def wire(app: Said, line: Line) -> Wire:
    config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none", http=Wire)
    wire = Wire(config, ServerState(), {})
    wire.connection_made(line)
    return wire


async def settled() -> None:
    """Let everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_requests_are_read_one_after_another(wire: Wire, line: Line, app: Said) -> None:
    wire.data_received(HEAD + b"Content-Length: 2\r\n\r\nhe")
    await settled()
    wire.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
    await settled()
    assert (line.statuses, app.bodies, line.closed) == ([200, 200], [b"he", b"ab"], False)


@pytest.mark.parametrize(
    "head",
    [
        *(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n%s\r\n\r\n0\r\n\r\n" % one for one in CODINGS),
        *(b"POST / HTTP/1.1\r\nHost: a\r\n%s\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" % one for one in CODINGS),
        b"POST / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
        b"nothing that is HTTP\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_answered_as_no_graphql_and_ends_the_connection(
    wire: Wire, line: Line, app: Said, head: bytes
) -> None:
    wire.data_received(head)
    await settled()
    assert (line.statuses, line.closed, app.scopes) == ([400], True, [])
    assert b"\r\ncontent-type: text/plain; charset=utf-8\r\n" in line.written


async def test_an_old_client_need_not_name_the_host(wire: Wire, line: Line) -> None:
    wire.data_received(b"GET / HTTP/1.0\r\n\r\n")
    await settled()
    assert line.statuses == [200]


async def test_a_trailer_is_no_header(wire: Wire, app: Said) -> None:
    wire.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    wire.data_received(b"Authorization: Bearer x\r\n\r\n")
    await settled()
    (scope,) = app.scopes
    assert [name for name, _ in scope["headers"]] == [b"host", b"transfer-encoding"]


async def test_an_offer_of_another_protocol_is_passed_over_and_what_follows_is_read(
    wire: Wire, line: Line, app: Said
) -> None:
    wire.data_received(OFFER + GET)
    await settled()
    assert line.statuses == [200, 200]
    assert [[name for name, _ in scope["headers"]] for scope in app.scopes] == [[b"host"], [b"host"]]


async def test_a_thousand_offers_at_once_are_too_many(wire: Wire, line: Line, app: Said) -> None:
    wire.data_received(OFFER * 1000)
    await settled()
    assert line.closed
    assert len(app.scopes) <= MOST_OFFERS


@pytest.mark.parametrize(
    ("begin", "more", "status"),
    [
        (HEAD, b"A: " + b"b" * READ, 431),
        (HEAD, b"A: b\r\n" * (READ // 6), 431),
        (b"POST /graphql?", b"x" * READ, 414),
        (b"\r\n", b"\r\n" * READ, 431),
    ],
)
async def test_a_head_without_an_end_is_given_up(
    wire: Wire, line: Line, app: Said, begin: bytes, more: bytes, status: int
) -> None:
    wire.data_received(begin)
    wire.data_received(more[: MOST_HEAD_BYTES // 2])
    assert not line.closed
    wire.data_received(more)
    assert (line.statuses, line.closed, app.scopes) == ([status], True, [])


@pytest.mark.parametrize("frame", [b"0;" + b"x" * READ, b"0\r\nA: " + b"b" * READ])
async def test_frames_around_nothing_are_given_up(wire: Wire, line: Line, frame: bytes) -> None:
    wire.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    wire.data_received(frame)
    for _ in range(MOST_FRAME_BYTES // READ - 1):
        assert not line.closed
        wire.data_received(b"x" * READ)
    assert (line.statuses, line.closed) == ([400], True)


async def test_a_body_in_chunks_of_one_byte_is_read(wire: Wire, line: Line, app: Said) -> None:
    wire.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(64):
        wire.data_received(b"1\r\nx\r\n" * 1000)
    wire.data_received(b"0\r\n\r\n")
    await settled()
    assert (line.statuses, [len(one) for one in app.bodies]) == ([200], [64_000])


async def test_garbage_behind_a_request_waits_for_its_answer(wire: Wire, line: Line, app: Said) -> None:
    app.may_answer.clear()
    wire.data_received(GET + b"garbage\r\n\r\n")
    await settled()
    assert (line.statuses, line.closed) == ([], False)
    app.may_answer.set()
    await settled()
    assert (line.statuses, line.closed) == ([200], True)


@pytest.mark.parametrize(("sent", "statuses"), [(b"", []), (b"POST", [408]), (HEAD, [408]), (GET + b"GET", [200, 408])])
async def test_a_head_that_does_not_come_is_not_waited_for(
    app: Said, line: Line, monkeypatch: pytest.MonkeyPatch, sent: bytes, statuses: list[int]
) -> None:
    monkeypatch.setattr("gateway.wire.MOST_READING_SECONDS", 0.01)
    wire = Wire(uvicorn.Config(app, lifespan="off", log_config=None, ws="none", http=Wire), ServerState(), {})
    wire.connection_made(line)
    wire.data_received(sent)
    await asyncio.wait_for(line.ended.wait(), 5)
    assert line.statuses == statuses


async def test_a_body_that_does_not_end_after_its_answer_ends_the_connection(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.wire.MOST_READING_SECONDS", 0.01)
    wire = Wire(
        uvicorn.Config(PlainTextResponse("no"), lifespan="off", log_config=None, ws="none", http=Wire),
        ServerState(),
        {},
    )
    wire.connection_made(line)
    wire.data_received(HEAD + b"Content-Length: 9\r\n\r\n")
    await asyncio.wait_for(line.ended.wait(), 5)
    assert line.statuses == [200]


async def test_a_body_we_do_not_read_on_is_not_late(
    wire: Wire, line: Line, app: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.wire.MOST_READING_SECONDS", 0.01)
    waits_again = asyncio.Event()
    app.may_answer.clear()
    wire.data_received(GET)
    await settled()
    wire.data_received(HEAD + b"Content-Length: 80000\r\n\r\n" + b"x" * 70_000)
    wire._wait = waits_again.set  # type: ignore[method-assign]  # in place of the next deadline
    await asyncio.wait_for(waits_again.wait(), 5)
    app.may_answer.set()
    await settled()
    wire.data_received(b"x" * 10_000)
    await settled()
    assert (line.statuses, line.closed) == ([200, 200], False)


async def test_an_answer_nobody_waits_for_any_more_is_no_fault(
    wire: Wire, line: Line, app: Said, caplog: pytest.LogCaptureFixture
) -> None:
    app.may_answer.clear()
    wire.data_received(GET * 3)
    await settled()
    line.close()
    wire.connection_lost(None)
    app.may_answer.set()
    await settled()
    assert (line.written, len(app.scopes), caplog.records) == (b"", 1, [])


async def test_nothing_is_waited_for_when_the_other_side_has_gone(wire: Wire) -> None:
    wire.data_received(b"GET")
    wire.connection_lost(None)
    assert wire._deadline is None
