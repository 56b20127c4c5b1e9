"""The command line as it is called: 0 for done, 1 for a no, 2 for a call that is wrong, told in a line (4.7)."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

from gateway.cli import EXPECTED, parser
from tests.support import pack_folder
from tests.support.command import called
from tests.support.operator import Operator

# A signal may come between opening a file and holding it: the file is then closed by the interpreter, with a warning.
AT_ANY_INSTRUCTION = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
COMMANDS = ["serve", "demo", "test", "explain", "documents", "pairwise", "check", "token", "schema", "migrate"]


def test_the_version_is_the_one_installed() -> None:
    told = called("--version")
    assert (told.code, told.out) == (0, f"consent-gateway {version('consent-gateway')}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_it_is_called(command: str) -> None:
    told = called(command, "--help")
    assert told.code == 0
    assert told.out.startswith(f"usage: consent-gateway {command}")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["test"],
        ["token", "--key", "k"],
        ["schema", "nobody"],
        ["explain", "s", "k"],
        ["explain", "s", "k", "--purpose", "p", "--recipient", "r", "--channel", "c", "--operation", "USES"],
        ["documents"],
        ["documents", "register", "f", "--recipient", "r"],
        ["documents", "register", "--recipient", "r", "--purpose", "p"],
        ["documents", "check", "f", "--recipient", "r", "--purpose", "p", "--operation", "USES"],
        ["demo", "--port", "65536"],
        ["demo", "--port", "-1"],
        ["demo", "--port", "http"],
    ],
)
def test_a_call_of_another_form_is_wrong(arguments: list[str]) -> None:
    told = called(*arguments)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("usage: consent-gateway")


@pytest.mark.parametrize("url", ["sqlite://[x", "sqlite:///a%00b", "sqlite:///", "here.sqlite"])
def test_a_store_that_is_no_url_of_one_is_a_wrong_call(url: str) -> None:
    demo, named = ("demo", "--port", "0"), {"STORE": url}
    for told in (called(*demo, "--store", url), called(*demo, settings=named)):
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
        assert told.err.startswith("consent-gateway demo: the store's URL ")


def test_a_fault_of_ours_is_told_as_no_wrong_call() -> None:
    assert [fault for fault in (ValueError, TypeError, KeyError, AssertionError) if issubclass(fault, EXPECTED)] == []


def test_every_port_there_is_may_be_named() -> None:
    assert [parser().parse_args(["demo", "--port", port]).port for port in ("0", "65535")] == [0, 65535]


@pytest.mark.parametrize("command", ["serve", "migrate", "demo"])
def test_a_half_set_pair_refuses_to_start_in_one_line(operator: Operator, command: str) -> None:
    told = called(command, settings=operator.settings(STORE_PASSWORD_FILE=str(operator.folder / "issuer.jwk")))
    assert told.code == 2
    assert told.err == (
        f"consent-gateway {command}: `CONSENT_GATEWAY_STORE_PASSWORD_FILE` is set without "
        "`CONSENT_GATEWAY_STORE_USER`; set both or neither\n"
    )


def test_a_pack_that_does_not_hold_starts_no_server_and_names_the_line(operator: Operator, tmp_path: Path) -> None:
    pack = pack_folder.changed(tmp_path / "pack", "law.csv", "365", "-1")
    for command in ("serve", "demo"):
        told = called(command, settings=operator.settings(CATALOGUE=str(pack)))
        assert (told.code, told.out) == (2, "")
        assert told.err.startswith(f"consent-gateway {command}: law.csv:3: column `max_age_days`: `-1`")
        assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        ("STORE", "sqlite:////nowhere/store.sqlite", "the store cannot be read or written now"),
        ("SIGNING_KEY_FILE", "jwks.json", "the key is a public one"),
    ],
)
def test_what_a_server_stands_on_is_told_when_it_is_missing(
    operator: Operator, setting: str, text: str, said: str
) -> None:
    named = str(operator.folder / text) if text == "jwks.json" else text
    told = called("serve", settings=operator.settings(**{setting: named}))
    assert told.code == 2
    assert said in told.err
    assert told.err.startswith("consent-gateway serve: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_an_address_that_is_taken_is_named(operator: Operator, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = operator.settings(BIND=f"127.0.0.1:{port}")
        told = called(command, *(["--port", port] if command == "demo" else []), settings=settings)
    assert told.code == 2
    assert told.err == (
        f"consent-gateway {command}: `127.0.0.1:{port}`: address already in use; "
        "see that it is there, free and yours to use\n"
    )


def test_a_host_nobody_knows_is_told(operator: Operator) -> None:
    told = called("serve", settings=operator.settings(BIND="host.invalid:0"))
    assert told.code == 2
    assert told.err.startswith("consent-gateway serve: `host.invalid:0`: ")


@AT_ANY_INSTRUCTION
def test_what_is_cut_short_is_not_done(pipe: Path) -> None:
    with interrupted(pipe, signal.SIGINT):
        told = called("test", pipe)
    assert (told.code, told.out) == (1, "")


@AT_ANY_INSTRUCTION
def test_a_server_told_to_stop_while_it_opens_is_done(operator: Operator, pipe: Path) -> None:
    with interrupted(pipe, signal.SIGTERM):
        told = called("demo", "--port", "0", settings=operator.settings(CATALOGUE=str(pipe.parent)))
    assert (told.code, told.out, told.err) == (0, "", "")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """Return a pipe nobody writes to: whoever reads it waits."""
    folder = pack_folder.written(tmp_path / "pack")
    (folder / "people.csv").unlink()
    os.mkfifo(folder / "people.csv")
    return folder / "people.csv"


@contextmanager
def interrupted(pipe: Path, how: signal.Signals) -> Iterator[None]:
    """Signal this thread as soon as it reads the pipe.

    A run in the background of a shell ignores SIGINT from its birth: it is taken here as a terminal's would be.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    reader, over = threading.get_ident(), threading.Event()

    def interrupt() -> None:
        with pipe.open("wb"):  # waits for the reader
            signal.pthread_kill(reader, how)
            over.wait()

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        signal.signal(signal.SIGINT, before)
