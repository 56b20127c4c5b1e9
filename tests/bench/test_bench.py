"""`make bench` works end to end, and prints every row it promises; but for those on a Neo4j, which take minutes."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.house import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.slow]

MOST_SECONDS = 300  # a short run takes a minute; machines that do much else need more
ANSWERING = [
    "gateway, registered document",
    "gateway, known text",
    "gateway, text never seen before",
    "stock Strawberry",
    "the same, served as the gateway is",
    "the same, with its caches too",
    "raw ASGI",
]
FLOODS = [
    f"{kind}{limits}"
    for limits in ("", ", without limits")
    for kind in ("costliest document", "questions about everybody", "garbage")
]
OF_A_FLOOD = {"% 200", "grew MB"}  # none of garbage is answered, and memory may shrink
ACTING = [f"{act}, {writers} at once" for writers in (1, 8) for act in ("Offer", "Give", "Withdraw")]


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    command = (sys.executable, "-m", "bench", "--quick", "--without-neo4j", "--json")
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=MOST_SECONDS)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_a_short_run_prints_every_row(measured: dict[str, Any]) -> None:
    rows = {table["title"].split(":")[0]: [row["name"] for row in table["rows"]] for table in measured["tables"]}

    assert rows == {
        "Sheet": ANSWERING,
        "Typed": ANSWERING,
        "Decision of so many attributes, µs": ["6 records", "500 records"],
        "Acts": ACTING,
        "People in the store": ["20 people", "120 people"],
        "Known person against": ["the same id", "an id nobody has", "another group's id", "no id at all"],
        "One caller floods, another asks": FLOODS,
    }


def test_the_sheet_and_its_typed_twin_are_of_twenty_attributes(measured: dict[str, Any]) -> None:
    titles = [table["title"] for table in measured["tables"][:2]]

    assert all("20 attributes" in title for title in titles), titles


def test_every_number_is_one(measured: dict[str, Any]) -> None:
    numbers = [
        (table["title"], row["name"], column, number)
        for table in measured["tables"]
        for row in table["rows"]
        for column, number in row.items()
        if column not in {"name", *OF_A_FLOOD}
    ]

    missing = [(title, row, column) for title, row, column, number in numbers if number is None]
    either = "difference µs"  # of two that are alike: it may be on either side of nothing
    assert [row for row in numbers if row[-1] is not None and not row[-1] > 0 and row[2] != either] == []
    assert all(column == "store CPU µs" for _, _, column in missing), missing
    assert len(missing) == len(ACTING) + 2  # what is on SQLite has no server of its own


def test_it_says_how_it_was_run_and_where(measured: dict[str, Any]) -> None:
    assert measured["command"] == 'make bench BENCH="--quick --without-neo4j --json"'
    assert set(measured["machine"]) == {"processor", "cpus", "system", "python", "load"}
