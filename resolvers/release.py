"""The only door by which a personal value leaves: decide, read, prove the state, transform, disclose, answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import Attribute
from graph.decision.explain import Told, told
from graph.decision.request import Decision
from graph.decision.situation import Situation
from graph.decision.snapshot import Snapshot
from graph.errors import StoreUnavailable
from graph.fidelity import ShowContext, Shown, shown
from graph.ledger import Disclosure
from graph.records import Value
from graph.store import Parties
from graph.terms import Fidelity, Operation, Outcome
from resolvers.arrival import attested, has_news, own_recent, own_snapshot
from resolvers.context import Context, current
from resolvers.pacing import decided

TRIES = 3  # how often consent may change between deciding and reading before nothing is released (page 3)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an answer says of one attribute; `shown` is set only if it was released."""

    key: str
    outcome: Outcome
    fidelity: Fidelity | None = None
    shown: Shown | None = None
    valid_until: datetime | None = None
    lease_seconds: int | None = None
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """One person's attributes for one purpose, and how long that holds."""

    subject: str
    purpose: str
    revision: str
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        """Return what is said of one key, or `None` if it was not asked."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def valid_until(self, keys: Iterable[str]) -> datetime | None:
        """Return until when what is said of these keys holds, or `None` if nothing is known to end."""
        named = frozenset(keys)
        return min((one.valid_until for one in self.entries if one.key in named and one.valid_until), default=None)


async def release_own(context: Context, purpose: str, keys: tuple[str, ...]) -> Released:
    """Release the caller's own attributes: at most one read of consent state, one of values, whatever is asked."""
    return await _release(context, await own_recent(context), Ask(purpose, keys, own=True))


async def release_of(context: Context, subject: str, purpose: str, keys: tuple[str, ...]) -> Released:
    """Release somebody's attributes to a partner: the same store calls, known or not.

    Read afresh: how fast an answer comes must not tell whether she was here a moment ago.
    """
    return await _release(context, await context.store.snapshot(subject, Parties()), Ask(purpose, keys))


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of one person: attributes by key, for one purpose."""

    purpose: str
    keys: tuple[str, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Settled:
    """What is decided on one state: in whose surroundings, what, and which keys of it may be read."""

    context: Context
    snapshot: Snapshot
    decisions: tuple[Decision, ...]

    @property
    def permitted(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.decisions if one.ceiling)


async def _release(context: Context, known: Snapshot, ask: Ask) -> Released:
    """Release what a decision permits on a state that held after its values were read.

    INVARIANT: values are read before the state that proves them, so none is newer than the consent it leaves under.
    """
    settled = await _settled(context, known, ask)
    for _ in range(TRIES):
        read = settled.permitted
        found = await context.store.values(settled.snapshot, read, settled.context.at)
        if found.snapshot is None:
            return await _disclosed(settled, found.values, ask)
        newer = attested(found.snapshot, context)
        if ask.own and has_news(newer, context):
            settled = await _settled(context, await own_snapshot(context), ask)
            continue  # what she says now is on record only since: these values prove nothing of it
        settled = await _settled(context, newer, ask)
        if set(settled.permitted) <= set(read):
            return await _disclosed(settled, found.values, ask)
    raise StoreUnavailable("consent changed while it was being read; ask again")


async def _settled(context: Context, snapshot: Snapshot, ask: Ask) -> _Settled:
    context = await current(context, snapshot)
    question = context.question(ask.purpose, snapshot)
    decisions = await decided(context.pace, Situation(question, snapshot, context.catalogue), ask.keys)
    return _Settled(replace(context, at=question.at), snapshot, decisions)


def _entries(settled: _Settled, values: Mapping[str, Value]) -> tuple[Entry, ...]:
    context, subject = settled.context, settled.snapshot.subject.id
    showing = ShowContext(context.catalogue.vocabularies, context.at, lambda word: _pairwise(context, subject, word))
    held = {key: one for key, one in values.items() if one.expires_at is None or one.expires_at > context.at}
    return tuple(_entry(context, decision, held.get(decision.key), showing) for decision in settled.decisions)


def _entry(context: Context, decision: Decision, value: Value | None, showing: ShowContext) -> Entry:
    attribute = context.catalogue.attributes[decision.key]
    if decision.ceiling is Fidelity.NONE:
        return Entry(
            decision.key,
            Outcome.WITHHELD,
            valid_until=decision.valid_until,
            told=told(decision, third_party=context.third_party),
        )
    if value is None:
        return Entry(decision.key, Outcome.NOT_HELD, valid_until=decision.valid_until)
    return _given(attribute, decision, value, showing)


def _pairwise(context: Context, subject: str, word: str) -> str:
    """Return a word as this recipient's group may know it: the same for it each time, another for others."""
    return context.pseudonyms.pairwise(f"{subject} {word}", context.recipient)


def _given(attribute: Attribute, decision: Decision, value: Value, showing: ShowContext) -> Entry:
    ends = [instant for instant in (decision.valid_until, value.expires_at) if instant]
    return Entry(
        decision.key,
        Outcome.RELEASED,
        fidelity=decision.ceiling,
        shown=shown(attribute, value.held, decision.ceiling, context=showing),
        valid_until=min(ends, default=None),
        lease_seconds=attribute.lease_seconds,
    )


async def _disclosed(settled: _Settled, values: Mapping[str, Value], ask: Ask) -> Released:
    """Record what is about to leave, durably, before anybody sees it (7.2)."""
    context, snapshot, entries = settled.context, settled.snapshot, _entries(settled, values)
    given = tuple((entry.key, entry.fidelity) for entry in entries if entry.fidelity is not None)
    keys = {key for key, _ in given}
    evidence = dict.fromkeys(record for one in settled.decisions if one.key in keys for record in one.evidence)
    if given:
        await context.store.disclose(
            (
                Disclosure(
                    id=context.fresh_id(),
                    subject=context.pseudonyms.seal_subject(snapshot.subject.id),
                    recipient=context.caller.recipient,
                    purpose=ask.purpose,
                    operation=Operation.DISCLOSE if context.third_party else Operation.USE,
                    released=given,
                    evidence=tuple(evidence),
                    revision=snapshot.revision,
                    catalogue_version=context.catalogue.version,
                    at=context.at,
                    document=context.document.id if context.document else None,
                    trace=context.trace,
                ),
            )
        )
    return Released(snapshot.subject.id, ask.purpose, snapshot.revision, entries)
