"""The contract's enums: the graph's closed lists under their public names."""

from enum import StrEnum

import strawberry

from graph.terms import DeviceKind, Fidelity, NextActionKind, Operation, Outcome, Reason
from resolvers.acts import BoundTo


@strawberry.enum(name="Fidelity", description="How much of a value is let out, lowest first.")
class FidelityWord(StrEnum):
    """The rungs an answer can be at; NONE is told as an outcome."""

    EFFECT_ONLY = "EFFECT_ONLY"
    PRESENCE = "PRESENCE"
    CATEGORY = "CATEGORY"
    COARSE = "COARSE"
    NOISED = "NOISED"
    PRECISE = "PRECISE"


@strawberry.enum(name="PersonalizationLevel", description="How far personalization may go; it caps and never grants.")
class LevelWord(StrEnum):
    """The levels a person can set, lowest first."""

    OFF = "OFF"
    CONTEXTUAL = "CONTEXTUAL"
    DECLARED = "DECLARED"
    OBSERVED = "OBSERVED"
    INFERRED = "INFERRED"
    PREDICTIVE = "PREDICTIVE"


strawberry.enum(Operation, name="Operation", description="What is done with an attribute.")
strawberry.enum(Outcome, name="Outcome", description="NOT_HELD: permitted, and nothing is there.")
strawberry.enum(
    Reason, name="WithheldReason", description="New reasons may appear: treat an unknown one as CONSENT_MISSING."
)
strawberry.enum(NextActionKind, name="NextActionKind", description="What can be done about a withheld attribute.")
strawberry.enum(DeviceKind, name="DeviceKind", description="What kind of device a person uses.")
strawberry.enum(BoundTo, name="Binding", description="DEVICE when the caller was not signed in.")


RUNGS = {rung: FidelityWord[rung.name] for rung in Fidelity if rung}


def fidelity_word(fidelity: Fidelity | None) -> FidelityWord | None:
    """Return a rung's public word; nothing for NONE."""
    return RUNGS.get(fidelity) if fidelity else None
