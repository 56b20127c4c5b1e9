"""The enums of governance: the graph's closed lists under their public names; take them from here, made ready."""

from enum import StrEnum

import strawberry

from graph.terms import AgeBand, Gate, GivenBy, Operation, Origin, RecordKind, Standing
from resolvers.lineage import Direction
from schema.words import FidelityWord, fidelity_word

__all__ = [
    "AgeBand",
    "Direction",
    "FidelityWord",
    "Gate",
    "GivenBy",
    "OperationWord",
    "Origin",
    "RecordKind",
    "SubjectState",
    "fidelity_word",
    "subject_state",
]

OperationWord = Operation  # made an enum of the contract in `schema.words`, which has run by now


@strawberry.enum(name="SubjectState", description="Whether a subject may be decided on at all.")
class SubjectState(StrEnum):
    """How a known subject stands."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    ERASED = "ERASED"


strawberry.enum(AgeBand, name="AgeBand", description="Age band of a subject; UNKNOWN where no token said.")
strawberry.enum(Gate, name="Gate", description="The eight gates of a decision, in their order.")
strawberry.enum(GivenBy, name="GivenBy", description="Who made a record.")
strawberry.enum(Origin, name="Origin", description="Where a value came from.")
strawberry.enum(RecordKind, name="RecordKind", description="What a consent record says.")
strawberry.enum(Direction, name="LineageDirection", description="UP to the sources, DOWN to what is made of them.")


def subject_state(standing: Standing) -> SubjectState:
    """Return the public word of a known subject's standing."""
    return SubjectState[standing.name]
