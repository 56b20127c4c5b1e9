"""Effects: the one Boolean an app may act on without knowing why; no other rung."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

from graph.catalogue import Rung
from graph.fidelity.sorts import is_number, is_sequence
from graph.records import Held

ORDERED: Mapping[str, Callable[[float, float], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}
"""Comparisons of numbers."""

STATED = frozenset({"held", "non_empty"})
"""Comparisons that need nothing to compare with."""


def effect_of(held: Held, rung: Rung) -> bool | None:
    """Return the effect of a value, or `None` where the rung states no comparison that fits it."""
    op, wanted = rung.get("op"), rung.get("value")
    if op == "held":
        return True
    if op == "non_empty":
        return len(held) > 0 if isinstance(held, str | tuple) else None
    if op in ("eq", "ne"):
        return same(held, wanted) is (op == "eq")
    if op == "in":
        return any(same(held, one) for one in wanted) if is_sequence(wanted) else None
    compare = ORDERED.get(op) if isinstance(op, str) else None
    return compare(held, wanted) if compare is not None and is_number(held) and is_number(wanted) else None


def same(held: object, wanted: object) -> bool:
    """Tell whether two values are equal and of one sort; `True` is not 1."""
    return isinstance(held, bool) is isinstance(wanted, bool) and held == wanted
