"""Rows of attributes: their ladder of fidelity and the lineage edges into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.terms import Fidelity, Origin, Sensitivity, ValueKind

Rung = Mapping[str, object]
"""Parameters of one rung of a ladder, as the `ladder` column writes them."""

INTRUSION: Mapping[Origin, int] = {Origin.DECLARED: 2, Origin.OBSERVED: 3, Origin.DERIVED: 4, Origin.INFERRED: 4}
"""The level an attribute needs where its row does not say (gate 7)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One lineage edge into an attribute; a mask takes its subtree of categories away (7.1)."""

    key: str
    masks: frozenset[str] = frozenset()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One named value: its category, kind, origin and fidelity ladder."""

    key: str
    category: str
    kind: ValueKind
    sensitivity: Sensitivity
    origin: Origin
    rungs: tuple[Fidelity, ...]
    purposes: frozenset[str]
    channels: frozenset[str]
    observed_on: frozenset[str]
    safety: bool = False
    exposed: bool = True
    intrusion: int = 2
    sources: tuple[Source, ...] = ()
    ladder: Mapping[Fidelity, Rung] = field(default_factory=dict, compare=False)
    graphql_type: str = ""
    graphql_field: str = ""
    title: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    enum_values: tuple[str, ...] = ()
    lease_seconds: int | None = None
    default_fidelity: Fidelity = Fidelity.NONE
    default_release: str = ""
    default_duration: str = ""
    default_effect: str = ""
    format: str = ""

    @property
    def top(self) -> Fidelity:
        """Return the highest rung of the ladder."""
        return self.rungs[-1]

    def floor(self, fidelity: Fidelity) -> Fidelity:
        """Round down to a rung the attribute has (2.6)."""
        return max(rung for rung in self.rungs if rung <= fidelity)

    def above(self, fidelity: Fidelity) -> Fidelity | None:
        """Return the next rung above, or `None` at the top."""
        return next((rung for rung in self.rungs if rung > fidelity), None)
