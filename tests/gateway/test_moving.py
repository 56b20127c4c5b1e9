"""`export` and `import` on the command line: what comes of it, each fault as one line, and nothing left half done."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import anyio
import pytest

from gateway.cli import main
from gateway.moving import Progress
from graph.archive import AdditionsAt, Entry, MovableStore, Party, Secret
from graph.ledger import GENESIS
from graph.records import Subject
from graph.sqlite_store import open_store
from tests.conformance.builders import NOON, disclosure
from tests.conformance.histories import DAY, NOTHING, everything_happens, told
from tests.support.gateway_running import COMMAND, surroundings
from tests.support.polling import until

ENDS_SECONDS = 20.0


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of the test's own, without settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CONSENT_GATEWAY_")]:
        monkeypatch.delenv(name)
    return tmp_path


def within(name: str, work: Callable[[MovableStore], Awaitable[object]]) -> object:
    async def done() -> object:
        store = await open_store(name)
        try:
            return await work(store)
        finally:
            await store.aclose()

    return anyio.run(done)


def kept(name: str) -> object:
    return within(name, lambda store: told(store, NOON + 2 * DAY))  # long after: no answer of a command is kept


@pytest.fixture
def archive(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    within("a.sqlite", everything_happens)
    assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 0
    capsys.readouterr()
    return here / "a.archive"


def error(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removesuffix("\n")


def taken(archive: str = "a.archive", store: str = "b.sqlite") -> int:
    return main(["import", "--store", f"sqlite:///{store}", archive])


@contextmanager
def mask(bits: int) -> Iterator[None]:
    before = os.umask(bits)
    yield
    os.umask(before)


def test_a_store_goes_into_a_file_and_out_of_it(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert taken() == 0

    assert kept("b.sqlite") == kept("a.sqlite")
    assert error(capsys).startswith(
        "import: done, 38 entries, 0.0 MB, 5 parties; the ledger has 2 entries and ends in "
    )


def test_the_file_is_its_owners_alone(here: Path) -> None:
    within("a.sqlite", everything_happens)

    with mask(0):
        assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 0

    assert (here / "a.archive").stat().st_mode & 0o777 == 0o600


def test_what_is_said_holds_nothing_of_what_is_moved(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within("a.sqlite", everything_happens)

    assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 0
    assert taken() == 0

    out, err = capsys.readouterr()
    assert out == ""
    assert [word for word in ("ann", "bob", "pairwise", "acme") if word in err] == []


def test_the_store_of_the_settings_is_meant_if_none_is_named(
    archive: Path, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    monkeypatch.setenv("CONSENT_GATEWAY_STORE", "sqlite:///b.sqlite")

    assert main(["import", "a.archive"]) == 0
    assert main(["export", "b.archive"]) == 0

    body = [(here / name).read_text().splitlines()[1:-1] for name in ("a.archive", "b.archive")]
    assert body[0] == body[1]


@pytest.mark.parametrize("command", ["export", "import"])
def test_a_store_must_be_named(archive: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "a.archive"]) == 2
    assert error(capsys) == (
        f"consent-gateway {command}: no store is named; give `--store URL` or set `CONSENT_GATEWAY_STORE`"
    )


def test_a_url_that_is_none_is_refused(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--store", "b.sqlite", "a.archive"]) == 2
    assert error(capsys).startswith("consent-gateway import: the store's URL names no store; write `sqlite:///path`")


def test_a_store_that_is_not_there_is_not_made_to_be_exported(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 2
    assert error(capsys) == "consent-gateway export: `a.sqlite` is no store; name one that is there"
    assert list(here.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = archive.read_bytes()

    assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 2

    assert error(capsys) == "consent-gateway export: `a.archive` is there already; name a new file, or remove it"
    assert archive.read_bytes() == before


def test_a_file_that_is_not_there_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert taken() == 2
    assert error(capsys) == (
        "consent-gateway import: `a.archive` cannot be opened: No such file or directory; name another file"
    )
    assert list(here.iterdir()) == []


def test_a_store_that_holds_something_takes_nothing_in(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within("b.sqlite", lambda store: store.secret("pairwise"))
    before = kept("b.sqlite")

    assert taken() == 1

    assert error(capsys) == "consent-gateway import: the store holds something already; name one that is new"
    assert kept("b.sqlite") == before


@pytest.mark.parametrize(
    ("alteration", "said"),
    [
        (lambda text: text.replace("recipient", "repicient", 1), "it was altered"),
        (lambda text: text[:-100], "it was cut off"),
        (lambda text: text.replace('"version":1', '"version":2', 1), "format `2`, this program reads `1`"),
        (lambda text: "[]", "is no archive"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_refused_before_a_store_is_made(
    archive: Path, alteration: Callable[[str], str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.write_text(alteration(archive.read_text()))

    assert taken() == 1

    assert said in error(capsys)
    assert not Path("b.sqlite").exists()


def test_a_store_of_a_newer_program_is_told(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect("b.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 999")

    assert taken() == 2

    assert error(capsys).startswith("consent-gateway import: the store has schema `999`, this program knows `")


def test_an_export_that_fails_leaves_no_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within("a.sqlite", everything_happens)
    with closing(sqlite3.connect("a.sqlite")) as connection, connection:
        connection.execute("DROP TABLE offer")

    assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 2

    assert error(capsys).startswith("consent-gateway export: the store cannot be read or written now")
    assert not (here / "a.archive").exists()


def test_a_ledger_that_does_not_fit_is_moved_and_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within("a.sqlite", lambda store: store.disclose(tuple(disclosure("ann") for _ in range(5))))
    with closing(sqlite3.connect("a.sqlite")) as connection, connection:
        connection.execute("UPDATE disclosure SET text = replace(text, 'some.purpose', 'elsewhere') WHERE position = 3")

    assert main(["export", "--store", "sqlite:///a.sqlite", "a.archive"]) == 0
    assert taken() == 0

    warning = "warning: the ledger does not fit from entry 3 on; moved as it is"
    assert capsys.readouterr().err.splitlines()[::2] == [warning, warning]


def test_a_pipe_is_read_and_written(archive: Path) -> None:
    command = f"{COMMAND} export --store sqlite:///a.sqlite - | {COMMAND} import --store sqlite:///b.sqlite -"

    done = subprocess.run(command, shell=True, env=surroundings(), timeout=ENDS_SECONDS, check=False)

    assert done.returncode == 0
    assert kept("b.sqlite") == kept("a.sqlite")


def test_what_comes_altered_by_a_pipe_leaves_the_store_empty(archive: Path) -> None:
    altered = archive.read_bytes().replace(b"recipient", b"repicient", 1)
    command = [str(COMMAND), "import", "--store", "sqlite:///b.sqlite", "-"]

    done = subprocess.run(
        command, input=altered, env=surroundings(), timeout=ENDS_SECONDS, capture_output=True, check=False
    )

    assert done.returncode == 1
    assert b"it was altered" in done.stderr
    assert kept("b.sqlite") == NOTHING


def test_an_import_that_is_interrupted_leaves_the_store_empty(archive: Path) -> None:
    command = [str(COMMAND), "import", "--store", "sqlite:///b.sqlite", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, env=surroundings()) as importing:
        assert importing.stdin is not None
        importing.stdin.write(archive.read_bytes()[:-100])
        importing.stdin.flush()
        assert importing.stderr is not None
        _wait_until_made(Path("b.sqlite"))
        importing.send_signal(signal.SIGINT)
        assert importing.wait(ENDS_SECONDS) == 1
        said = importing.stderr.read()

    assert said == b"consent-gateway import: interrupted; do it again: the store tells if it was done\n"
    assert kept("b.sqlite") == NOTHING


def _wait_until_made(path: Path) -> None:
    until(lambda: path.exists() and path.stat().st_size > 0)


def test_progress_is_said_once_a_second() -> None:
    said, now = StringIO(), [0.0]
    progress = Progress("export", said, lambda: now[0])

    entries: list[Entry] = [Secret("a", b""), Party(Subject("ann"), 0, None, GENESIS), AdditionsAt(0)]
    for at, entry in zip((0.9, 1.0, 1.9), entries, strict=True):
        now[0] = at
        progress.noted(entry)
        progress.passed(700_000)

    assert said.getvalue() == "export: 2 entries, 1.4 MB\n"
