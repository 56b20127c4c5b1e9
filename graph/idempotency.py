"""Commands answered in the last 24 h: whose they are, how long they are kept, and what a key that comes back gets."""

from datetime import timedelta
from typing import Final

from graph.errors import KeyReused
from graph.instants import MICROSECOND
from graph.store import Appended, Command
from graph.terms import PartyKind

KEPT: Final = timedelta(hours=24) // MICROSECOND  # 4.3; half-open

CATALOGUE: Final = "CATALOGUE"  # whose commands those of governance are; no party is called so


def whose(kind: PartyKind, party: str) -> str:
    """Return by what name a party's commands are kept: parties of two kinds share none."""
    return f"{kind.value}:{party}"


def again(command: Command, fingerprint: str, revision: int, answer: str) -> Appended:
    """Return the answer kept under a key that came back; raises `KeyReused` for another input."""
    if fingerprint != command.fingerprint:
        raise KeyReused("the idempotency key was used with another input; use a new key")
    return Appended(revision, answer, replayed=True)
