"""Views of one decision: which reasons an audience sees, what it can do, and what would have to change (2.5)."""

from dataclasses import dataclass

from graph.decision.request import Decision
from graph.terms import Gate, NextActionKind, Reason

# What speaks of app and device rather than of the person: a third party's app sees these as they are.
OF_APP_AND_DEVICE = frozenset(
    {
        Reason.OUTSIDE_TOKEN_SCOPE,
        Reason.NOT_FOR_THIS_PURPOSE,
        Reason.CHANNEL_LIMIT,
        Reason.DEVICE_NOT_TRUSTED,
        Reason.SHARED_DEVICE,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a client is told of one withheld attribute."""

    reasons: tuple[Reason, ...]
    next_action: NextActionKind | None


def told(decision: Decision, *, third_party: bool) -> Told:
    """Return reasons and next action as the subject's own client, or a third party's app, may see them."""
    rows = [
        (reason, action)
        for answer in decision.decisive
        for reason, action in zip(answer.reasons, answer.actions, strict=True)
    ]
    if third_party:
        rows = [row if row[0] in OF_APP_AND_DEVICE else _as_missing() for row in rows]
    actions = [action for _, action in rows]
    return Told(
        reasons=tuple(dict.fromkeys(reason for reason, _ in rows)),
        next_action=actions[0] if actions and None not in actions else None,
    )


def _as_missing() -> tuple[Reason, NextActionKind | None]:
    return Reason.CONSENT_MISSING, NextActionKind.ASK_CONSENT


def would_change_if(decision: Decision) -> tuple[Gate, ...]:
    """Return the gate that stands alone at the minimum: were it higher, so would the decision be."""
    decisive = [answer for answer in decision.decisive if answer.reasons]
    return (decisive[0].gate,) if len(decision.decisive) == 1 and decisive else ()
