"""Asking before a session: what is granted, what could be asked for, what cannot be had."""

import strawberry

from resolvers.notices import DEFAULT_LOCALE
from resolvers.profile import Preflight as PreflightFound
from schema.consent import Offer, offer
from schema.field import CONSENT_DATA, AttributeKey, PurposeKey, field


@strawberry.input(description="What a session needs, and what it would like.")
class PreflightInput:
    """What `preflight` takes."""

    purpose: PurposeKey
    required: list[AttributeKey]
    optional: list[AttributeKey] = strawberry.field(default_factory=list)


@strawberry.input(description="What to ask the person about.")
class OfferInput:
    """What `offer` takes."""

    purpose: PurposeKey
    keys: list[AttributeKey]
    recipient_id: strawberry.ID | None = strawberry.UNSET
    locale: str | None = DEFAULT_LOCALE


@strawberry.type(description="What may be had before a session starts; reads no value.")
class Preflight:
    """The keys asked, sorted by what can be done about them."""

    granted: list[AttributeKey] = field("Would be released.", category=CONSENT_DATA)
    consent_required: list[AttributeKey] = field("Required, and can be asked for.", category=CONSENT_DATA)
    consent_optional: list[AttributeKey] = field("Optional, and can be asked for.", category=CONSENT_DATA)
    unavailable: list[AttributeKey] = field("Cannot be had here, whatever the person says.", category=CONSENT_DATA)
    offer: Offer | None = field("What to show, if there is something to ask.", category=CONSENT_DATA)


def preflight(found: PreflightFound) -> Preflight:
    """Return a preflight as the contract tells it."""
    return Preflight(
        granted=[AttributeKey(key) for key in found.granted],
        consent_required=[AttributeKey(key) for key in found.consent_required],
        consent_optional=[AttributeKey(key) for key in found.consent_optional],
        unavailable=[AttributeKey(key) for key in found.unavailable],
        offer=None if found.offer is None else offer(found.offer),
    )
