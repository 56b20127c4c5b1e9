"""What a store tells of states that moved: of whom, and from where to ask on."""

from dataclasses import dataclass
from typing import TypeAlias

from graph.terms import PartyKind

PartyName: TypeAlias = tuple[PartyKind, str]
MOST_KNOWN = 1000  # parties in one question about what is known: some 10 ms of a server's time


@dataclass(frozen=True, slots=True)
class Moved:
    """Whose states changed since a cursor, and the cursor from which to ask on."""

    after: str
    parties: tuple[PartyName, ...] = ()
