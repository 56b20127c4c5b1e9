"""What is read off one connection: bounded in size, whatever is sent, and answered in order."""

import pytest

from gateway.wire import MOST_FRAME_BYTES, MOST_HEAD_BYTES, MOST_OFFERS, Wire
from tests.attacks.heads import CODINGS
from tests.support.line import GET, HEAD, Line, Said, settled, wired

pytestmark = pytest.mark.anyio
OFFER = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
READ = 65_536
HOSTS = (b"", b"here", b"HERE:8080", b"a_b.example:", b"127.0.0.1:1", b"[::1]:8080", b"[::ffff:192.0.2.1]", b"here ")
NO_HOSTS = (b"a b", b"a/b", b"me@a", b"a:b", b"[::1", b"a:1:2", b"\xff", b"a?b", b"a#b", b"a\\b", b"<a>")


@pytest.fixture
def app() -> Said:
    return Said()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def wire(app: Said, line: Line) -> Wire:
    return wired(app, line)


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
        *(b"POST / HTTP/1.1\r\nHost: %s\r\n\r\n" % one for one in NO_HOSTS),
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


@pytest.mark.parametrize("host", HOSTS)
async def test_a_host_is_a_name_or_an_address_and_maybe_a_port(wire: Wire, line: Line, host: bytes) -> None:
    wire.data_received(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % host)
    await settled()
    assert line.statuses == [200]


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


async def test_an_old_clients_offer_is_passed_over_too(wire: Wire, line: Line) -> None:
    wire.data_received(b"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    await settled()
    assert (line.statuses, line.closed) == ([200], True)


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
