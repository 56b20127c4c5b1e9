"""Where no Neo4j can be started the bench says so, and what needs none is measured all the same."""

import asyncio
from pathlib import Path

import pytest

from bench.on_neo4j import on_neo4j
from bench.report import as_text, load, machine
from bench.rounds import QUICK
from bench.world import made

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_without_java_the_tables_of_neo4j_say_why_they_are_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def measured() -> str:
        world = await made(tmp_path)
        monkeypatch.setenv("PATH", "")
        return as_text("make bench", machine(load()), await on_neo4j(world, QUICK, tmp_path))

    told = asyncio.run(measured())

    assert told.count("Not measured: a Neo4j needs Java 17 and Maven") == 4
    assert "| SQLite " in told
