"""Killed in the middle of a thousand changes: what was answered is there, nothing is there twice, the chains fit."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from graph.ledger import verify
from graph.sqlite_store import open_store
from graph.store import DisclosureQuery, Page, Store
from tests.conformance.builders import ALONE, EVER
from tests.graph.sqlite_store.conftest import Program
from tests.graph.sqlite_store.writing import SUBJECTS

pytestmark = pytest.mark.anyio
CHANGES = 1000
KILLS = (100, 350, 700)  # after so many answers


async def killed_after(program: Program, path: Path, answers: int) -> list[list[str]]:
    process = program("writing", path, CHANGES // SUBJECTS)
    assert process.stdout is not None
    lines = []
    while len(lines) < answers:
        lines.append(await anyio.to_thread.run_sync(process.stdout.readline))
    process.kill()
    lines += await anyio.to_thread.run_sync(process.stdout.readlines)
    assert process.wait() == -9
    return [line.split() for line in lines if line.endswith("\n")]


async def test_killed_again_and_again_it_keeps_every_answer_once(path: Path, program: Program) -> None:
    answered = []
    for answers in KILLS:
        answered += await killed_after(program, path, answers)
    store = await open_store(path)
    for number in range(SUBJECTS):
        await check_subject(store, f"subject{number}", answered)
    assert (await store.ledger()).intact
    await store.aclose()
    check_chains(path)


async def check_subject(store: Store, subject: str, answered: list[list[str]]) -> None:
    own = (await store.snapshot(subject, ALONE)).own
    kept = Counter(row.record.id for row in await store.records(subject, Page(10_000), EVER))
    out = Counter(entry.id for _, entry in await store.disclosures(DisclosureQuery(subject=subject), Page(10_000)))
    assert {key for what, who, key in answered if (what, who) == ("change", subject)} <= kept.keys()
    assert {key for what, who, key in answered if (what, who) == ("disclosure", subject)} <= out.keys()
    assert set(kept.values()) == set(out.values()) == {1}
    assert own.revision == len(own.records) == kept.total()


def check_chains(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        parties = connection.execute("SELECT place, revision, head FROM party").fetchall()
        for place, revision, head in parties:
            links = connection.execute(
                "SELECT revision, text, head FROM change WHERE party = ? ORDER BY revision", (place,)
            )
            state = verify(links)
            assert (state.length, state.head, state.intact) == (revision, head, True)
        assert len(parties) == SUBJECTS
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
