"""Logs: one JSON object a line, fields from a list, faults by type and place; no text that could hold a value."""

import json
import logging
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any

from graph.formats import written

OURS = ("gateway", "schema", "resolvers", "graph")  # loggers whose message is a constant of ours
EVENT = re.compile(r"[a-z][a-z ,'-]{0,79}")  # plain words: a value does not look like that
FIELDS = frozenset(
    {
        *("trace_id", "audience", "recipient", "channel", "purpose", "code", "status", "fault", "document"),
        *(
            "duration_ms",
            "port",
            "host",
            "attempt",
            "revision",
            "catalogue_version",
            "length",
            "count",
            "variable",
            "expired",
            "orphaned",
        ),
    }
)
LONGEST = 128  # of a text in a field: the longest are hashes of documents, 71
MOST_FRAMES = 12  # where a fault came from; deeper ones are the framework's
MOST_CAUSES = 4
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class FieldNotAllowed(ValueError):
    """A field that is not on the list, in a test; in production it is dropped."""


class JsonLines(logging.Formatter):
    """Write a record as JSON: what is not on the list does not leave; the text of an exception never does."""

    def __init__(self, *, strict: bool = False) -> None:
        super().__init__()
        self._strict = strict

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line = {
            "at": written(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
            **self._fields(record),
        }
        fault = record.exc_info[1] if record.exc_info else None
        return json.dumps(line if fault is None else {**line, "faults": faults(fault)}, separators=(",", ":"))

    def _event(self, record: logging.LogRecord) -> str:
        """Return our own words; of others' messages only the place, for they quote what they were given."""
        ours = record.name.split(".")[0] in OURS and isinstance(record.msg, str) and not record.args
        if ours and EVENT.fullmatch(record.msg):
            return str(record.msg)
        if ours and self._strict:
            raise FieldNotAllowed("an event is a constant of plain words; put what varies in a field")
        return f"{record.module}:{record.lineno}"

    def _fields(self, record: logging.LogRecord) -> Mapping[str, str | int | float | bool]:
        given = {name: value for name, value in vars(record).items() if name not in STANDARD}
        if self._strict and record.name.split(".")[0] in OURS and given.keys() - FIELDS:
            raise FieldNotAllowed(f"`{min(given.keys() - FIELDS)}` is not on the list of fields; add it there first")
        return {
            name: value[:LONGEST] if isinstance(value, str) else value
            for name, value in given.items()
            if name in FIELDS and isinstance(value, str | int | float | bool)
        }


def faults(fault: BaseException) -> list[dict[str, Any]]:
    """Return an exception and its causes: type and place, and nothing it says."""
    found: list[dict[str, Any]] = []
    current: BaseException | None = fault
    while current is not None and len(found) < MOST_CAUSES:
        found.append({"type": type(current).__qualname__, "at": places(current.__traceback__)})
        if isinstance(current, BaseExceptionGroup):
            found[-1]["of"] = [faults(one) for one in current.exceptions[:MOST_CAUSES]]
        current = current.__cause__ or current.__context__
    return found


def places(traceback: TracebackType | None) -> list[str]:
    """Return where a fault passed, innermost last: module, function and line."""
    found: list[str] = []
    while traceback is not None:
        frame = traceback.tb_frame
        found.append(f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return found[-MOST_FRAMES:]


class _Lines(logging.StreamHandler[IO[str]]):
    """Write lines; one that cannot be written is lost in production and an error in a test."""

    def __init__(self, stream: IO[str], *, strict: bool) -> None:
        super().__init__(stream)
        self._strict = strict
        self.setFormatter(JsonLines(strict=strict))

    def handleError(self, _: logging.LogRecord) -> None:  # noqa: N802 the library's name
        """Say nothing of the line: it may hold what must not be printed."""
        if self._strict:
            raise  # the error being handled


def configure(stream: IO[str] | None = None, *, strict: bool = False) -> None:
    """Send all logging of this program through `JsonLines`, to standard error unless told otherwise.

    Start the server without a log configuration of its own and without access logs: URLs are not ours to log.
    """
    root = logging.getLogger()
    root.handlers[:] = [_Lines(stream or sys.stderr, strict=strict)]
    root.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def catch_crashes() -> None:
    """Log what would end the program or a thread, instead of printing it with its text."""
    sys.excepthook = _crashed
    threading.excepthook = lambda crash: _crashed(
        crash.exc_type, crash.exc_value or crash.exc_type(), crash.exc_traceback
    )


def _crashed(kind: type[BaseException], fault: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("gateway").critical("crashed", exc_info=(kind, fault, traceback))
