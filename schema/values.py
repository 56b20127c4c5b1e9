"""Values on their way in: what may be stored is stored, the rest is named with its reasons."""

from typing import Annotated

import strawberry

from graph.incoming import Given as GivenKinds
from resolvers.acts import GivenValue
from resolvers.acts import ValuesRecorded as ValuesRecordedFound
from resolvers.problems import Problem as ProblemFound
from schema.field import NO_DATA, AttributeKey, DateTime, PurposeKey, field, given, several
from schema.outcome import Remedy, WithheldEntry
from schema.problems import InvalidInput, problem


@strawberry.input(description="One value; exactly one of the kinds is given.")
class ValueInput:
    """A value and where it came from."""

    key: AttributeKey
    int_: int | None = strawberry.field(name="int", default=strawberry.UNSET)
    float_: float | None = strawberry.field(name="float", default=strawberry.UNSET)
    string: str | None = strawberry.UNSET
    boolean: bool | None = strawberry.UNSET
    string_list: list[str] | None = strawberry.UNSET
    float_list: list[float] | None = strawberry.UNSET
    observed_at: DateTime | None = strawberry.UNSET
    sources: list[AttributeKey] = strawberry.field(default_factory=list)

    def value(self) -> GivenValue:
        """Return the value as it was given."""
        return GivenValue(
            key=self.key,
            given=GivenKinds(
                int_=given(self.int_),
                float_=given(self.float_),
                string=given(self.string),
                boolean=given(self.boolean),
                string_list=several(self.string_list),
                float_list=several(self.float_list),
            ),
            observed_at=given(self.observed_at),
            sources=tuple(self.sources),
        )


@strawberry.input(description="Values to store, for one purpose.")
class RecordValuesInput:
    """What `recordValues` takes."""

    idempotency_key: strawberry.ID
    purpose: PurposeKey
    values: list[ValueInput]


@strawberry.type(description="Which values were stored.")
class ValuesRecorded:
    """What recording made."""

    keys: list[AttributeKey] = field("Stored.", category=NO_DATA)
    not_recorded: list[WithheldEntry] = field("Not stored, and why.", category=NO_DATA)


ValuesAnswer = Annotated[ValuesRecorded | InvalidInput, strawberry.union("RecordValuesPayload")]


def values_answer(found: ValuesRecordedFound | ProblemFound, remedy: Remedy) -> ValuesAnswer:
    """Return what was stored, or why nothing was, as the contract tells it."""
    if isinstance(found, ProblemFound):
        told: ValuesAnswer = problem(found)
        return told
    return ValuesRecorded(
        keys=[AttributeKey(key) for key in found.keys],
        not_recorded=[remedy.withheld(one.key, one.told) for one in found.not_recorded],
    )
