"""Offers: what a person is shown before she says yes or no, signed, short-lived, good for one answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import Catalogue, NoticeVersion, Recipient
from graph.terms import Fidelity, Level, Operation
from resolvers.cells import Asked, Asking, answers_signal, cells_of, raised_level
from resolvers.context import Context
from resolvers.notices import DEFAULT_LOCALE, NoticeShown, notice_for, served, shown
from resolvers.problems import BadUserInput
from resolvers.reading import Reading, read_own
from resolvers.signer import OFFER_LIFETIME, Offer


@dataclass(frozen=True, slots=True)
class CellShown:
    """One thing a person is asked about."""

    purpose: str
    category: str
    recipient_name: str
    operation: Operation
    special: bool
    max_fidelity: Fidelity


@dataclass(frozen=True, slots=True)
class OfferShown:
    """What is shown, and the token by which it is answered."""

    token: str
    notice: NoticeShown
    cells: tuple[CellShown, ...]
    raises_level_to: Level | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an offer is to ask for: attributes for one purpose, for a recipient, in a language."""

    purpose: str
    keys: tuple[str, ...]
    recipient: str | None = None
    locale: str = DEFAULT_LOCALE


async def offer(  # the contract's own list of arguments
    context: Context, purpose: str, keys: tuple[str, ...], recipient: str | None, locale: str
) -> OfferShown:
    """Make an offer for the caller's own person, and serve its notice.

    Raises `BadUserInput` for an unknown purpose, attribute or recipient, or one this caller may not ask for.
    """
    return await offered(await read_own(context), Wanted(purpose, keys, recipient, locale))


async def offered(reading: Reading, wanted: Wanted) -> OfferShown:
    """Make an offer on a state that was read, and serve its notice."""
    known(wanted.purpose, wanted.keys, reading.context.catalogue)
    context, recipient = reading.context, _recipient(reading.context, wanted)
    own = recipient.id == context.recipient.id
    asker = reading if own else replace(reading, context=replace(context, trains=False))
    situation = asker.situation(replace(reading.point(wanted.purpose), recipient=recipient.id))
    attributes = tuple(context.catalogue.attributes[key] for key in dict.fromkeys(wanted.keys))
    asked = cells_of(Asking(situation, attributes, here=own))
    notice = notice_for(asked.cells, context.catalogue, reading.at)
    if notice is None:
        raise BadUserInput("no notice is in force, so nothing can be offered; ask again when one is published")
    await served(reading, notice)
    made = Offer(
        id=context.fresh_id(),
        subject=context.caller.subject,
        recipient=recipient.id,
        notice=notice.ref,
        catalogue_version=notice.catalogue_version,
        channel=context.caller.channel,
        cells=asked.cells,
        issued_at=reading.at,
        expires_at=reading.at + OFFER_LIFETIME,
        raises_level_to=raised_level(asked, situation),
        answers_signal=answers_signal(asked, situation),
    )
    return _shown(made, context, _Words(recipient, notice, wanted.locale, asked))


def known(purpose: str, keys: tuple[str, ...], catalogue: Catalogue) -> None:
    """Check a purpose and keys against the catalogue; raises `BadUserInput`."""
    if not catalogue.trees.purposes.is_leaf(purpose):
        raise BadUserInput("the purpose is unknown or no leaf of the tree; give a leaf purpose of the catalogue")
    if any(key not in catalogue.attributes for key in keys):
        raise BadUserInput("an attribute is unknown; give keys of the catalogue")


def _recipient(context: Context, wanted: Wanted) -> Recipient:
    """Return whom to ask for: the caller's own recipient, at the controller's client any."""
    if wanted.recipient in (None, context.recipient.id):
        return context.recipient
    found = context.catalogue.recipients.get(wanted.recipient or "")
    if found is None or context.third_party:
        raise BadUserInput("`recipientId` is unknown or not yours to ask for; leave it out to ask for yourself")
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    recipient: Recipient
    notice: NoticeVersion
    locale: str
    asked: Asked


def _shown(made: Offer, context: Context, words: _Words) -> OfferShown:
    name = words.recipient.name or words.recipient.id
    return OfferShown(
        token=context.signer.sign_offer(made),
        notice=shown(words.notice, words.locale),
        cells=tuple(
            CellShown(cell.purpose, cell.category, name, cell.operation, cell.special, cell.max_fidelity)
            for cell in words.asked.cells
        ),
        raises_level_to=made.raises_level_to,
        expires_at=made.expires_at,
    )
