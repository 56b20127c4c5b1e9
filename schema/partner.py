"""The partner's contract: what a brand is given of the people who chose to share, and nothing else."""

import asyncio
from typing import Any

import strawberry
from graphql import GraphQLError

from graph.catalogue import Catalogue
from graph.terms import Operation as OperationWord
from graph.terms import Outcome
from resolvers.context import Context
from resolvers.partner import MOST_PEOPLE, accessible, person
from resolvers.release import Ask, Released
from schema.field import IDENTITY_DATA, NO_DATA, AttributeKey, DateTime, PurposeKey, field
from schema.operation import Operation, asked_keys
from schema.outcome import ATTRIBUTE, flat
from schema.words import FidelityWord


@strawberry.type(
    description="Only released attributes appear here; everything else is a key in `notAvailable`, in the order asked."
)
class SharedEntry:
    """One released attribute in the flat form."""

    key: AttributeKey = field("The attribute.", category=NO_DATA)
    int_value: int | None = field("Value of kind INT.", category=ATTRIBUTE)
    float_value: float | None = field("Value of kind FLOAT.", category=ATTRIBUTE)
    string_value: str | None = field("Value of kind STRING, ENUM or TIMESTAMP.", category=ATTRIBUTE)
    boolean_value: bool | None = field("Value of kind BOOLEAN.", category=ATTRIBUTE)
    string_list_value: list[str] | None = field("Value of kind LIST.", category=ATTRIBUTE)
    float_list_value: list[float] | None = field("Value of kind VEC3.", category=ATTRIBUTE)
    low: float | None = field("Lower bound of the band at CATEGORY.", category=ATTRIBUTE)
    high: float | None = field("Upper bound of the band at CATEGORY, exclusive.", category=ATTRIBUTE)
    effect: bool | None = field("The one Boolean to act on, at EFFECT_ONLY.", category=ATTRIBUTE)
    fidelity: FidelityWord = field("How much of the value this is.", category=NO_DATA)
    valid_until: DateTime | None = field("Ask again by then.", category=NO_DATA)
    lease_seconds: int | None = field("How long it may be used without word from the gateway.", category=NO_DATA)


@strawberry.type(description="What one person shares of the keys asked.")
class SharedSheet:
    """Released attributes and the keys of everything else."""

    entries: list[SharedEntry] = field("What is released.", category=NO_DATA)
    not_available: list[AttributeKey] = field("Everything else, in the order asked.", category=NO_DATA)
    valid_until: DateTime | None = field("Ask again by then.", category=NO_DATA)


def _sheet(self: Any, keys: list[AttributeKey]) -> SharedSheet | None:
    asked = tuple(dict.fromkeys(keys))
    entries = {one.key: one for one in self.released.entries if one.outcome is Outcome.RELEASED}
    return SharedSheet(
        entries=[SharedEntry(**flat(self.catalogue.attributes[key], entries[key])) for key in asked if key in entries],
        not_available=[key for key in asked if key not in entries],
        valid_until=self.released.valid_until(entries.keys() & set(asked)),
    )


@strawberry.type(description="A person as one brand knows her.")
class SharedProfile:
    """A person who shares something, or nothing: the two look alike."""

    id: strawberry.ID = field("Pairwise: means nothing to another brand.", category=IDENTITY_DATA)
    released: strawberry.Private[Released]
    catalogue: strawberry.Private[Catalogue]
    sheet: SharedSheet | None = field("The keys asked, in the flat form.", category=NO_DATA, resolver=_sheet)


@strawberry.type(description="A document this recipient may run.")
class RegisteredDocument:
    """One registered document."""

    id: strawberry.ID = field("`sha256:` and the hash of its text.", category=NO_DATA)
    name: str = field("Its name.", category=NO_DATA)
    purpose: PurposeKey = field("The one purpose it is bound to.", category=NO_DATA)
    operation: OperationWord = field("What it does with what it gets.", category=NO_DATA)


@strawberry.type(description="What this token may ask for. Says nothing about any person.")
class Access:
    """What register and token leave open."""

    recipient_name: str = field("Whom the token stands for.", category=NO_DATA)
    purposes: list[PurposeKey] = field("Leaf purposes it may name.", category=NO_DATA)
    keys: list[AttributeKey] = field("Attributes it may ask for.", category=NO_DATA)
    documents: list[RegisteredDocument] = field("Documents it may run.", category=NO_DATA)
    token_expires_at: DateTime = field("When the token ends.", category=NO_DATA)


async def _one(info: strawberry.Info[Operation], pairwise: str, purpose: str) -> SharedProfile:
    context: Context = info.context.context
    keys = tuple(key for key in asked_keys(info._raw_info, {}, pairwise).keys if key in context.catalogue.attributes)
    released = await info.context.of(pairwise, person(context, pairwise), Ask(purpose, keys))
    return SharedProfile(id=strawberry.ID(pairwise), released=released, catalogue=context.catalogue)


async def _subject(info: strawberry.Info[Operation], id: strawberry.ID, purpose: PurposeKey) -> SharedProfile:  # noqa: A002 the contract's word
    return await _one(info, id, purpose)


async def _subjects(
    info: strawberry.Info[Operation], ids: list[strawberry.ID], purpose: PurposeKey
) -> list[SharedProfile]:
    if len(ids) > MOST_PEOPLE:
        raise GraphQLError(f"at most {MOST_PEOPLE} ids in one question; ask again for the rest")
    return list(await asyncio.gather(*(_one(info, one, purpose) for one in ids)))


def _access(info: strawberry.Info[Operation]) -> Access:
    context: Context = info.context.context
    found = accessible(context)
    return Access(
        recipient_name=found.recipient_name,
        purposes=[PurposeKey(key) for key in found.purposes],
        keys=[AttributeKey(key) for key in found.keys],
        documents=[
            RegisteredDocument(
                id=strawberry.ID(one.id), name=one.name, purpose=PurposeKey(one.purpose), operation=one.operation
            )
            for one in context.documents
        ],
        token_expires_at=DateTime(found.token_expires_at),
    )


@strawberry.type(name="Query", description="What a partner brand may ask.")
class PartnerQuery:
    """The partner's root."""

    subject: SharedProfile = field(
        "Never null, never an error for a person: an unknown id looks like a person who shares nothing.",
        category=NO_DATA,
        resolver=_subject,
    )
    subjects: list[SharedProfile] = field(
        "At most 50; same order and length as `ids`.", category=NO_DATA, resolver=_subjects
    )
    access: Access = field(
        "What this token may ask for. Says nothing about any person.", category=NO_DATA, resolver=_access
    )
