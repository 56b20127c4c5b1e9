"""The registry of recipients and of the documents they may run."""

from typing import Annotated, Any

import strawberry

from graph.store import RegisteredDocument
from resolvers.growth import grown
from resolvers.problems import Problem, Refused, invalid
from resolvers.registry import (
    NewDocument,
    NewRecipient,
    RecipientShown,
    recipient_of,
    recipients_shown,
    register_documents,
    register_recipient,
    unused_keys,
)
from schema.connection import RECIPIENTS, PageInfo, listing, page_info
from schema.document_check import Contracts
from schema.field import NO_DATA, AttributeKey, DateTime, PurposeKey, field, given, instant_or_none
from schema.governance_words import OperationWord
from schema.operation import Operation
from schema.problems import InvalidInput, invalid_input

Info = strawberry.Info[Operation]


@strawberry.type(description="A document a recipient may run.")
class RecipientDocument:
    """One registered document."""

    id: strawberry.ID = field("`sha256:` and the hash of its text.", category=NO_DATA)
    name: str = field("Its name.", category=NO_DATA)
    purpose: PurposeKey = field("The one purpose it is bound to.", category=NO_DATA)
    operation: OperationWord = field("What it does with what it gets.", category=NO_DATA)
    keys: list[AttributeKey] = field("The attributes it names.", category=NO_DATA)
    last_used_at: DateTime | None = field("When something was last disclosed to it.", category=NO_DATA)


async def _unused(self: Any, info: Info) -> list[AttributeKey]:
    return [AttributeKey(key) for key in await unused_keys(info.context.context, self.shown)]


@strawberry.type(description="Who receives attributes.")
class Recipient:
    """One recipient."""

    id: strawberry.ID = field("The recipient; a client of this id speaks for it.", category=NO_DATA)
    name: str = field("Its name.", category=NO_DATA)
    group: str | None = field("The group it belongs to, if any.", category=NO_DATA)
    region: str = field("The jurisdiction it is in; empty if the pack states none.", category=NO_DATA)
    third_party: bool = field("Whether it is somebody else than the controller.", category=NO_DATA)
    documents: list[RecipientDocument] = field("The documents it may run.", category=NO_DATA)
    shown: strawberry.Private[RecipientShown]
    unused_keys: list[AttributeKey] = field(
        "Attributes its documents ask for that it was never given.", category=NO_DATA, resolver=_unused
    )


@strawberry.type(description="A recipient in a listing.")
class RecipientEdge:
    """An edge."""

    cursor: str = field("Where it stands in the listing.", category=NO_DATA)
    node: Recipient = field("The recipient.", category=NO_DATA)


@strawberry.type(description="Recipients, in the order they came.")
class RecipientConnection:
    """A page."""

    edges: list[RecipientEdge] = field("The rows of this page.", category=NO_DATA)
    page_info: PageInfo = field("Where this page stands.", category=NO_DATA)
    total_count: int = field("How many there are in all.", category=NO_DATA)


@strawberry.input(description="A recipient to be registered; its id is made from its name.")
class RegisterRecipientInput:
    """What `registerRecipient` takes."""

    idempotency_key: strawberry.ID
    name: str
    group: str | None = strawberry.UNSET
    region: str
    third_party: bool


@strawberry.input(description="A document, as its client sends it.")
class DocumentInput:
    """One document."""

    name: str
    body: str
    purpose: PurposeKey
    operation: OperationWord


@strawberry.input(description="Documents one recipient may run from now on.")
class RegisterDocumentsInput:
    """What `registerDocuments` takes."""

    idempotency_key: strawberry.ID
    recipient_id: strawberry.ID
    documents: list[DocumentInput]


@strawberry.type(description="A recipient was registered.")
class RecipientRegistered:
    """The answer."""

    recipient: Recipient = field("The recipient.", category=NO_DATA)


@strawberry.type(description="Documents were registered.")
class DocumentsRegistered:
    """The answer."""

    documents: list[RecipientDocument] = field("The documents, in the order given.", category=NO_DATA)


RegisterRecipientPayload = Annotated[
    RecipientRegistered | InvalidInput,
    strawberry.union("RegisterRecipientPayload", description="The recipient, or what to mend."),
]
RegisterDocumentsPayload = Annotated[
    DocumentsRegistered | InvalidInput,
    strawberry.union("RegisterDocumentsPayload", description="The documents, or what to mend."),
]


async def recipients(
    info: Info, first: int | None = 25, after: str | None = strawberry.UNSET
) -> RecipientConnection | None:
    """List the recipients."""
    context = info.context.context
    found = await recipients_shown(context, listing(context, RECIPIENTS), first=first, after=given(after))
    return RecipientConnection(
        edges=[RecipientEdge(cursor=cursor, node=_recipient(row)) for cursor, row in found.rows],
        page_info=page_info(found),
        total_count=found.total,
    )


async def registered_recipient(
    info: Info,
    input: RegisterRecipientInput,  # noqa: A002 the contract's word
) -> RegisterRecipientPayload:
    """Register a recipient."""
    new = NewRecipient(input.name, given(input.group), input.region, input.third_party)
    found = await register_recipient(info.context.context, input.idempotency_key, new)
    return invalid_input(found) if isinstance(found, Problem) else RecipientRegistered(recipient=_recipient(found))


async def registered_documents(
    info: Info,
    input: RegisterDocumentsInput,  # noqa: A002 the contract's word
) -> RegisterDocumentsPayload:
    """Register documents, each checked against the contract it is written for."""
    try:
        new = await _new_documents(info.context, input)
    except Refused as refused:
        return invalid_input(refused.problem)
    key, recipient = input.idempotency_key, input.recipient_id
    found = await register_documents(info.context.context, key, recipient, documents=new)
    if isinstance(found, Problem):
        return invalid_input(found)
    return DocumentsRegistered(documents=[_document(one) for one in found])


async def _new_documents(running: Operation, asked: RegisterDocumentsInput) -> tuple[NewDocument, ...]:
    await recipient_of(running.context, asked.recipient_id)
    if not asked.documents:
        raise invalid("NOTHING_CHOSEN", "no document is there; give at least one", "documents")
    catalogue = (await grown(running.context)).catalogue
    contracts = Contracts(running.doors, catalogue)
    found = []
    for place, one in enumerate(asked.documents):
        facts = contracts.facts(one.body, one.purpose, ("documents", str(place)))
        found.append(NewDocument(facts.id, one.name, one.body, one.purpose, one.operation, facts.keys))
    return tuple(found)


def _recipient(found: RecipientShown) -> Recipient:
    row = found.recipient
    return Recipient(
        id=strawberry.ID(row.id),
        name=row.name or row.id,
        group=row.group or None,
        region=row.region,
        third_party=row.third_party,
        documents=[_document(one) for one in found.documents],
        shown=found,
    )


def _document(found: RegisteredDocument) -> RecipientDocument:
    return RecipientDocument(
        id=strawberry.ID(found.id),
        name=found.name,
        purpose=PurposeKey(found.purpose),
        operation=found.operation,
        keys=[AttributeKey(key) for key in found.keys],
        last_used_at=instant_or_none(found.last_used_at),
    )
