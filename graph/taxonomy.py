"""Trees of purposes, categories and recipient groups: what stands below what, and since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its parent (empty at a root) and the catalogue versions that brought and last moved it."""

    key: str
    parent: str = ""
    since: int = 1
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A forest of nodes by key, with every node's path to its root worked out once."""

    nodes: Mapping[str, Node]
    paths: Mapping[str, tuple[str, ...]] = field(repr=False)
    above: Mapping[str, frozenset[str]] = field(repr=False)
    parents: frozenset[str] = field(repr=False)

    def path(self, key: str) -> tuple[str, ...]:
        """Return `key` and its ancestors, nearest first; an unknown key stands alone."""
        return self.paths.get(key) or (key,)

    def within(self, key: str, other: str | None) -> bool:
        """Tell whether `key` is `other` or stands below it; `None` is the whole tree."""
        return other is None or key == other or other in self.above.get(key, ())

    def related(self, key: str, other: str | None) -> bool:
        """Tell whether one of the two stands within the other."""
        return self.within(key, other) or key in self.above.get(other or "", ())

    def is_leaf(self, key: str) -> bool:
        """Tell whether `key` is known and nothing stands below it."""
        return key in self.nodes and key not in self.parents


def tree(nodes: Iterable[Node]) -> Tree:
    """Build a tree; raises `ValueError` for a parent that is not there or a circle."""
    by_key = {node.key: node for node in nodes}
    paths = {key: _path(key, by_key) for key in by_key}
    above = {key: frozenset(path) for key, path in paths.items()}
    return Tree(by_key, paths, above, frozenset(node.parent for node in by_key.values()))


def _path(key: str, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    path: list[str] = []
    while key:
        if key in path:
            raise ValueError(f"`{key}` stands below itself; break the circle of parents")
        if key not in nodes:
            raise ValueError(f"parent `{key}` is not in the tree; add it or correct the parent")
        path.append(key)
        key = nodes[key].parent
    return tuple(path)


@dataclass(frozen=True, slots=True)
class Trees:
    """The three trees a scope is measured against; `groups` maps a recipient to its group."""

    purposes: Tree
    categories: Tree
    groups: Mapping[str, str]
