"""The archive as lines: what is written is read back, and a byte more, less or other is found."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.archive_lines import CUT_OFF, VERSION, entry_of, lines, written
from graph.archive import Entry
from graph.errors import ArchiveRefused
from graph.sqlite_store import open_store
from tests.conformance.acts import Act, histories, lived
from tests.conformance.builders import NOON
from tests.conformance.histories import NOTHING, everything_happens, stream, told

PROGRAM = "0.1.0"


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    async def made() -> list[Entry]:
        store = await open_store(tmp_path_factory.mktemp("store") / "store.sqlite3")
        await everything_happens(store)
        found = await told(store)
        await store.aclose()
        return found

    return anyio.run(made)


@pytest.fixture(scope="module")
def archive(entries: list[Entry]) -> bytes:
    return archived(entries)


def archived(entries: list[Entry]) -> bytes:
    async def joined() -> bytes:
        return b"".join([line async for line in written(stream(entries), NOON, PROGRAM)])

    return anyio.run(joined)


def read(archive: bytes) -> Iterator[Entry]:
    return map(entry_of, lines(io.BytesIO(archive)))


def test_every_kind_of_entry_is_read_back_as_it_was_written(entries: list[Entry], archive: bytes) -> None:
    assert list(read(archive)) == entries
    assert len({type(entry) for entry in entries}) == 14


def test_an_archive_says_what_it_is_and_ends_with_how_much_it_was() -> None:
    head, *body, end = archived(NOTHING).decode().splitlines()

    assert json.loads(head) == {
        "format": "consent-gateway-archive",
        "version": 1,
        "at": "2026-03-01T12:00:00.123456Z",
        "program": "0.1.0",
    }
    assert [json.loads(line) for line in body] == [
        ["additions", {"revision": 0, "catalogue": 0}],
        ["ledger", {"length": 0, "head": "0" * 64}],
    ]
    assert json.loads(end)[0] == "end"
    assert json.loads(end)[1]["entries"] == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=histories)
def test_whatever_happened_written_read_and_written_again_is_the_same_bytes(
    history: list[Act], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("stores")

    async def before() -> list[Entry]:
        store = await open_store(folder / "before.sqlite3")
        await lived(store, history)
        found = await told(store)
        await store.aclose()
        return found

    async def after(archive: bytes) -> list[Entry]:
        store = await open_store(folder / "after.sqlite3")
        await store.restore(stream(read(archive)))
        found = await told(store)
        await store.aclose()
        return found

    archive = archived(anyio.run(before))
    assert archived(anyio.run(after, archive)) == archive


@settings(max_examples=300)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_bit_altered_anywhere_is_found(archive: bytes, place: float, bit: int) -> None:
    altered = bytearray(archive)
    altered[int(place * len(archive))] ^= 1 << bit

    with pytest.raises(ArchiveRefused):
        list(lines(io.BytesIO(altered)))


@settings(max_examples=100)
@given(place=st.floats(0, 1, exclude_max=True))
def test_an_archive_cut_off_anywhere_is_found(archive: bytes, place: float) -> None:
    with pytest.raises(ArchiveRefused):
        list(lines(io.BytesIO(archive[: int(place * len(archive))])))


def test_a_line_less_twice_or_elsewhere_is_found(archive: bytes) -> None:
    head, first, second, *rest = archive.splitlines(keepends=True)

    for others in ([first, *rest], [first, first, second, *rest], [second, first, *rest]):
        with pytest.raises(ArchiveRefused, match="altered"):
            list(lines(io.BytesIO(b"".join([head, *others]))))


def test_what_follows_the_end_is_found(archive: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="altered"):
        list(lines(io.BytesIO(archive + b"\n")))


def test_an_end_that_says_nothing_is_none() -> None:
    head = archived(NOTHING).splitlines(keepends=True)[0]

    with pytest.raises(ArchiveRefused, match="cut off"):
        list(lines(io.BytesIO(head + b'["end",{}]\n')))


def test_another_version_is_refused_by_its_number_before_anything_else(archive: bytes) -> None:
    other = archive.replace(b'"version":1', b'"version":2', 1).replace(b"0.1.0", b"7.0.0", 1)

    with pytest.raises(ArchiveRefused, match=r"format `2`, this program reads `1`.*version `7.0.0`"):
        next(lines(io.BytesIO(other)))
    assert VERSION == 1


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"{}\n", b"[]\n", b'{"format":"x"}\n'])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="is no archive"):
        next(lines(io.BytesIO(content)))


@pytest.mark.parametrize("line", [b'["unheard",{}]\n', b'["secret",{"name":"x"}]\n', b"{}\n", b'["secret"]\n'])
def test_a_line_that_is_no_entry_is_refused(line: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="altered"):
        entry_of(line)


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path, archive: bytes) -> None:
    head = archive.splitlines(keepends=True)[0]
    endless = tmp_path / "endless"
    with endless.open("wb") as file:
        file.write(head)
        file.truncate(1 << 40)  # a hole: a terabyte that takes no room

    with endless.open("rb") as file, pytest.raises(ArchiveRefused, match=CUT_OFF):
        next(lines(file))
