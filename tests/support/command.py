"""Calls the command in this process: its exit code and both streams; what it changes of the process is put back."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from unittest.mock import patch

from gateway.cli import main
from tests.support.gateway_running import surroundings


@dataclass(frozen=True, slots=True)
class Called:
    """What a call came to."""

    code: int
    out: str
    err: str


def called(*arguments: object, settings: Mapping[str, str] | None = None) -> Called:
    """Call the command with these settings, and no others, in the environment."""
    out, err = StringIO(), StringIO()
    environment = patch.dict(os.environ, surroundings(**(settings or {})), clear=True)
    with redirect_stdout(out), redirect_stderr(err), environment, _as_it_was():
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
    return Called(code, out.getvalue(), err.getvalue())


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Put back what belongs to the process: where logs go, what catches crashes, what SIGTERM does."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    crashes, of_threads, on_term = sys.excepthook, threading.excepthook, signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:], sys.excepthook, threading.excepthook = handlers, crashes, of_threads
        root.setLevel(level)
        signal.signal(signal.SIGTERM, on_term)
