"""Consent as a person gives and takes it: offers, notices, acts, and what they answer."""

from typing import Annotated

import strawberry

from graph.terms import Fidelity, Level, Operation
from resolvers.acts import BoundTo, CellChoice, Changed, GiveConsent, ScopeAsked
from resolvers.notices import NoticeShown
from resolvers.offers import OfferShown
from resolvers.problems import Problem as ProblemFound
from schema.field import (
    CONSENT_DATA,
    IDENTITY_DATA,
    NO_DATA,
    AttributeKey,
    CategoryKey,
    ChannelKey,
    DateTime,
    PurposeKey,
    field,
    given,
    several,
)
from schema.outcome import Remedy, WithheldEntry
from schema.problems import GuardianRequired, InvalidInput, OfferExpired, StepUpRequired, problem
from schema.words import FidelityWord, LevelWord


@strawberry.type(description="A notice, as it is shown.")
class Notice:
    """One version of a notice in one language."""

    id: strawberry.ID = field("The notice.", category=NO_DATA)
    version: int = field("Its version.", category=NO_DATA)
    title: str = field("Its title.", category=NO_DATA)
    body: str = field("Its text.", category=NO_DATA)
    locale: str = field("The language it is in (BCP 47).", category=NO_DATA)
    effective_from: DateTime = field("From when on it is in force.", category=NO_DATA)


def notice(found: NoticeShown) -> Notice:
    """Return a notice as the contract tells it."""
    return Notice(
        id=strawberry.ID(found.id),
        version=found.version,
        title=found.title,
        body=found.body,
        locale=found.locale,
        effective_from=DateTime(found.effective_from),
    )


@strawberry.type(description="One thing a person is asked about.")
class Cell:
    """One cell of an offer."""

    purpose: PurposeKey = field("What for.", category=NO_DATA)
    category: CategoryKey = field("Which kind of data.", category=NO_DATA)
    recipient_name: str = field("For whom.", category=NO_DATA)
    operation: Operation = field("What is done with it.", category=NO_DATA)
    special: bool = field("Whether it is a special category (GDPR Art. 9).", category=NO_DATA)
    max_fidelity: FidelityWord = field("The highest rung that may be chosen.", category=NO_DATA)


@strawberry.type(description="A signed, short-lived token to show to the person; consent cites it.")
class Offer:
    """What is shown before a yes or a no."""

    token: str = field("Cited by `giveConsent` or `refuseConsent`, once.", category=CONSENT_DATA)
    notice: Notice = field("The text to show.", category=NO_DATA)
    cells: list[Cell] = field("What is asked.", category=CONSENT_DATA)
    raises_level_to: LevelWord | None = field("The level a yes sets, if the one set is too low.", category=CONSENT_DATA)
    expires_at: DateTime = field("When the token ends.", category=NO_DATA)


def offer(found: OfferShown) -> Offer:
    """Return an offer as the contract tells it."""
    return Offer(
        token=found.token,
        notice=notice(found.notice),
        cells=[
            Cell(
                purpose=PurposeKey(one.purpose),
                category=CategoryKey(one.category),
                recipient_name=one.recipient_name,
                operation=one.operation,
                special=one.special,
                max_fidelity=FidelityWord[one.max_fidelity.name],
            )
            for one in found.cells
        ],
        raises_level_to=level_word(found.raises_level_to),
        expires_at=DateTime(found.expires_at),
    )


def level_word(level: Level | None) -> LevelWord | None:
    """Return a level's public word."""
    return None if level is None else LevelWord[level.name]


@strawberry.input(description="One cell of the offer that is said yes to, up to a rung.")
class CellChoiceInput:
    """One choice."""

    purpose: PurposeKey
    category: CategoryKey
    operation: Operation
    fidelity: FidelityWord | None = FidelityWord.PRECISE


@strawberry.input(description="A yes to chosen cells of an offer.")
class GiveConsentInput:
    """What `giveConsent` takes."""

    idempotency_key: strawberry.ID
    offer_token: str
    choices: list[CellChoiceInput]
    channels: list[ChannelKey] | None = strawberry.UNSET
    device_id: strawberry.ID | None = strawberry.UNSET
    this_session_only: bool = False
    expires_at: DateTime | None = strawberry.UNSET

    def act(self) -> GiveConsent:
        """Return the act."""
        return GiveConsent(
            key=self.idempotency_key,
            offer_token=self.offer_token,
            choices=tuple(
                CellChoice(
                    one.purpose, one.category, one.operation, Fidelity[(one.fidelity or FidelityWord.PRECISE).name]
                )
                for one in self.choices
            ),
            channels=several(self.channels),
            device=given(self.device_id),
            this_session_only=self.this_session_only,
            expires_at=given(self.expires_at),
        )


