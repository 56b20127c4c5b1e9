"""What a person sees of her own consent: records, impact before the act, who received what."""

import strawberry

from graph.terms import Operation
from resolvers.cursors import Paged
from resolvers.impact import ImpactShown
from resolvers.listing import ConsentShown, ConsentState, DisclosureShown
from schema.connection import PageInfo, page_info
from schema.consent import Notice, notice
from schema.field import (
    CONSENT_DATA,
    NO_DATA,
    AttributeKey,
    CategoryKey,
    ChannelKey,
    DateTime,
    PurposeKey,
    field,
    instant_or_none,
)
from schema.words import FidelityWord, fidelity_word

strawberry.enum(ConsentState, name="ConsentState", description="How a consent record stands now.")


@strawberry.type(description="One consent record as its person sees it.")
class Consent:
    """A yes or a no, and how it stands."""

    id: strawberry.ID = field("The record.", category=CONSENT_DATA)
    purpose: PurposeKey | None = field("What for; null is everything.", category=CONSENT_DATA)
    category: CategoryKey | None = field("Which kind of data; null is everything.", category=CONSENT_DATA)
    recipient_name: str | None = field("For whom; null is everybody.", category=CONSENT_DATA)
    channel: ChannelKey | None = field("On which channel; null is every one.", category=CONSENT_DATA)
    operations: list[Operation] | None = field("What is done with it; null is everything.", category=CONSENT_DATA)
    fidelity: FidelityWord | None = field("Up to which rung; null for a no.", category=CONSENT_DATA)
    state: ConsentState = field("How it stands now.", category=CONSENT_DATA)
    given_at: DateTime = field("When it was given.", category=CONSENT_DATA)
    ends_at: DateTime | None = field("When it ends, if it does.", category=CONSENT_DATA)
    notice: Notice = field("The notice it cites.", category=NO_DATA)


def consent(found: ConsentShown) -> Consent:
    """Return a record as the contract tells it."""
    return Consent(
        id=strawberry.ID(found.id),
        purpose=None if found.purpose is None else PurposeKey(found.purpose),
        category=None if found.category is None else CategoryKey(found.category),
        recipient_name=found.recipient_name,
        channel=None if found.channel is None else ChannelKey(found.channel),
        operations=None if found.operations is None else list(found.operations),
        fidelity=fidelity_word(found.fidelity),
        state=found.state,
        given_at=DateTime(found.given_at),
        ends_at=instant_or_none(found.ends_at),
        notice=notice(found.notice),
    )


@strawberry.type(description="A consent record in a listing.")
class ConsentEdge:
    """An edge."""

    cursor: str = field("Where it stands in the listing.", category=NO_DATA)
    node: Consent = field("The record.", category=CONSENT_DATA)


@strawberry.type(description="A person's consent records.")
class ConsentConnection:
    """A page."""

    edges: list[ConsentEdge] = field("The rows of this page.", category=CONSENT_DATA)
    page_info: PageInfo = field("Where this page stands.", category=NO_DATA)


@strawberry.type(description="What one recipient received for one purpose.")
class Disclosure:
    """Disclosures, rolled up."""

    id: strawberry.ID = field("This line of the list.", category=NO_DATA)
    recipient_name: str = field("Who received it.", category=CONSENT_DATA)
    purpose: PurposeKey = field("What for.", category=CONSENT_DATA)
    keys: list[AttributeKey] = field("Which attributes.", category=CONSENT_DATA)
    first_at: DateTime = field("First time.", category=CONSENT_DATA)
    last_at: DateTime = field("Last time.", category=CONSENT_DATA)
    count: int = field("How often.", category=CONSENT_DATA)


def disclosure(found: DisclosureShown) -> Disclosure:
    """Return a rolled-up disclosure as the contract tells it."""
    return Disclosure(
        id=strawberry.ID(found.id),
        recipient_name=found.recipient_name,
        purpose=PurposeKey(found.purpose),
        keys=[AttributeKey(key) for key in found.keys],
        first_at=DateTime(found.first_at),
        last_at=DateTime(found.last_at),
        count=found.count,
    )


@strawberry.type(description="A rolled-up disclosure in a listing.")
class DisclosureEdge:
    """An edge."""

    cursor: str = field("Where it stands in the listing.", category=NO_DATA)
    node: Disclosure = field("The disclosure.", category=CONSENT_DATA)


@strawberry.type(description="Who received what about a person.")
class DisclosureConnection:
    """A page."""

    edges: list[DisclosureEdge] = field("The rows of this page.", category=CONSENT_DATA)
    page_info: PageInfo = field("Where this page stands.", category=NO_DATA)


@strawberry.type(description="What one recipient would lose.")
class RecipientImpact:
    """One recipient's share of an impact."""

    recipient_name: str = field("Who.", category=NO_DATA)
    keys: list[AttributeKey] = field("Which attributes.", category=NO_DATA)


@strawberry.type(description="What would stop if this were withdrawn. Changes nothing.")
class Impact:
    """The impact of a withdrawal, before it."""

    attributes_stopped: list[AttributeKey] = field("Attributes that would be withheld.", category=CONSENT_DATA)
    recipients: list[RecipientImpact] = field("Who would lose what.", category=CONSENT_DATA)
    already_received: list[Disclosure] = field("What was received already and stays received.", category=CONSENT_DATA)


def impact(found: ImpactShown) -> Impact:
    """Return an impact as the contract tells it."""
    return Impact(
        attributes_stopped=[AttributeKey(key) for key in found.attributes_stopped],
        recipients=[
            RecipientImpact(recipient_name=name, keys=[AttributeKey(key) for key in keys])
            for name, keys in found.recipients
        ],
        already_received=[disclosure(one) for one in found.already_received],
    )


def consents(found: Paged[ConsentShown]) -> ConsentConnection:
    """Return a page of consent records as the contract tells it."""
    return ConsentConnection(
        edges=[ConsentEdge(cursor=cursor, node=consent(row)) for cursor, row in found.rows],
        page_info=page_info(found),
    )


def disclosures(found: Paged[DisclosureShown]) -> DisclosureConnection:
    """Return a page of rolled-up disclosures as the contract tells it."""
    return DisclosureConnection(
        edges=[DisclosureEdge(cursor=cursor, node=disclosure(row)) for cursor, row in found.rows],
        page_info=page_info(found),
    )
