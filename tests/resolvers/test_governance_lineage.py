"""Lineage of attributes: both directions, every edge with rule and masks, bounded in depth and size."""

import pytest

from graph.catalogue import Attribute, Catalogue, Category, Source, Tables, compiled
from graph.terms import Origin, Sensitivity
from resolvers.lineage import MOST_NODES, Direction, Edge, lineage
from resolvers.problems import BadUserInput
from tests.support.worlds_resolvers import attribute

UP, DOWN = Direction.UP, Direction.DOWN


def made(key: str, *sources: Source) -> Attribute:
    origin = Origin.DERIVED if sources else Origin.DECLARED
    return attribute(key, "thing", Sensitivity.S2, origin=origin, sources=sources)


def catalogue(*attributes: Attribute) -> Catalogue:
    return compiled(Tables(categories=(Category("thing", "", Sensitivity.S2),), attributes=attributes))


# a and b make c; c makes d; a makes d as well
DIAMOND = catalogue(
    made("a"),
    made("b"),
    made("c", Source("a", frozenset({"y", "x"}), "sum"), Source("b", rule="sum")),
    made("d", Source("c", rule="guess"), Source("a", rule="look up")),
)
AC = Edge("a", "c", "sum", ("x", "y"))
BC = Edge("b", "c", "sum", ())
CD = Edge("c", "d", "guess", ())
AD = Edge("a", "d", "look up", ())


def walked(key: str, direction: Direction, depth: int | None = None) -> tuple[list[str], set[Edge], bool]:
    found = lineage(DIAMOND, key, direction, depth=depth)
    assert found is not None
    return [one.key for one in found.nodes], set(found.edges), found.truncated


def test_up_goes_to_every_source_by_every_edge() -> None:
    assert walked("d", UP) == (["d", "c", "a", "b"], {CD, AD, AC, BC}, False)


def test_down_goes_to_everything_made_of_an_attribute() -> None:
    assert walked("a", DOWN) == (["a", "c", "d"], {AC, AD, CD}, False)
    assert walked("b", DOWN) == (["b", "c", "d"], {BC, CD}, False)


def test_what_is_made_of_nothing_and_into_nothing_stands_alone() -> None:
    assert walked("a", UP) == (["a"], set(), False)
    assert walked("d", DOWN) == (["d"], set(), False)


def test_depth_ends_a_walk_and_the_answer_says_that_something_was_left_out() -> None:
    assert walked("d", UP, 1) == (["d", "c", "a"], {CD, AD}, True)
    assert walked("d", UP, 2) == (["d", "c", "a", "b"], {CD, AD, AC, BC}, False)


def test_each_edge_is_told_once() -> None:
    found = lineage(DIAMOND, "d", UP, depth=32)
    assert found is not None
    assert len(found.edges) == len(set(found.edges))


def test_nothing_found_is_not_the_same_as_not_known() -> None:
    assert lineage(DIAMOND, "stranger", UP, depth=1) is None


def chain(length: int) -> Catalogue:
    rows = (made(f"k{number}", *([Source(f"k{number - 1}")] if number else [])) for number in range(length))
    return catalogue(*rows)


def test_eight_levels_are_walked_if_nobody_says() -> None:
    found = lineage(chain(10), "k9", UP, depth=None)
    assert found is not None
    assert (len(found.nodes), found.truncated) == (9, True)


@pytest.mark.parametrize("depth", [0, -1, 33])
def test_another_depth_is_refused(depth: int) -> None:
    with pytest.raises(BadUserInput, match="`depth` is from 1 to 32"):
        lineage(DIAMOND, "a", UP, depth=depth)


def test_the_deepest_walk_there_is_may_be_asked_for() -> None:
    found = lineage(chain(34), "k33", UP, depth=32)
    assert found is not None
    assert (len(found.nodes), found.truncated) == (33, True)


@pytest.mark.parametrize(("made_of_it", "truncated"), [(MOST_NODES - 1, False), (MOST_NODES, True)])
def test_an_answer_holds_500_attributes_and_says_when_there_are_more(made_of_it: int, *, truncated: bool) -> None:
    wide = catalogue(made("root"), *(made(f"leaf{number}", Source("root")) for number in range(made_of_it)))
    found = lineage(wide, "root", DOWN, depth=8)
    assert found is not None
    assert (len(found.nodes), len(found.edges), found.truncated) == (MOST_NODES, MOST_NODES - 1, truncated)
