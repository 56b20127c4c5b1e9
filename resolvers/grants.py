"""A yes on its way into a person's tree: one record for each cell chosen and channel named, under one receipt."""

from collections.abc import Iterable
from dataclasses import replace

from graph.decision.snapshot import MOST_RECORDS, UNCOUNTED, entries, in_force
from graph.records import Record, Scope
from graph.store import Appended
from graph.terms import Level, PartyKind, RecordKind
from resolvers.acts import GiveConsent
from resolvers.aftermath import still_withheld
from resolvers.answering import Answered, Chosen, chosen, limits, notice_version
from resolvers.commit import Key, kept
from resolvers.problems import invalid
from resolvers.reading import Reading, drafted
from resolvers.receipts import changed


async def granted(answered: Answered, asked: GiveConsent, key: Key) -> Appended:
    """Record a yes and keep its answer; raises `Refused`, and what `append` of a store raises."""
    reading, offer = answered.reading, answered.offer
    version = notice_version(answered)
    picked = chosen(answered, asked.choices)
    await limits(answered, asked)
    _room(reading)
    records = tuple(
        replace(_record(answered, one, asked), scope=scope, catalogue_version=version)
        for one in picked
        for scope in _scopes(one, asked, reading)
    )
    draft = replace(drafted(reading, PartyKind.SUBJECT, records), levels=_levels(answered))
    answer = replace(changed(draft, records, answered.voice.bound_to), still_withheld=still_withheld(draft, offer))
    change = draft.change(key.command(draft.party.id, kept(answer)), offer.id)
    return await reading.context.store.append(change)


def _room(reading: Reading) -> None:
    """Refuse to widen what is too long to be decided on; taking back is always possible (2.4 rule 9)."""
    rows = in_force(entries(reading.snapshot.own, reading.at), reading.at, reading.trees)
    if sum(row.record.kind not in UNCOUNTED for row in rows) > MOST_RECORDS:
        message = f"more than {MOST_RECORDS} records are in force; withdraw some of them first"
        raise invalid("TOO_MANY_RECORDS", message)


def _scopes(one: Chosen, asked: GiveConsent, reading: Reading) -> Iterable[Scope]:
    """Yield the scope of each record: one operation, one channel, so that it is as narrow as a no to any of them."""
    for channel in dict.fromkeys(asked.channels or (None,)):
        yield Scope(
            purpose=one.cell.purpose,
            category=one.cell.category,
            recipient=one.cell.recipient,
            channel=channel,
            device=asked.device,
            session=reading.context.session.id if asked.this_session_only else None,
            operations=frozenset({one.cell.operation}),
        )


def _record(answered: Answered, one: Chosen, asked: GiveConsent) -> Record:
    reading, offer, voice = answered.reading, answered.offer, answered.voice
    return Record(
        id=reading.context.fresh_id(),
        kind=RecordKind.GIVEN,
        recorded_at=reading.at,
        cap=one.fidelity,
        valid_until=asked.expires_at,
        notice=offer.notice,
        offer_id=offer.id,
        explicit=True,
        names=frozenset({one.cell.category}),
        assurance=voice.assurance,
        given_by=voice.given_by,
        given_on=voice.given_on,
        answers_signal=offer.answers_signal,
        sequence=reading.snapshot.own.revision + 1,
    )


def _levels(answered: Answered) -> tuple[tuple[str, Level], ...]:
    """Return the level a yes raises, where it was set: for the offer's channel, else for all."""
    offer, subject = answered.offer, answered.reading.snapshot.subject
    level = subject.level(offer.channel)
    if offer.raises_level_to is None or level is None or level >= offer.raises_level_to:
        return ()
    where = offer.channel if offer.channel in dict(subject.levels) else "*"
    return ((where, offer.raises_level_to),)
