"""What a store keeps is all moved: no kind of entry, and nothing that a value says, is left behind."""

from collections.abc import Mapping
from dataclasses import fields
from typing import get_args

import pytest

from graph.archive import Entry, SealedValue
from graph.neo4j_store.taking import TURN as NEO4J
from graph.records import Value
from graph.sqlite_store.taking import TURN as SQLITE


@pytest.mark.parametrize("turn", [NEO4J, SQLITE], ids=["neo4j", "sqlite"])
def test_every_kind_of_entry_has_its_turn(turn: Mapping[type, object]) -> None:
    assert set(turn) == set(get_args(Entry))


def test_a_value_is_moved_with_all_it_says_beside_what_is_sealed() -> None:
    assert [one.name for one in fields(SealedValue)] == [
        {"held": "box"}.get(one.name, one.name) for one in fields(Value)
    ]
