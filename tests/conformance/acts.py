"""Whatever may happen to a store through its port, in any order: what is drawn, and how it happens."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from hypothesis import strategies as st

from graph.archive import MovableStore
from graph.catalogue import Recipient
from graph.errors import KeyReused, OfferUsed, RevisionConflict
from graph.records import Scope, Subject
from graph.store import Additions, Change
from graph.terms import AgeBand, Fidelity, Level, Operation, PartyKind, RecordKind, Standing
from tests.conformance.builders import NOON, change, command, device, disclosure, record, value
from tests.conformance.histories import EVERYBODY, PEOPLE

Act: TypeAlias = Callable[[MovableStore], Awaitable[object]]

KEYS = ("k", "l", "commerce.shoe_size")


async def lived(store: MovableStore, history: Iterable[Act]) -> None:
    """Let a history happen; what the store refuses did not."""
    for act in history:
        with suppress(RevisionConflict, KeyReused, OfferUsed):
            await act(store)


def _says(change: Change) -> Act:
    async def act(store: MovableStore) -> object:
        revisions = {one.kind: one.revision for one in (await store.snapshot(change.subject, EVERYBODY)).parties}
        return await store.append(replace(change, base=revisions[change.kind]))

    return act


people = st.sampled_from(PEOPLE)
words = st.text(max_size=5)
instants = st.integers(0, 3_000_000).map(lambda micros: NOON + timedelta(microseconds=micros))
held = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    words,
    st.lists(words, max_size=3).map(tuple),
)
records = st.builds(
    record,
    st.uuids().map(str),
    instants,
    st.sampled_from(RecordKind),
    scope=st.builds(
        Scope,
        st.none() | words,
        st.none() | words,
        recipient=st.none() | words,
        operations=st.frozensets(st.sampled_from(Operation)),
    ),
    valid_until=st.none() | instants,
    names=st.frozensets(words, max_size=3),
    cap=st.sampled_from(Fidelity),
)
commands = st.builds(command, st.sampled_from("xyz") | st.uuids().map(str), words, words)
devices = st.builds(device, st.sampled_from(("set", "tv", "é")), instants, unlinked_at=st.none() | instants)
changes = st.builds(
    change,
    people,
    st.just(0),
    instants,
    command=commands,
    begins=st.lists(records, max_size=3).map(lambda found: tuple(sorted(found, key=lambda one: one.recorded_at))),
    levels=st.lists(st.tuples(words, st.sampled_from(Level)), max_size=2).map(tuple),
    devices=st.lists(devices, max_size=2, unique_by=lambda one: one.id).map(tuple),
    standing=st.none() | st.sampled_from(Standing),
    guardians=st.none() | st.lists(words, max_size=2).map(tuple),
    offer=st.none() | st.sampled_from("op"),
    erases_values=st.booleans(),
)
others = st.builds(
    lambda said, party, kind: replace(said, subject=party, kind=kind),
    changes,
    st.sampled_from(("set", "home")),
    st.sampled_from((PartyKind.DEVICE, PartyKind.HOUSEHOLD)),
)
values = st.builds(
    value,
    st.sampled_from(KEYS),
    held,
    expires_at=st.none() | instants,
    device=st.none() | words,
    sources=st.lists(words, max_size=2).map(tuple),
)
disclosures = st.builds(
    disclosure,
    people,
    instants,
    id=words,
    recipient=words,
    evidence=st.lists(words, max_size=2).map(tuple),
    document=st.none() | words,
)
acts: st.SearchStrategy[Act] = st.one_of(
    changes.map(_says),
    others.map(_says),
    st.builds(
        lambda person, found, asked, at: lambda store: store.put(person, tuple(found), asked, at),
        people,
        st.lists(values, max_size=2, unique_by=lambda one: one.key),
        commands,
        instants,
    ),
    st.builds(lambda person: lambda store: store.discard(person, ("k",)), people),
    st.builds(
        lambda subject, one, at: lambda store: store.open_subject(subject, one, at),
        st.builds(Subject, people, age_band=st.sampled_from(AgeBand), jurisdictions=st.lists(words).map(tuple)),
        st.none() | devices,
        instants,
    ),
    st.lists(disclosures, max_size=3).map(lambda entries: lambda store: store.disclose(tuple(entries))),
    st.builds(
        lambda found, asked: lambda store: store.add(Additions(recipients=tuple(found)), asked, NOON),
        st.lists(st.builds(Recipient, words, words), max_size=2),
        commands,
    ),
    words.map(lambda name: lambda store: store.secret(name)),
)
histories = st.lists(acts, max_size=12)
"""What may happen to a store, in any order."""