@strawberry.input(description="A no to every cell of an offer.")
class RefuseConsentInput:
    """What `refuseConsent` takes."""

    idempotency_key: strawberry.ID
    offer_token: str


@strawberry.input(description="An absent dimension means all of it.")
class ScopeInput:
    """What a no speaks about."""

    purpose: PurposeKey | None = strawberry.UNSET
    category: CategoryKey | None = strawberry.UNSET
    recipient_id: strawberry.ID | None = strawberry.UNSET
    channel: ChannelKey | None = strawberry.UNSET
    device_id: strawberry.ID | None = strawberry.UNSET
    operations: list[Operation] | None = strawberry.UNSET

    def scope(self) -> ScopeAsked:
        """Return the scope asked."""
        return ScopeAsked(
            purpose=given(self.purpose),
            category=given(self.category),
            recipient=given(self.recipient_id),
            channel=given(self.channel),
            device=given(self.device_id),
            operations=several(self.operations),
        )


@strawberry.input(description="A withdrawal; it always succeeds.")
class WithdrawConsentInput:
    """What `withdrawConsent` takes."""

    idempotency_key: strawberry.ID
    scope: ScopeInput


@strawberry.input(description="A withdrawal of everything.")
class WithdrawAllInput:
    """What `withdrawAll` takes."""

    idempotency_key: strawberry.ID


@strawberry.input(description="An objection (GDPR Art. 21).")
class ObjectToProcessingInput:
    """What `objectToProcessing` takes."""

    idempotency_key: strawberry.ID
    scope: ScopeInput


@strawberry.input(description="How far personalization may go, on one channel or on all.")
class SetPersonalizationLevelInput:
    """What `setPersonalizationLevel` takes."""

    idempotency_key: strawberry.ID
    channel: ChannelKey | None = strawberry.UNSET
    level: LevelWord


@strawberry.type(description="Proof of one consent act, checkable offline with the published keys.")
class Receipt:
    """A signed receipt."""

    id: strawberry.ID = field("The receipt.", category=CONSENT_DATA)
    jws: str = field("Compact JWS over canonical JSON.", category=CONSENT_DATA)
    issued_at: DateTime = field("When it was issued.", category=NO_DATA)


@strawberry.type(description="A consent act took effect.")
class ConsentChanged:
    """What a consent act made."""

    receipt: Receipt = field("Proof of it.", category=CONSENT_DATA)
    revision: str = field("The consent state it made.", category=CONSENT_DATA)
    consistency_token: str = field("A read that brings it sees at least this change.", category=NO_DATA)
    still_withheld: list[WithheldEntry] = field(
        "Cells said yes to that an earlier, more specific no still holds back.", category=CONSENT_DATA
    )
    needed_for_contract: list[AttributeKey] = field(
        "Released in spite of this no: a contract needs them (NEEDED_FOR_CONTRACT).", category=CONSENT_DATA
    )
    bound_to: BoundTo = field(
        "DEVICE when the caller was not signed in: the change binds this device only.", category=IDENTITY_DATA
    )


ConsentAnswer = Annotated[
    ConsentChanged | InvalidInput | OfferExpired | StepUpRequired | GuardianRequired,
    strawberry.union("ConsentPayload"),
]


def consent_answer(found: Changed | ProblemFound, remedy: Remedy) -> ConsentAnswer:
    """Return what an act made, or why it did not, as the contract tells it."""
    if isinstance(found, ProblemFound):
        told: ConsentAnswer = problem(found)
        return told
    return ConsentChanged(
        receipt=Receipt(
            id=strawberry.ID(found.receipt.id), jws=found.receipt.jws, issued_at=DateTime(found.receipt.issued_at)
        ),
        revision=found.revision,
        consistency_token=found.consistency_token,
        still_withheld=[remedy.withheld(one.key, one.told) for one in found.still_withheld],
        needed_for_contract=[AttributeKey(key) for key in found.needed_for_contract],
        bound_to=found.bound_to,
    )
