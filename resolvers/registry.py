"""The registry an officer keeps: recipients, the documents they may run, and which keys they ask for in vain."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TypeVar

from graph.catalogue import Catalogue, Recipient
from graph.decision.law import UNKNOWN_PLACE
from graph.errors import KeyReused
from graph.store import Additions, Command, DisclosureQuery, Page, RegisteredDocument
from graph.terms import Operation
from resolvers.commit import Key, kept, keyed, told, told_again
from resolvers.context import Context
from resolvers.cursors import Listing, Paged
from resolvers.growth import grown, grown_by
from resolvers.problems import invalid

LONGEST_NAME = 200  # characters of a name: a line on a screen
LONGEST_SLUG = 60  # characters of an id made from a name
OFFICE = ""  # under whose keys an officer's additions are kept: no subject has an empty id
ONE = Page(1)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class RecipientShown:
    """A recipient with its documents, and the keys these ask for that it was never given."""

    recipient: Recipient
    documents: tuple[RegisteredDocument, ...]


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """A recipient to be registered."""

    name: str
    group: str | None
    region: str
    third_party: bool


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be registered, checked against its audience's contract: its hash, and the keys it names."""

    id: str
    name: str
    body: str
    purpose: str
    operation: Operation
    keys: tuple[str, ...]


async def recipients_shown(
    context: Context, listing: Listing, *, first: int | None, after: str | None
) -> Paged[RecipientShown]:
    """List the recipients in the order they came: those of the pack, then those registered since."""
    page = listing.page(first, after)
    context, additions = await grown_by(context)
    rows = list(enumerate(context.catalogue.recipients.values(), start=1))
    found = [(position, _shown(row, additions)) for position, row in rows[page.after : page.after + page.first + 1]]
    return listing.paged(page, found, len(rows))


def _shown(recipient: Recipient, additions: Additions) -> RecipientShown:
    documents = tuple(one for one in additions.documents if one.recipient == recipient.id)
    return RecipientShown(recipient, documents)


async def unused_keys(context: Context, seen: RecipientShown) -> tuple[str, ...]:
    """Return the keys a recipient's documents ask for that the ledger never gave it, in alphabetical order."""
    asked = sorted({key for document in seen.documents for key in document.keys})
    return tuple([key for key in asked if not await _given(context, seen.recipient.id, key)])


async def _given(context: Context, recipient: str, key: str) -> bool:
    return bool(await context.store.disclosures(DisclosureQuery(recipient=recipient, key=key), ONE))


async def told_before(context: Context, key: Key, kind: type[Answer]) -> Answer | None:
    """Return what an officer was answered under this key within a day, if she was; raises `KeyReused`."""
    earlier = await context.store.added(key.command(OFFICE), context.at)
    return None if earlier is None else told_again(earlier.answer, kind)


@told
async def register_recipient(context: Context, key: str, new: NewRecipient) -> RecipientShown:
    """Register a recipient under an id made from its name; its membership counts from the catalogue this makes."""
    named = keyed(context, key, "registerRecipient", new)
    earlier = await told_before(context, named, Recipient)
    if earlier is not None:
        return RecipientShown(earlier, ())
    context = await grown(context)
    _checked(new, context.catalogue)
    recipient = Recipient(
        id=await _free_id(context, new.name, named),
        name=new.name,
        group=new.group or "",
        third_party=new.third_party,
        region=new.region,
        since=context.catalogue.version + 1,
    )
    command = named.command(OFFICE, kept(recipient))
    added = await context.store.add(Additions(recipients=(recipient,)), command, context.at)
    return RecipientShown(told_again(added.answer, Recipient), ())


def _checked(new: NewRecipient, catalogue: Catalogue) -> None:
    refuse_name(new.name, "name")
    if new.group is not None:
        refuse_name(new.group, "group")
    known = {*catalogue.parents, *catalogue.parents.values(), *catalogue.law} - {UNKNOWN_PLACE, ""}
    if new.region not in known:
        raise invalid("UNKNOWN_REGION", "unknown `region`; give a jurisdiction of the catalogue", "region")


def refuse_name(text: str, *path: str) -> None:
    """Raise `Refused` for a name that is no line on a screen."""
    if not 0 < len(text.strip()) <= LONGEST_NAME or not text.isprintable():
        message = f"`{path[-1]}` needs 1 to {LONGEST_NAME} printable characters; give another one"
        raise invalid("OUT_OF_BOUNDS", message, *path)


async def _free_id(context: Context, name: str, key: Key) -> str:
    """Return an id nobody has; it is claimed first, so that two officers never register two under one id."""
    slugs = _slugs(name)
    while True:
        candidate = next(slugs)
        if candidate not in context.catalogue.recipients and await _claimed(context, candidate, key):
            return candidate


async def _claimed(context: Context, candidate: str, key: Key) -> bool:
    claim = Command(f"recipient:{candidate}", key.command(OFFICE).key)
    try:
        await context.store.add(Additions(), claim, context.at)
    except KeyReused:
        return False  # somebody else is registering it at this moment
    return True


def _slugs(name: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_SLUG].strip("_") or "recipient"
    return chain((slug,), map(f"{slug}_{{}}".format, count(2)))


@told
async def register_documents(
    context: Context, key: str, recipient: str, *, documents: tuple[NewDocument, ...]
) -> tuple[RegisteredDocument, ...]:
    """Register the documents a recipient may run, each under the hash of its text; the same again change nothing."""
    named = keyed(context, key, "registerDocuments", recipient, documents)
    for place, document in enumerate(documents):
        refuse_name(document.name, "documents", str(place), "name")
    rows = tuple(
        RegisteredDocument(one.id, recipient, one.name, one.body, one.purpose, one.operation, one.keys)
        for one in documents
    )
    command = named.command(OFFICE, kept(rows))
    added = await context.store.add(Additions(documents=await _new(context, rows)), command, context.at)
    return told_again(added.answer, tuple[RegisteredDocument, ...])


async def _new(context: Context, rows: tuple[RegisteredDocument, ...]) -> tuple[RegisteredDocument, ...]:
    """Return what is not there as it is: every gateway compiles its catalogue anew when something was added."""
    held = (await context.store.additions()).documents
    known = {(one.recipient, one.id): replace(one, last_used_at=None) for one in held}
    wanted = {(one.recipient, one.id): one for one in rows}
    return tuple(row for named, row in wanted.items() if known.get(named) != row)


async def recipient_of(context: Context, recipient: str) -> Recipient:
    """Return a recipient by id; raises `Refused` for nobody's."""
    found = (await grown(context)).catalogue.recipients.get(recipient)
    if found is None:
        message = "unknown `recipientId`; give one of `recipients`, or register it first"
        raise invalid("UNKNOWN_RECIPIENT", message, "recipientId")
    return found
