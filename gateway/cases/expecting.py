"""What a case expects of each attribute it names, as it is written; the comparison lives elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.cases.fields import Row, instant, member, whole
from gateway.cases.names import Names
from gateway.cases.reading import Item
from graph.terms import Fidelity, NextActionKind, Reason


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one attribute; only what `stated` names is compared, beside the fidelity."""

    key: str
    fidelity: Fidelity
    stated: frozenset[str]
    reasons: frozenset[Reason]
    next_action: NextActionKind | None
    evidence: frozenset[int]
    valid_until: datetime | None


def expectations(item: Item, names: Names, *, records: int) -> tuple[Expectation, ...]:
    """Read what is expected; `records` is how many the case has; raises `CaseFault`."""
    if not isinstance(item.value, Mapping) or not item.value:
        raise item.fault("nothing is expected; name at least one attribute and its `fidelity`")
    return tuple(_one(key, item, names, records=records) for key in item.value)


def _one(key: str, item: Item, names: Names, *, records: int) -> Expectation:
    assert isinstance(item.value, Mapping)  # noqa: S101 checked above
    names.attribute(Item(key, item.file, item.lines[key]))
    what = f"the expectation of `{key}`"
    row = Row.of(item.value[key], what, required="fidelity", optional="reasons next_action evidence valid_until")
    return Expectation(
        key=key,
        fidelity=_fidelity(row.need("fidelity")),
        stated=frozenset(row.cells),
        reasons=frozenset(row.each("reasons", member(Reason))),
        next_action=row.read("next_action", member(NextActionKind), None),
        evidence=frozenset(row.each("evidence", whole(1, records))),
        valid_until=row.read("valid_until", instant, None),
    )


def _fidelity(item: Item) -> Fidelity:
    found = member(Fidelity)(item)
    if found is Fidelity.NOISED:
        raise item.fault("`NOISED` counts as absent in this version; expect the rung below it")
    return found
