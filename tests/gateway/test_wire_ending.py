"""How one connection ends: after the answers on their way, in time, and whether or not the other side listens."""

import asyncio
import socket

import pytest
from starlette.responses import PlainTextResponse

from gateway.wire import Wire
from tests.support.line import GET, HEAD, Line, Said, settled, unwired, wired

pytestmark = pytest.mark.anyio


@pytest.fixture
def app() -> Said:
    return Said()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def wire(app: Said, line: Line) -> Wire:
    return wired(app, line)


async def test_garbage_behind_a_request_waits_for_its_answer(wire: Wire, line: Line, app: Said) -> None:
    app.may_answer.clear()
    wire.data_received(GET + b"garbage\r\n\r\n")
    await settled()
    assert (line.statuses, line.closed) == ([], False)
    app.may_answer.set()
    await settled()
    assert (line.statuses, line.closed) == ([200], True)


async def test_a_body_that_breaks_off_behind_requests_waits_for_their_answers_and_gets_none(
    wire: Wire, line: Line, app: Said
) -> None:
    app.may_answer.clear()
    wire.data_received(GET * 2 + HEAD + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n")
    await settled()
    assert (line.statuses, line.closed) == ([], False)
    app.may_answer.set()
    await settled()
    wire.data_received(GET)
    await settled()
    assert (line.statuses, line.closed, len(app.scopes)) == ([200, 200], True, 2)


@pytest.mark.parametrize(("sent", "statuses"), [(b"", []), (b"POST", [408]), (HEAD, [408]), (GET + b"GET", [200, 408])])
async def test_a_head_that_does_not_come_is_not_waited_for(
    app: Said, line: Line, monkeypatch: pytest.MonkeyPatch, sent: bytes, statuses: list[int]
) -> None:
    monkeypatch.setattr("gateway.wire.MOST_READING_SECONDS", 0.01)
    wire = wired(app, line)
    wire.data_received(sent)
    await asyncio.wait_for(line.ended.wait(), 5)
    assert line.statuses == statuses


async def test_a_body_that_does_not_end_after_its_answer_ends_the_connection(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.wire.MOST_READING_SECONDS", 0.01)
    wire = wired(PlainTextResponse("no"), line)
    wire.data_received(HEAD + b"Content-Length: 9\r\n\r\n")
    await asyncio.wait_for(line.ended.wait(), 5)
    assert line.statuses == [200]


async def test_a_body_that_breaks_off_after_its_answer_gets_no_second_one(line: Line) -> None:
    wire = wired(PlainTextResponse("no"), line)
    wire.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    await settled()
    wire.data_received(b"no size\r\n")
    assert (line.statuses, line.closed) == ([200], True)


@pytest.mark.parametrize(
    ("untaken", "closed"),
    [
        ([1, 1], True),
        ([90_000, 90_000], True),
        ([90_000, 85_000], True),
        ([90_000, 81_000, 70_000, 9_000, 0, 0, 0], False),
        ([0, 5_000, 0, 5_000, 0], False),
    ],
)
async def test_who_does_not_take_what_was_answered_is_cut_off(
    wire: Wire, line: Line, untaken: list[int], closed: bool
) -> None:
    for left in untaken:
        line.untaken = left
        wire._watch()  # as the clock has it every ten seconds
    wire.connection_lost(None)
    assert line.aborted is closed


async def test_who_asks_on_has_taken_what_was_answered(wire: Wire, line: Line) -> None:
    for _ in range(3):
        wire.data_received(GET)
        await settled()
        line.untaken = 5_000
        wire._watch()
    wire.connection_lost(None)
    assert not line.aborted


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


async def test_who_reads_nothing_over_a_real_connection_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.wire.TAKING_SECONDS", 0.1)
    ended = asyncio.Event()
    more_than_a_system_takes = PlainTextResponse("x" * 32 * 2**20)

    class Watched(Wire):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            ended.set()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: unwired(more_than_a_system_takes, Watched), "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()) as deaf:
        deaf.sendall(GET)
        await asyncio.wait_for(ended.wait(), 5)
    server.close()
    await server.wait_closed()
