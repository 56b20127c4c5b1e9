"""The nodes a question about everybody is asked of: a scope's own, and those its reach says are related."""

from dataclasses import dataclass

from graph.reach import Reach
from graph.records import Scope


@dataclass(frozen=True, slots=True)
class Touched:
    """Nodes by dimension, sorted; `None` leaves a dimension open."""

    purposes: list[str] | None
    categories: list[str] | None
    recipients: list[str] | None
    groups: list[str]
    keys: list[str] | None


def touched(scope: Scope, reach: Reach) -> Touched:
    """Return the nodes that a scope touches in purpose, category and recipient."""
    groups = reach.groups if scope.group is None else reach.groups | {scope.group}
    recipients = _nodes(scope.recipient, reach.recipients)
    return Touched(
        purposes=_nodes(scope.purpose, reach.purposes),
        categories=_nodes(scope.category, reach.categories),
        recipients=[] if recipients is None and groups else recipients,
        groups=sorted(groups),
        keys=_nodes(scope.category, reach.keys),
    )


def _nodes(node: str | None, related: frozenset[str] | None) -> list[str] | None:
    """Return the nodes that touch a dimension of the scope, `None` if it leaves that dimension open."""
    if node is None and related is None:
        return None
    return sorted({*(related or ()), *(() if node is None else (node,))})
