import io
import json
import logging
import sys
import threading
import warnings

import pytest

from gateway.logs import FieldNotAllowed, JsonLines, catch_crashes, configure, faults

CANARY = "canary-172.4"


@pytest.fixture
def stream():
    """Give all logging to a text for one test."""
    root, found = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    configure(found)
    yield found
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(message=CANARY):
    raise ValueError(message)


def test_a_line_is_one_json_object_of_plain_words_and_listed_fields(stream):
    logging.getLogger("gateway.http").info("answered", extra={"status": 200, "duration_ms": 1.5, "code": "OK"})
    (line,) = lines(stream)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "gateway.http",
        "event": "answered",
        "status": 200,
        "duration_ms": 1.5,
        "code": "OK",
    }


def test_what_is_not_on_the_list_does_not_leave(stream):
    logging.getLogger("gateway").info("answered", extra={"height": CANARY, "status": [CANARY], "code": "x" * 500})
    assert CANARY not in stream.getvalue()
    assert len(lines(stream)[0]["code"]) == 128


@pytest.mark.parametrize("event", [f"height {CANARY}", "height is 172", "Height", "x" * 100, ""])
def test_words_that_could_be_a_value_do_not_leave(stream, event):
    logging.getLogger("gateway").warning(event)
    assert lines(stream)[0]["event"].startswith("test_logs:")


def test_arguments_and_messages_of_others_do_not_leave(stream):
    logging.getLogger("gateway").info("said %s", CANARY)
    logging.getLogger("uvicorn.error").warning("said " + CANARY)
    logging.getLogger("neo4j").error("said %s", CANARY)
    assert CANARY not in stream.getvalue()
    assert [line["logger"] for line in lines(stream)] == ["gateway", "uvicorn.error", "neo4j"]


def test_an_exception_is_told_by_type_and_place(stream):
    try:
        try:
            fail()
        except ValueError as cause:
            raise RuntimeError(CANARY) from cause
    except RuntimeError:
        logging.getLogger("gateway").exception("fault", extra={"trace_id": "f" * 32})
    (line,) = lines(stream)
    assert CANARY not in stream.getvalue()
    assert [one["type"] for one in line["faults"]] == ["RuntimeError", "ValueError"]
    assert (
        line["faults"][1]["at"][-1].startswith("tests.gateway.test_logs:fail:") or "fail" in line["faults"][1]["at"][-1]
    )
    assert line["trace_id"] == "f" * 32


def test_an_exception_of_several_is_told_with_each():
    group = ExceptionGroup(CANARY, [ValueError(CANARY), KeyError(CANARY)])
    (found,) = faults(group)
    assert [one[0]["type"] for one in found["of"]] == ["ValueError", "KeyError"]
    assert CANARY not in json.dumps(found)


def test_causes_that_go_round_end():
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert len(faults(one)) == 4


def test_a_warning_is_a_line_without_its_text(stream):
    with pytest.warns(UserWarning, match=CANARY):
        warnings.warn(CANARY, UserWarning, stacklevel=1)
    assert CANARY not in stream.getvalue()


def test_strict_lines_raise_for_what_would_be_dropped():
    strict = JsonLines(strict=True)
    for changes in ({"msg": f"height {CANARY}"}, {"msg": "answered", "height": 1}):
        record = logging.makeLogRecord({"name": "gateway", "levelname": "INFO"} | changes)
        with pytest.raises(FieldNotAllowed):
            strict.format(record)
    assert strict.format(logging.makeLogRecord({"name": "uvicorn", "msg": "x", "color_message": "y"}))


def test_a_line_that_cannot_be_written_is_an_error_in_a_test_and_silence_in_production(stream, capsys):
    log = logging.getLogger("gateway")
    broken = io.StringIO()
    broken.close()
    configure(broken)
    log.error("fault")
    assert capsys.readouterr() == ("", "")
    configure(io.StringIO(), strict=True)
    with pytest.raises(FieldNotAllowed):
        log.error("fault", extra={"height": CANARY})


def test_a_crash_is_a_line_without_its_text(stream, monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    catch_crashes()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError:
        sys.excepthook(*sys.exc_info())
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert [line["event"] for line in lines(stream)] == ["crashed", "crashed"]
    assert CANARY not in stream.getvalue() + "".join(capsys.readouterr())
