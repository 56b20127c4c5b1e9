"""The port that seals what somebody was told is on record, so that she can bring it back and read no less."""

from typing import Protocol

from graph.store import Seen


class ConsistencyTokens(Protocol):
    """Seals what was seen into tokens that say nothing, and that nobody can make."""

    def write(self, seen: Seen) -> str:
        """Return a token; two of the same are never alike, so that two apps cannot find that they serve one person."""
        ...

    def read(self, text: str) -> Seen:
        """Return what a token was made of; raises `BadUserInput` for any other text."""
        ...
