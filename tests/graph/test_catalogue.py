"""Compiling rows to a catalogue: a circle, a parent or a source that is not there is refused by its name."""

from dataclasses import replace

import pytest

from graph.catalogue import Attribute, Category, Source, Tables, compiled
from graph.taxonomy import Node, tree
from graph.terms import Sensitivity
from tests.support.worlds_resolvers import attribute

THING = Category("thing", "", Sensitivity.S2)


def made(key: str, *sources: str) -> Attribute:
    return attribute(key, "thing", Sensitivity.S2, sources=tuple(Source(one) for one in sources))


@pytest.mark.parametrize("rows", [(made("a", "a"),), (made("a", "b"), made("b", "c"), made("c", "a"))])
def test_an_attribute_is_not_derived_from_itself(rows: tuple[Attribute, ...]) -> None:
    with pytest.raises(ValueError, match="`a` is derived from itself; break the circle of sources"):
        compiled(Tables(categories=(THING,), attributes=rows))


def test_a_source_is_an_attribute() -> None:
    with pytest.raises(ValueError, match="source `gone` of `a` is not an attribute; add it or correct the source"):
        compiled(Tables(categories=(THING,), attributes=(made("a", "gone"),)))


def test_what_reaches_an_attribute_from_its_sources_comes_by_every_path_but_a_masked_one() -> None:
    rows = (made("a"), made("b", "a"), replace(made("c"), sources=(Source("b", frozenset({"thing"})),)))
    found = compiled(Tables(categories=(THING,), attributes=rows))
    assert found.inherited == {"a": frozenset(), "b": {"thing"}, "c": frozenset()}


@pytest.mark.parametrize("nodes", [(Node("a", "a"),), (Node("a", "b"), Node("b", "c"), Node("c", "a"))])
def test_a_node_does_not_stand_below_itself(nodes: tuple[Node, ...]) -> None:
    with pytest.raises(ValueError, match="`a` stands below itself; break the circle of parents"):
        tree(nodes)


def test_a_parent_is_in_the_tree() -> None:
    with pytest.raises(ValueError, match="parent `gone` is not in the tree; add it or correct the parent"):
        tree((Node("a", "gone"),))


def test_a_leaf_is_a_known_node_with_nothing_below_it() -> None:
    found = tree((Node("a"), Node("b", "a")))
    assert [found.is_leaf(key) for key in ("a", "b", "gone")] == [False, True, False]
    assert found.path("b") == ("b", "a")
    assert found.path("gone") == ("gone",)
