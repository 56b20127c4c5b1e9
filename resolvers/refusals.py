"""A no on its way into a tree: the person's, her device's, and, where one device serves a household, theirs too."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph.decision.snapshot import Entry, effective_scope, entries, in_force
from graph.records import NoticeRef, Record, Scope
from graph.store import Appended
from graph.terms import Fidelity, PartyKind, RecordKind, Standing
from resolvers.aftermath import needed_for_contract
from resolvers.commit import Key, kept
from resolvers.reading import Draft, Reading, drafted, read_own
from resolvers.receipts import changed
from resolvers.scopes import overlap
from resolvers.voice import Voice, household_voice


@dataclass(frozen=True, slots=True)
class No:
    """What is said no to; `offer` if it answers one, with the notice that was shown."""

    kind: RecordKind
    scopes: tuple[Scope, ...]
    offer: str | None = None
    notice: NoticeRef | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A no as it would stand: what is new, and what was on record already and stays as it is."""

    draft: Draft
    standing: tuple[Record, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        """Return all records by which this no stands."""
        return (*self.standing, *self.draft.begins)


async def said(reading: Reading, no: No, voice: Voice, *, key: Key) -> Appended:
    """Record a no and keep its answer; a no that stands already is answered and not recorded again.

    Raises what `append` of a store raises; nothing else ever stops a no.
    """
    offer = no.offer
    if any(party.kind is PartyKind.HOUSEHOLD for party in reading.snapshot.parties):
        reading, offer = await _household_heard(reading, no, key), None
    found = heard(reading, no, voice)
    scopes = (effective_scope(record, voice.kind) for record in found.records)
    needed = needed_for_contract(found.draft, tuple(scope for scope in scopes if scope))
    answer = replace(changed(found.draft, found.records, voice.bound_to), needed_for_contract=needed)
    change = found.draft.change(key.command(found.draft.party.id, kept(answer)), offer)
    return await reading.context.store.append(change)


def heard(reading: Reading, no: No, voice: Voice) -> Heard:
    """Return a no as it would stand in the tree its voice speaks in; nothing is recorded of an erased person."""
    if reading.snapshot.subject.standing is Standing.ERASED:
        return Heard(drafted(reading, voice.kind, ()), ())
    rows = in_force(entries(reading.party(voice.kind), reading.at), reading.at, reading.trees)
    begins, standing = [], []
    for record in _records(reading, no, voice):
        earlier = _standing(record, voice.kind, rows, reading)
        if earlier is None:
            begins.append(record)
        else:
            standing.append(earlier)
    return Heard(drafted(reading, voice.kind, tuple(begins)), tuple(standing))


def _records(reading: Reading, no: No, voice: Voice) -> Iterable[Record]:
    for scope in no.scopes:
        yield Record(
            id=reading.context.fresh_id(),
            kind=no.kind,
            recorded_at=reading.at,
            scope=scope,
            cap=Fidelity.NONE,
            notice=no.notice,
            catalogue_version=reading.context.catalogue.version,
            offer_id=no.offer,
            assurance=voice.assurance,
            given_by=voice.given_by,
            given_on=voice.given_on,
            sequence=reading.party(voice.kind).revision + 1,
        )


def _standing(record: Record, kind: PartyKind, rows: tuple[Entry, ...], reading: Reading) -> Record | None:
    """Return the same no if it is on record as the last word on its scope: nothing in it was said yes to since."""
    scope = effective_scope(record, kind)
    same = [row for row in rows if row.scope == scope and row.record.kind is not RecordKind.SIGNAL]
    if scope is None or not same or same[-1].record.kind is not record.kind:
        return None
    since = (row for row in rows if row.place > same[-1].place and row.record.is_yes)
    return None if any(overlap(row.scope, scope, reading.trees) for row in since) else same[-1].record


async def _household_heard(reading: Reading, no: No, key: Key) -> Reading:
    """Record in the household's tree what one of them said no to, so that it holds for all of them there.

    First, and under the same key: whatever happens between the two, the same key again makes both stand. What names
    another device is no affair of this one.
    """
    here = tuple(scope for scope in no.scopes if scope.device in (None, reading.context.caller.device))
    draft = heard(reading, replace(no, scopes=here), household_voice(reading)).draft
    await reading.context.store.append(draft.change(key.command(draft.party.id), no.offer))
    return await read_own(reading.context)
