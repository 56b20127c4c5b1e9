"""Lineage of types: from which attributes one is made, and what is made of it, over the catalogue alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.catalogue import Attribute, Catalogue, Source
from resolvers.problems import BadUserInput

USUAL_DEPTH = 8  # levels if nobody says (the contract's default)
MOST_DEPTH = 32  # levels; no chain of derivations in a catalogue is as long
MOST_NODES = 500  # attributes in one answer; every one of a catalogue of 500 is there

Edges = Mapping[str, tuple[tuple[str, Source], ...]]
"""For each attribute, those it is made into, each with the edge that leads there."""


class Direction(StrEnum):
    """UP goes to the sources, DOWN to what is made of an attribute."""

    UP = "UP"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class Edge:
    """One attribute is made from another by a rule; a mask takes its subtree of categories away."""

    source: str
    made: str
    rule: str
    masks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineageShown:
    """The attributes reached, the one asked for first, and the edges between them; truncated if some were left out."""

    nodes: tuple[Attribute, ...]
    edges: tuple[Edge, ...]
    truncated: bool


def lineage(catalogue: Catalogue, key: str, direction: Direction, *, depth: int | None) -> LineageShown | None:
    """Walk level by level, bounded in depth and size; `None` for an unknown key; raises `BadUserInput`."""
    levels = USUAL_DEPTH if depth is None else depth
    if not 1 <= levels <= MOST_DEPTH:
        raise BadUserInput(f"`depth` is from 1 to {MOST_DEPTH}; leave it out for {USUAL_DEPTH}")
    if key not in catalogue.attributes:
        return None
    walk = _Walk(catalogue, direction)
    walk.from_(key, levels)
    return LineageShown(tuple(catalogue.attributes[one] for one in walk.seen), tuple(walk.edges), walk.truncated)


class _Walk:
    """Walks breadth first; each attribute and each edge is met once."""

    def __init__(self, catalogue: Catalogue, direction: Direction) -> None:
        self._catalogue, self._direction = catalogue, direction
        self._made = _made_from(catalogue.attributes.values()) if direction is Direction.DOWN else {}
        self.seen: dict[str, None] = {}
        self.edges: dict[Edge, None] = {}
        self.truncated = False

    def from_(self, key: str, levels: int) -> None:
        """Walk at most so many levels away from an attribute."""
        self.seen[key] = None
        level = [key]
        for _ in range(levels):
            level = [far for near in level for far in self._entered(near)]
        self.truncated |= any(self._next(key) for key in level)

    def _entered(self, near: str) -> list[str]:
        """Enter what is one edge away; return what was not met before."""
        found = []
        for far, edge in self._next(near):
            if far not in self.seen:
                if len(self.seen) == MOST_NODES:
                    self.truncated = True
                    continue
                self.seen[far] = None
                found.append(far)
            self.edges[edge] = None
        return found

    def _next(self, near: str) -> list[tuple[str, Edge]]:
        if self._direction is Direction.UP:
            sources = self._catalogue.attributes[near].sources
            return [(source.key, _edge(near, source)) for source in sources]
        return [(made, _edge(made, source)) for made, source in self._made.get(near, ())]


def _made_from(attributes: Iterable[Attribute]) -> Edges:
    found: dict[str, tuple[tuple[str, Source], ...]] = {}
    for attribute in attributes:
        for source in attribute.sources:
            found[source.key] = (*found.get(source.key, ()), (attribute.key, source))
    return found


def _edge(made: str, source: Source) -> Edge:
    return Edge(source.key, made, source.rule, tuple(sorted(source.masks)))
