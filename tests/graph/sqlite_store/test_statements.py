"""Every statement names itself, is planned on an index, and never walks a table that grows with people."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

import graph.sqlite_store
from graph.sqlite_store.migrations import migrate

NAMED = re.compile(r"-- [a-z][a-z ,]*: (READ|WRITE)\n")
VERB = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b")
WALKS_EVERYBODY = {"subjects a scope touches", "recipients a scope touches", "keys a scope touches"}  # off the hot path
WHOLE_STORE = "dump of "  # read on, in the order of an index or of the rows, while the store is moved
STOPS_AT_ONE = {"anything kept"}  # a row of any table is enough
SMALL = {"addition", "migration"}  # a table of the catalogue's size
WHOLE_LEDGER = {"disclosures", "disclosures counted"}  # asked without any filter, page by page


def statements() -> Iterator[tuple[str, str]]:
    for module in pkgutil.iter_modules(graph.sqlite_store.__path__):
        found = vars(importlib.import_module(f"graph.sqlite_store.{module.name}"))
        constants = {name: value for name, value in found.items() if name.isupper() and not name.startswith("_")}
        for name, value in constants.items():
            for one in value.values() if isinstance(value, dict) else (value,):
                if isinstance(one, str) and VERB.search(one):
                    yield f"{module.name}.{name}", one


ALL = sorted(set(statements()))


def planned(statement: str) -> list[str]:
    names = set(re.findall(r":(\w+)", statement))
    parameters: object = dict.fromkeys(names) if names else (None,) * statement.count("?")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        connection.create_function("sealed", 1, str, deterministic=True)
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]  # type: ignore[arg-type]  # any parameters


def title(statement: str) -> str:
    return statement.split("\n")[0].removeprefix("-- ").rpartition(":")[0]


def test_there_are_statements_to_look_at() -> None:
    assert len(ALL) > 40


@pytest.mark.parametrize(("name", "statement"), ALL, ids=[f"{name}-{title(text)}" for name, text in ALL])
def test_a_statement_names_itself_and_says_whether_it_writes(name: str, statement: str) -> None:
    assert NAMED.match(statement)
    verb = statement.split("\n")[1].split()[0]
    assert ("READ" in statement.split("\n")[0]) == (verb == "SELECT")
    assert "{" not in statement


@pytest.mark.parametrize(("name", "statement"), ALL, ids=[f"{name}-{title(text)}" for name, text in ALL])
def test_a_statement_walks_no_table_that_grows_with_people(name: str, statement: str) -> None:
    walked = [step.split()[1] for step in planned(statement) if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    if title(statement) in WALKS_EVERYBODY:
        assert walked
        return
    if title(statement).startswith(WHOLE_STORE):
        assert not [step for step in planned(statement) if "TEMP B-TREE" in step and walked]
        return
    if title(statement) in WHOLE_LEDGER and "WHERE TRUE" in statement:
        assert walked == []  # entered by position
        return
    assert title(statement) in STOPS_AT_ONE or set(walked) <= {"a", "addition", "migration", "sqlite_schema"}


@pytest.mark.parametrize(
    "statement", [text for name, text in ALL if "snapshot" in title(text) or "revisions" in title(text)]
)
def test_the_hot_reads_are_look_ups_by_key(statement: str) -> None:
    steps = [one for one in planned(statement) if one.startswith(("SCAN", "SEARCH")) and "VIRTUAL TABLE" not in one]
    assert steps
    assert all(step.startswith("SEARCH") and ("INDEX" in step or "PRIMARY KEY" in step) for step in steps)


def test_no_plan_sorts_a_page_of_the_ledger_or_of_records() -> None:
    for _, statement in ALL:
        if "LIMIT" in statement:
            assert not [step for step in planned(statement) if "TEMP B-TREE" in step], statement
