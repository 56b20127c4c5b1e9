"""The client's contract: what headsets, phones and other apps may ask for the person who holds them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import strawberry

from resolvers import profile
from resolvers.devices import devices as devices_of
from resolvers.impact import impact as impact_of
from resolvers.listing import consents as consents_of
from resolvers.listing import disclosures as disclosures_of
from resolvers.notices import DEFAULT_LOCALE
from resolvers.offers import offer as offer_of
from schema.connection import CONSENTS, DISCLOSURES, listing
from schema.consent import Offer, ScopeInput, offer
from schema.devices import Device, device
from schema.field import CONSENT_DATA, DEVICE_DATA, NO_DATA, PurposeKey, field, given
from schema.operation import Operation
from schema.preflight import OfferInput, Preflight, PreflightInput, preflight
from schema.profile import ProfileTypes
from schema.standing import ConsentConnection, DisclosureConnection, Impact, consents, disclosures, impact

Info: TypeAlias = strawberry.Info[Operation]


def client_query(types: ProfileTypes) -> Any:
    """Make the client's root for the profile type of one catalogue."""

    async def me(info: Info, purpose: PurposeKey) -> Any:
        return await types.seen(info, purpose)

    me.__annotations__["return"] = types.profile | None
    members = {
        "me": field(
            "Null only on a fault. Unknown attributes are validation errors, withheld ones are answers.",
            category=NO_DATA,
            resolver=me,
        ),
        **{name: field(said, category=kind, resolver=resolver) for name, (said, kind, resolver) in QUERIES.items()},
    }
    made = type("Query", (), {"__module__": __name__, "__annotations__": {}, **members})
    return strawberry.type(made, name="Query", description="What an app may ask for the person who holds it.")


async def _preflight(info: Info, input: PreflightInput) -> Preflight | None:  # noqa: A002 the contract's word
    found = await profile.preflight(info.context.context, input.purpose, tuple(input.required), tuple(input.optional))
    return preflight(found)


async def _offer(info: Info, input: OfferInput) -> Offer | None:  # noqa: A002 the contract's word
    context, recipient = info.context.context, given(input.recipient_id)
    return offer(await offer_of(context, input.purpose, tuple(input.keys), recipient, input.locale or DEFAULT_LOCALE))


async def _consents(
    info: Info, first: int | None = 25, after: str | None = strawberry.UNSET
) -> ConsentConnection | None:
    context = info.context.context
    return consents(await consents_of(context, listing(context, CONSENTS), first=first, after=given(after)))


async def _devices(info: Info) -> list[Device] | None:
    return [device(one) for one in await devices_of(info.context.context)]


async def _impact(info: Info, withdraw: ScopeInput) -> Impact | None:
    return impact(await impact_of(info.context.context, withdraw.scope()))


async def _disclosures(
    info: Info, first: int | None = 25, after: str | None = strawberry.UNSET
) -> DisclosureConnection | None:
    context = info.context.context
    return disclosures(await disclosures_of(context, listing(context, DISCLOSURES), first=first, after=given(after)))


QUERIES: Mapping[str, tuple[str, str, Callable[..., Any]]] = {
    "preflight": ("What may I have before I start? Reads no value.", CONSENT_DATA, _preflight),
    "offer": ("A signed, short-lived token to show to the person; consent cites it.", CONSENT_DATA, _offer),
    "consents": ("What this person said, ended records too.", CONSENT_DATA, _consents),
    "devices": ("This person's devices, unlinked ones too.", DEVICE_DATA, _devices),
    "impact": ("What would stop if this were withdrawn? Changes nothing.", CONSENT_DATA, _impact),
    "disclosures": ("Who received what about me.", CONSENT_DATA, _disclosures),
}
