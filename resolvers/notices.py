"""Notices as they are shown: which one is in force for some cells, in which language, and that it was served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from graph.catalogue import Catalogue, NoticeCell, NoticeText, NoticeVersion
from graph.decision.snapshot import SIGNED_IN
from graph.errors import RevisionConflict, StoreUnavailable
from graph.records import NoticeRef, Record
from graph.store import Command
from graph.taxonomy import Trees
from graph.terms import GivenBy, PartyKind, RecordKind, Standing
from resolvers.commit import TRIES
from resolvers.reading import Reading, drafted, read_own
from resolvers.signer import OfferCell

DEFAULT_LOCALE = "en"  # what is shown where a notice has no text in the language asked for


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """One version of a notice in one language."""

    id: str
    version: int
    title: str
    body: str
    locale: str
    effective_from: datetime


def notice_for(cells: tuple[OfferCell, ...], catalogue: Catalogue, at: datetime) -> NoticeVersion | None:
    """Return the notice in force that speaks of these cells: by name, else of everything, else the first there is."""
    in_force = [found for key in catalogue.notices if (found := catalogue.notice_in_force(key, at))]
    named = (one for one in in_force if any(_speaks(row, cells, catalogue.trees) for row in one.cells or ()))
    general = (one for one in in_force if one.cells is None)
    return next((one for choices in (named, general, in_force) for one in choices), None)


def _speaks(row: NoticeCell, cells: Iterable[OfferCell], trees: Trees) -> bool:
    return any(
        trees.purposes.within(cell.purpose, row.purpose)
        and trees.categories.within(cell.category, row.category)
        and row.recipient in (None, cell.recipient)
        and row.operation in (None, cell.operation)
        for cell in cells
    )


def version_of(ref: NoticeRef, catalogue: Catalogue) -> NoticeVersion | None:
    """Return one version of a notice, or `None` if the catalogue does not have it."""
    return next((one for one in catalogue.notices.get(ref.id, ()) if one.ref == ref), None)


def notice_of(record: Record, catalogue: Catalogue, at: datetime) -> NoticeShown:
    """Return the notice a record cites, for one that cites none the notice in force, else the first there is."""
    version = version_of(record.notice, catalogue) if record.notice else None
    if version is None:
        first = (version for versions in catalogue.notices.values() for version in versions)
        version = notice_for((), catalogue, at) or next(first, None)
    return shown(version, DEFAULT_LOCALE) if version else NoticeShown("", 0, "", "", DEFAULT_LOCALE, record.recorded_at)


def shown(version: NoticeVersion, locale: str) -> NoticeShown:
    """Return a notice in the language asked for, as near as it has a text."""
    text = _text(version.texts, locale)
    return NoticeShown(version.ref.id, version.ref.version, text.title, text.body, text.locale, version.effective_from)


def _text(texts: tuple[NoticeText, ...], locale: str) -> NoticeText:
    """Return the text of a locale, else of its language, else English, else the first (RFC 4647, lookup)."""
    wanted = locale.lower()
    language = wanted.partition("-")[0]
    by_locale = {text.locale.lower(): text for text in reversed(texts)}
    by_language = {text.locale.lower().partition("-")[0]: text for text in reversed(texts)}
    found = by_locale.get(wanted) or by_locale.get(language) or by_language.get(language)
    first = texts[0] if texts else NoticeText(DEFAULT_LOCALE, "", "")
    return found or by_locale.get(DEFAULT_LOCALE) or first


async def served(reading: Reading, version: NoticeVersion) -> None:
    """Record once a person and version that a notice was shown to her; raises `StoreUnavailable`."""
    for _ in range(TRIES):
        if _is_served(reading, version.ref) or reading.snapshot.subject.standing is Standing.ERASED:
            return
        change = drafted(reading, PartyKind.SUBJECT, (_serving(reading, version),)).change(
            Command(f"notice:{version.ref}{_where(reading)}", "served")
        )
        try:
            await reading.context.store.append(change)
        except RevisionConflict:
            reading = await read_own(reading.context)
        else:
            return
    raise StoreUnavailable("too many changes to one person at once; ask for the offer again")


def _is_served(reading: Reading, ref: NoticeRef) -> bool:
    """Tell whether a version was shown to her; below assurance 2 that counts where it was shown (2.4 rule 5)."""
    here = reading.context.given_on.device
    return any(
        record.kind is RecordKind.NOTICE_SERVED
        and record.notice == ref
        and (record.assurance >= SIGNED_IN or record.given_on.device == here)
        for record in reading.snapshot.own.records
    )


def _where(reading: Reading) -> str:
    """Return what tells a notice shown on one device from the same one shown on another, or to her for good."""
    context = reading.context
    return "" if context.assurance >= SIGNED_IN else f":on:{context.given_on.device or ''}"


def _serving(reading: Reading, version: NoticeVersion) -> Record:
    context = reading.context
    return Record(
        id=context.fresh_id(),
        kind=RecordKind.NOTICE_SERVED,
        recorded_at=reading.at,
        notice=version.ref,
        catalogue_version=version.catalogue_version,
        assurance=context.assurance,
        given_by=GivenBy.OPERATOR,
        given_on=context.given_on,
        sequence=reading.snapshot.own.revision + 1,
    )
