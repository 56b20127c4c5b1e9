"""How one connection ends: after the answers on their way, in time, and whether or not the other side listens."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from gateway.wire import Wire
from tests.support.line import GET, HEAD, Line, Said, settled, wired

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
