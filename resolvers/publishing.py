"""A new version of a notice: checked, numbered, published; and how many people it makes us ask again."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import Catalogue, NoticeCell, NoticeText, NoticeVersion
from graph.errors import RevisionConflict, StoreUnavailable
from graph.reach import Reach
from graph.records import NoticeRef, Scope
from graph.store import Additions, Appended
from resolvers.audit import reach_of
from resolvers.commit import TRIES, Key, kept, keyed, told, told_again
from resolvers.context import Context
from resolvers.growth import grown
from resolvers.problems import Refused, invalid
from resolvers.registry import OFFICE, told_before

NOTICE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # never an `@`: that is how a version is written
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # the shape of a BCP 47 tag: language, then subtags
LONGEST_LOCALE = 35  # characters that BCP 47 (RFC 5646, 4.4.1) says to make room for


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice version to be published; its number is the gateway's to give."""

    id: str
    effective_from: datetime
    cells: tuple[NoticeCell, ...]
    texts: tuple[NoticeText, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The version published; `ask_again` is an upper bound of the people whose yes it outdates."""

    notice: str
    version: int
    ask_again: int


@told
async def publish_notice(context: Context, key: str, new: NewNotice) -> Published:
    """Publish the next version of a notice; a yes given under an older one is outdated where a cell is material."""
    named = keyed(context, key, "publishNotice", new)
    earlier = await told_before(context, named, Published)
    if earlier is not None:
        return earlier  # before anything is checked: what was published since may stand in the way by now
    _checked_texts(new)
    for _ in range(TRIES):
        context = await grown(context)
        try:
            added = await _added(context, new, named)
        except RevisionConflict:
            continue  # another officer was given this number first
        return told_again(added.answer, Published)
    raise StoreUnavailable("too many notices are published at once; try again with the same key")


async def _added(context: Context, new: NewNotice, key: Key) -> Appended:
    _checked_cells(new, context.catalogue)
    earlier = context.catalogue.notices.get(new.id, ())
    version = 1 + max((one.ref.version for one in earlier), default=0)
    row = NoticeVersion(
        ref=NoticeRef(new.id, version),
        catalogue_version=context.catalogue.version,
        effective_from=new.effective_from,
        cells=new.cells,
        texts=new.texts,
    )
    answer = Published(new.id, version, await _to_ask_again(context, new) if earlier else 0)
    return await context.store.add(Additions(notices=(row,)), key.command(OFFICE, kept(answer)), context.at)


async def _to_ask_again(context: Context, new: NewNotice) -> int:
    """Return how many subjects have a yes that a material cell of a later version touches, at most.

    A subject may have one for several cells: neither the sum over the cells nor the count of the cells taken as one
    wide scope is ever too low, so the lower of the two is told.
    """
    reaches = [_yeses(context, cell) for cell in new.cells if cell.material]
    if not reaches:
        return 0
    counts = [(await context.store.population(Scope(), context.at, reach)).subjects for reach in reaches]
    together = (await context.store.population(Scope(), context.at, _joined(reaches))).subjects
    return min(sum(counts), together)


def _yeses(context: Context, cell: NoticeCell) -> Reach:
    """Return the reach of one cell, without what was disclosed: only who said yes is asked again."""
    scope = Scope(purpose=cell.purpose, category=cell.category, recipient=cell.recipient)
    return replace(reach_of(context, scope), keys=frozenset())


def _joined(reaches: list[Reach]) -> Reach:
    """Return the reach of all cells as one; each names a purpose, a category and a recipient."""
    return Reach(
        purposes=frozenset().union(*(reach.purposes or () for reach in reaches)),
        categories=frozenset().union(*(reach.categories or () for reach in reaches)),
        recipients=frozenset().union(*(reach.recipients or () for reach in reaches)),
        groups=frozenset().union(*(reach.groups for reach in reaches)),
        keys=frozenset(),
        sealed=reaches[0].sealed,
    )


def _checked_texts(new: NewNotice) -> None:
    if not NOTICE_ID.fullmatch(new.id):
        message = "`noticeId` needs 1 to 100 letters, digits, `.`, `_` or `-`; give another one"
        raise invalid("OUT_OF_BOUNDS", message, "noticeId")
    if not new.texts:
        raise invalid("TEXT_MISSING", "a notice needs a text; give one in at least one language", "texts")
    for place, text in enumerate(new.texts):
        _checked_text(text, str(place))
    locales = [text.locale.lower() for text in new.texts]
    if len(set(locales)) < len(locales):
        raise invalid("LOCALE_REPEATED", "two texts have one `locale`; give one text for each language", "texts")


def _checked_text(text: NoticeText, place: str) -> None:
    if len(text.locale) > LONGEST_LOCALE or not LOCALE.fullmatch(text.locale):
        message = "`locale` is no language tag; write one like `en` or `de-AT` (BCP 47)"
        raise invalid("LOCALE_MALFORMED", message, "texts", place, "locale")
    for field, said in (("title", text.title), ("body", text.body)):
        if not said.strip():
            raise invalid("TEXT_MISSING", f"`{field}` is empty; write what is to be shown", "texts", place, field)


def _checked_cells(new: NewNotice, catalogue: Catalogue) -> None:
    for place, cell in enumerate(new.cells):
        if cell.purpose not in catalogue.purposes:
            raise _unknown("purpose", "UNKNOWN_PURPOSE", place)
        if cell.category not in catalogue.categories:
            raise _unknown("category", "UNKNOWN_CATEGORY", place)
        if cell.recipient not in catalogue.recipients:
            raise _unknown("recipientId", "UNKNOWN_RECIPIENT", place)
    before = max((one.effective_from for one in catalogue.notices.get(new.id, ())), default=None)
    if before is not None and new.effective_from < before:
        message = "an older version is in force from later on; give an `effectiveFrom` that is not before it"
        raise invalid("EFFECTIVE_TOO_EARLY", message, "effectiveFrom")


def _unknown(field: str, code: str, place: int) -> Refused:
    message = f"unknown `{field}`; give one of the catalogue"
    return invalid(code, message, "cells", str(place), field)
