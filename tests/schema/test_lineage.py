"""Lineage as a graph of nodes and edges."""

from dataclasses import replace

import pytest

from tests.support.executing import answered
from tests.support.officer import asked
from tests.support.worlds_resolvers import GUESS, HEIGHT, HOBBY

pytestmark = pytest.mark.anyio

TEXT = """query Q($key: AttributeKey!, $direction: LineageDirection!, $depth: Int) {
  lineage(key: $key, direction: $direction, depth: $depth) {
    nodes { key category origin sensitivity } edges { from to rule masks } truncated } }"""


@pytest.mark.parametrize("depth", [{}, {"depth": None}, {"depth": 1}])
async def test_nodes_and_edges_are_told_the_one_asked_for_first(here, depth):
    found = await asked(here, TEXT, {"key": GUESS, "direction": "UP", **depth})

    assert found["lineage"] == {
        "nodes": [
            {"key": GUESS, "category": "guess", "origin": "INFERRED", "sensitivity": 2},
            {"key": HOBBY, "category": "hobby", "origin": "DECLARED", "sensitivity": 2},
        ],
        "edges": [{"from": HOBBY, "to": GUESS, "rule": "", "masks": []}],
        "truncated": False,
    }


async def test_an_attribute_the_catalogue_has_lost_since_has_no_lineage(here):
    fewer = here.changed(attributes=tuple(one for one in here.tables.attributes if one.key != HEIGHT))
    context = replace(here.officer(), refreshed=fewer.refreshed)

    assert await answered(context, TEXT, {"key": HEIGHT, "direction": "UP"}) == {"lineage": None}
