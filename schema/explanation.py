"""The explanation of a decision: all eight gates in order, and what would have to change."""

import strawberry

from resolvers.explaining import ExplainAsked, explain
from resolvers.explaining import Explanation as Explained
from resolvers.pacing import WORK_OF_A_KEY, each
from schema.field import CONSENT_DATA, NO_DATA, AttributeKey, ChannelKey, DateTime, PurposeKey, field, given
from schema.governance_words import FidelityWord, Gate, OperationWord, fidelity_word
from schema.operation import Operation


@strawberry.input(description="Whom and what to decide on, as if a signed-in caller asked, private and visible.")
class ExplainInput:
    """A question; without `operation` those a request would have, without `deviceId` a linked device of hers."""

    subject_id: strawberry.ID
    recipient_id: strawberry.ID
    purpose: PurposeKey
    operation: OperationWord | None = strawberry.UNSET
    channel: ChannelKey
    device_id: strawberry.ID | None = strawberry.UNSET
    keys: list[AttributeKey]
    at: DateTime | None = strawberry.UNSET

    def asked(self) -> ExplainAsked:
        """Return what is asked."""
        return ExplainAsked(
            subject=self.subject_id,
            recipient=self.recipient_id,
            purpose=self.purpose,
            channel=self.channel,
            keys=tuple(self.keys),
            operation=given(self.operation),
            device=given(self.device_id),
            at=given(self.at),
        )


@strawberry.type(description="One gate's answer.")
class GateAnswer:
    """The highest rung one gate lets through, and why not more."""

    gate: Gate = field("The gate.", category=NO_DATA)
    ceiling: FidelityWord | None = field("The highest rung it lets through; null for none.", category=CONSENT_DATA)
    reason: str = field("Its reasons, joined with commas; `PERMITTED` at the top.", category=CONSENT_DATA)
    record_ids: list[strawberry.ID] = field("The records it rests on.", category=CONSENT_DATA)
    rule: str | None = field("The rule it went by.", category=NO_DATA)
    decisive: bool = field("Whether it is at the minimum.", category=NO_DATA)


@strawberry.type(description="Why an attribute would be let out as far as it would, and no further.")
class Explanation:
    """One attribute's decision."""

    key: AttributeKey = field("The attribute.", category=NO_DATA)
    ceiling: FidelityWord | None = field("The highest rung let out; null for none.", category=CONSENT_DATA)
    gates: list[GateAnswer] = field("All eight gates, in their order.", category=CONSENT_DATA)
    would_change_if: list[str] = field("The gate that alone holds it down, if one does.", category=CONSENT_DATA)


async def explanations(
    info: strawberry.Info[Operation],
    input: ExplainInput,  # noqa: A002 the contract's word
) -> list[Explanation] | None:
    """Explain each key, in the order asked."""
    context = info.context.context
    found = await explain(context, input.asked())
    return [_explanation(one) async for one in each(context.pace, found, WORK_OF_A_KEY)]


def _explanation(found: Explained) -> Explanation:
    return Explanation(
        key=AttributeKey(found.key),
        ceiling=fidelity_word(found.ceiling),
        gates=[
            GateAnswer(
                gate=gate.gate,
                ceiling=fidelity_word(gate.ceiling),
                reason=gate.reason,
                record_ids=[strawberry.ID(record) for record in gate.records],
                rule=gate.rule,
                decisive=gate.decisive,
            )
            for gate in found.gates
        ],
        would_change_if=list(found.would_change_if),
    )
