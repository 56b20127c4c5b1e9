"""What a scope touches, worked out on the catalogue's trees, and how many people that are."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reach:
    """What a scope touches, worked out on the catalogue's trees; an absent set is the scope's own node alone.

    `purposes` and `categories` are the nodes related to the scope's, `recipients` and `groups` those it speaks of,
    `keys` the attributes whose category it touches. `sealed` makes a subject's name in the ledger of her id, so that
    somebody with a record and a disclosure counts once; give it wherever entries are sealed.
    """

    purposes: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    recipients: frozenset[str] | None = None
    groups: frozenset[str] = frozenset()
    keys: frozenset[str] | None = None
    sealed: Callable[[str], str] = str


NOWHERE_ELSE = Reach()  # the scope's own nodes and nothing related to them


@dataclass(frozen=True, slots=True)
class Population:
    """What a withdrawal by everybody would touch."""

    subjects: int = 0
    recipients: frozenset[str] = field(default_factory=frozenset)
    keys: frozenset[str] = field(default_factory=frozenset)
