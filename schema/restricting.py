"""Restriction and erasure of one subject at her request."""

from typing import Annotated

import strawberry

from resolvers.problems import Problem
from resolvers.restricting import SubjectChanged, erase_subject, restrict_subject
from schema.field import CONSENT_DATA, IDENTITY_DATA, field
from schema.governance_words import SubjectState, subject_state
from schema.operation import Operation
from schema.problems import InvalidInput, invalid_input

Info = strawberry.Info[Operation]


@strawberry.input(description="A restriction (GDPR Art. 18), or with `restricted: false` its lifting.")
class RestrictSubjectInput:
    """What `restrictSubject` takes."""

    idempotency_key: strawberry.ID
    subject_id: strawberry.ID
    restricted: bool
    case_reference: str


@strawberry.input(description="An erasure (GDPR Art. 17), for good.")
class EraseSubjectInput:
    """What `eraseSubject` takes."""

    idempotency_key: strawberry.ID
    subject_id: strawberry.ID
    case_reference: str


@strawberry.type(description="How a subject stands after an act at her request.")
class SubjectUpdated:
    """The answer."""

    subject_id: strawberry.ID = field("The subject.", category=IDENTITY_DATA)
    state: SubjectState = field("How she stands now.", category=CONSENT_DATA)
    recipients_to_notify: list[strawberry.ID] = field(
        "Everybody who received something of hers and has to be told (GDPR Art. 19).", category=CONSENT_DATA
    )
    receipt: str = field("The act as a compact JWS, checkable with the published keys.", category=CONSENT_DATA)


SubjectPayload = Annotated[
    SubjectUpdated | InvalidInput,
    strawberry.union("SubjectPayload", description="How the subject stands, or what to mend."),
]


async def restricted_subject(
    info: Info,
    input: RestrictSubjectInput,  # noqa: A002 the contract's word
) -> SubjectPayload:
    """Restrict a subject, or lift that."""
    found = await restrict_subject(
        info.context.context,
        input.idempotency_key,
        input.subject_id,
        restricted=input.restricted,
        case=input.case_reference,
    )
    return _answer(found)


async def erased_subject(
    info: Info,
    input: EraseSubjectInput,  # noqa: A002 the contract's word
) -> SubjectPayload:
    """Erase a subject."""
    context = info.context.context
    return _answer(await erase_subject(context, input.idempotency_key, input.subject_id, case=input.case_reference))


def _answer(found: SubjectChanged | Problem) -> SubjectPayload:
    if isinstance(found, Problem):
        return invalid_input(found)
    return SubjectUpdated(
        subject_id=strawberry.ID(found.subject),
        state=subject_state(found.standing),
        recipients_to_notify=[strawberry.ID(recipient) for recipient in found.recipients],
        receipt=found.receipt,
    )
