"""What is asked and what is answered: request, decision, one gate's answer. Values only."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from graph.terms import (
    AgeBand,
    Audience,
    Fidelity,
    Gate,
    NextActionKind,
    Occupancy,
    Operation,
    Reason,
    Signal,
    Visibility,
)

WORK, SCHOOL = "WORK", "SCHOOL"  # the two places that close something; any other word closes nothing


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """One entry of a token's `authorization_details` (RFC 9396); `None` is all, an empty set nothing."""

    purposes: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    operations: frozenset[Operation] | None = None


EVERYTHING: tuple[TokenEntry, ...] = (TokenEntry(),)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the client says of its session; it can only lower (2.2). `None` says nothing."""

    occupancy: Occupancy | None = None
    visibility: Visibility | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question; `operations` absent means those 2.2 computes, `assurance` is cut to the channel's most."""

    recipient: str
    purpose: str
    channel: str
    at: datetime
    audience: Audience = Audience.CLIENT
    device: str | None = None
    session: str | None = None
    assurance: int = 2
    claims: Claims = Claims()
    signals: frozenset[Signal] = frozenset()
    token: tuple[TokenEntry, ...] = EVERYTHING
    operations: tuple[Operation, ...] | None = None
    trains: bool = False
    place_jurisdiction: str | None = None
    controller_region: str | None = None
    unknown_age: AgeBand | None = None
    step_up_until: datetime | None = None


class GateAnswer(NamedTuple):
    """The highest rung one gate lets through, why not more, by which records and rule.

    A named tuple, as frozen as a record and made in a third of the time: there are eight of them an attribute.
    `actions` has one entry a reason, in the same order: what the client can do about it, or `None`.
    """

    gate: Gate
    ceiling: Fidelity
    reasons: tuple[Reason, ...] = ()
    actions: tuple[NextActionKind | None, ...] = ()
    evidence: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one attribute: the lowest of eight ceilings, with everything needed to explain it."""

    key: str
    ceiling: Fidelity
    gates: tuple[GateAnswer, ...]
    evidence: tuple[str, ...]
    valid_until: datetime | None

    @property
    def decisive(self) -> tuple[GateAnswer, ...]:
        """Return the gates at the minimum, in the table's order."""
        return tuple(answer for answer in self.gates if answer.ceiling == self.ceiling)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return the reasons of all gates at the minimum, each once, in the table's order."""
        return tuple(dict.fromkeys(reason for answer in self.decisive for reason in answer.reasons))

    @property
    def next_action(self) -> NextActionKind | None:
        """Return what the client can do: nothing if one reason has no remedy, else the first gate's (2.5)."""
        actions = [action for answer in self.decisive for action in answer.actions]
        return actions[0] if actions and None not in actions else None
