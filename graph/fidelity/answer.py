"""What an answer holds of a value at one rung (2.6); everything the rung's parameters do not say is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graph.catalogue import Attribute, Rung
from graph.fidelity.effects import effect_of
from graph.fidelity.names import ShowContext, distinct, of_position, of_word, of_words
from graph.fidelity.numbers import band, rounded
from graph.fidelity.sorts import fits, is_int, is_number, is_position, is_sequence, is_words
from graph.records import Held
from graph.terms import Fidelity


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be sent of one value; whatever is `None` is not said."""

    fidelity: Fidelity
    value: Held | None = field(default=None, repr=False)
    low: float | None = field(default=None, repr=False)
    high: float | None = field(default=None, repr=False)
    effect: bool | None = field(default=None, repr=False)


def shown(attribute: Attribute, held: Held, fidelity: Fidelity, *, context: ShowContext) -> Shown:
    """Return what an answer holds of a value at a rung; pure, the same for the same arguments.

    Raises `ValueError` for a rung the attribute does not have, for NONE and for NOISED.
    """
    if fidelity not in attribute.rungs or fidelity in (Fidelity.NONE, Fidelity.NOISED):
        raise ValueError(f"`{attribute.key}` is not shown at `{fidelity.name}`; decide on a rung it has")
    if fidelity is Fidelity.PRESENCE or not fits(attribute.kind, held):
        return Shown(fidelity)
    if fidelity is Fidelity.PRECISE:
        return Shown(fidelity, value=held)
    rung = attribute.ladder.get(fidelity, {})
    if fidelity is Fidelity.EFFECT_ONLY:
        return Shown(fidelity, effect=effect_of(held, rung))
    if fidelity is Fidelity.CATEGORY and is_number(held):
        low, high = _band(held, rung)
        return Shown(fidelity, low=low, high=high)
    transform = _TRANSFORMS.get(str(rung.get("transform")))
    value = None if transform is None else transform(held, rung, context)
    return Shown(fidelity, value=value if value is not None and fits(attribute.kind, value) else None)


def _band(held: float, rung: Rung) -> tuple[float | None, float | None]:
    edges = rung.get("edges")
    return band(held, [one for one in edges if is_number(one)]) if is_sequence(edges) else (None, None)


def _rounded(held: Held, rung: Rung, _: ShowContext) -> Held | None:
    step = rung.get("step")
    if not is_number(step) or step <= 0:
        return None
    if is_position(held):
        return tuple(rounded(float(one), step) for one in held)
    return rounded(held, step) if is_number(held) else None


def _grouped(held: Held, rung: Rung, _: ShowContext) -> Held | None:
    groups = rung.get("map")
    if not isinstance(groups, Mapping):
        return None
    if is_words(held):
        return distinct(groups.get(word) for word in held)
    found = groups.get(held)
    return found if isinstance(found, str) else None


def _named(held: Held, rung: Rung, context: ShowContext) -> Held | None:
    name = rung.get("level", rung.get("to"))
    if not isinstance(name, str):
        return None
    if isinstance(held, str):
        return of_word(held, name, context)
    if is_position(held):
        return of_position(held, name, context)
    return of_words(held, name, context) if is_words(held) else None


def _first(held: Held, rung: Rung, _: ShowContext) -> Held | None:
    k = rung.get("k")
    return held[:k] if is_int(k) and k > 0 and is_words(held) else None


_TRANSFORMS: Mapping[str, Callable[[Held, Rung, ShowContext], Held | None]] = {
    "round": _rounded,
    "group": _grouped,
    "ancestor": _named,
    "truncate": _named,
    "top_k": _first,
}
