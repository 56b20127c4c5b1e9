"""What the file holds beside its answers: one truth in two places, chains, and nothing that was erased."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph.ledger import verify
from graph.records import Subject
from graph.sqlite_store import open_store
from graph.sqlite_store.rows import record_of, records_of
from graph.store import Store
from graph.terms import AgeBand, Standing
from graph.transition import digest
from tests.conformance.builders import NOON, change, command, device, disclosure, given, value
from tests.support.resting import Counting

pytestmark = pytest.mark.anyio
CANARY = "CANARY-7f3a"


def holds(path: Path, text: str) -> bool:
    return text.encode() in path.read_bytes()


def files_beside(path: Path) -> list[str]:
    return [one.name for one in path.parent.iterdir()]


async def test_the_state_string_says_what_the_record_rows_say(path: Path, store: Store) -> None:
    await store.append(given("ann", 0, "a", "b"))
    await store.open_subject(Subject("ann", age_band=AgeBand.TEEN), None, NOON)
    await store.append(given("ann", 2, "c", ends=("a",)))
    await store.append(change("ann", 3, lifts=("b",)))
    with closing(sqlite3.connect(path)) as connection:
        revision, state = connection.execute("SELECT revision, state FROM party").fetchone()
        rows = connection.execute("SELECT body FROM record WHERE ended_at IS NULL ORDER BY place").fetchall()
    assert records_of(state) == (revision, tuple(record_of(body) for (body,) in rows))
    assert [record_of(body).id for (body,) in rows] == ["c"]


async def test_each_effective_change_is_a_link_that_names_its_records_by_digest(path: Path, store: Store) -> None:
    first = given("ann", 0, "a", "b")
    await store.append(first)
    await store.append(change("ann", 1))  # no effect, no link
    await store.append(given("ann", 1, "c", ends=("a",)))
    with closing(sqlite3.connect(path)) as connection:
        links = connection.execute("SELECT revision, text, head FROM change ORDER BY revision").fetchall()
        head = connection.execute("SELECT head FROM party").fetchone()[0]
    assert (verify(links).head, verify(links).first_broken, len(links)) == (head, None, 2)
    assert all(digest(record) in links[0][1] for record in first.begins)
    assert verify([(1, links[0][1].replace('"a"', '"z"'), links[0][2]), links[1]]).first_broken == 1


@pytest.mark.parametrize(
    ("tampering", "position"),
    [
        ("UPDATE disclosure SET text = replace(text, 'recipient', 'elsewhere') WHERE position = 4", 4),
        ("DELETE FROM disclosure WHERE position = 3", 3),
        ("DELETE FROM disclosure WHERE position = 6", 6),
        (
            "UPDATE disclosure SET text = (SELECT o.text FROM disclosure AS o "
            "WHERE o.position = 7 - disclosure.position) WHERE position IN (2, 5)",
            2,
        ),
        (
            "INSERT INTO disclosure SELECT 7, subject, recipient, purpose, document, at, text, head FROM disclosure "
            "WHERE position = 6",
            7,
        ),
        ("UPDATE tally SET ledger_head = printf('%064d', 1)", 6),
    ],
    ids=["changed", "removed", "the last removed", "swapped", "inserted", "the end rewritten"],
)
async def test_tampering_with_the_ledger_is_found_where_it_was_done(path: Path, tampering: str, position: int) -> None:
    store = await open_store(path)
    await store.disclose(tuple(disclosure("ann") for _ in range(6)))
    assert (await store.ledger()).intact
    await store.aclose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(tampering)
        connection.commit()
    store = await open_store(path)
    assert (await store.ledger()).first_broken == position
    assert (await store.ledger(1)).first_broken == position
    await store.aclose()


async def test_checking_from_an_entry_that_is_gone_names_it(path: Path) -> None:
    store = await open_store(path)
    await store.disclose(tuple(disclosure("ann") for _ in range(6)))
    await store.aclose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM disclosure WHERE position = 3")
        connection.commit()
    store = await open_store(path)
    assert (await store.ledger(3)).first_broken == 3
    await store.aclose()


async def test_a_long_ledger_is_checked_stretch_by_stretch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.sqlite_store.disclosures.CHECKED_AT_ONCE", 2)
    for length in (1, 2, 3, 4, 5):
        await store.disclose((disclosure("ann"),))
        rests = Counting()
        state = await store.ledger(0, rests.rest)
        assert (state.length, state.intact) == (length, True)
        assert rests.rests == length // 2 + 1  # before each stretch, and the one that finds nothing more


async def test_opening_an_open_subject_writes_nothing(path: Path, store: Store) -> None:
    for _ in range(3):
        await store.open_subject(Subject("ann", age_band=AgeBand.TEEN), None, NOON)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT writes FROM tally").fetchone()[0] == 1


async def test_opening_an_erased_subject_writes_nothing(path: Path, store: Store) -> None:
    await store.append(change("ann", standing=Standing.ERASED))
    await store.open_subject(Subject("ann", age_band=AgeBand.TEEN), device("set"), NOON)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT writes FROM tally").fetchone()[0] == 1


async def test_erased_values_are_overwritten_in_the_file(path: Path, store: Store) -> None:
    await store.put("ann", (value("k", CANARY),), command(), NOON)
    await store.append(change("ann", 0, standing=Standing.ERASED, erases_values=True))
    await store.aclose()  # the log is folded into the file
    assert files_beside(path) == [path.name]
    assert not holds(path, CANARY)
