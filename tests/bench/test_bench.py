"""`make bench` works end to end, and prints every row it promises."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.house import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.slow]

MOST_SECONDS = 300  # a short run takes twenty; machines that do much else need more
ANSWERING = [
    "gateway, registered document",
    "gateway, known text",
    "gateway, text never seen before",
    "stock Strawberry",
    "the same, served as the gateway is",
    "the same, with its caches too",
    "raw ASGI",
]


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    command = (sys.executable, "-m", "bench", "--quick", "--json")
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=MOST_SECONDS)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_a_short_run_prints_every_row(measured: dict[str, Any]) -> None:
    rows = {table["title"].split(":")[0]: [row["name"] for row in table["rows"]] for table in measured["tables"]}

    assert rows == {
        "Sheet": ANSWERING,
        "Typed": ANSWERING,
        "Decision of so many attributes, µs": ["6 records", "500 records"],
        "Acts": ["Offer", "Give", "Withdraw"],
        "People in the store": ["20 people", "100 people"],
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
        if column != "name"
    ]

    assert len(numbers) == 2 * 7 * 7 + 2 * 3 + 3 * 4 + 2 * 4
    assert [row for row in numbers if not row[-1] > 0] == []


def test_it_says_how_it_was_run_and_where(measured: dict[str, Any]) -> None:
    assert measured["command"] == 'make bench BENCH="--quick --json"'
    assert set(measured["machine"]) == {"processor", "cpus", "system", "python", "load"}
