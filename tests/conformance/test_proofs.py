"""Whether what is known of people still holds: the states proven, or read whole, no earlier than the values."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio
import pytest

from graph.catalogue import Recipient
from graph.decision.snapshot import Snapshot
from graph.records import Subject
from graph.store import Additions, Parties, Store
from graph.terms import AgeBand, Level, PartyKind, Standing
from tests.conformance.builders import ALONE, NOON, TICK, change, command, device, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]
Another = Callable[[], Awaitable[Store]]

EACH = pytest.mark.parametrize(
    ("kind", "party"), [(PartyKind.SUBJECT, "ann"), (PartyKind.DEVICE, "set"), (PartyKind.HOUSEHOLD, "home")]
)


@pytest.fixture
async def known(store: Store, name: Name) -> Snapshot:
    """Return what is known of Ann, on a headset of hers, at home: all three have said something."""
    await store.append(given(name("ann"), 0, "r", devices=(device(name("set")),)))
    await store.append(given(name("set"), 0, "r", kind=PartyKind.DEVICE))
    await store.append(given(name("home"), 0, "r", kind=PartyKind.HOUSEHOLD))
    return await store.snapshot(name("ann"), Parties(name("set"), name("home")))


async def newest(store: Store, known: Snapshot) -> Snapshot | None:
    return (await store.values(known, (), NOON)).snapshot


async def test_where_nothing_moved_what_is_known_holds(store: Store, known: Snapshot) -> None:
    assert await newest(store, known) is None


@pytest.mark.parametrize("parties", [(None, None), ("set", None), (None, "home"), ("set", "home")])
async def test_who_is_not_there_yet_holds_too(store: Store, name: Name, parties: tuple[str | None, str | None]) -> None:
    nobody = await store.snapshot(name("nobody"), Parties(*(None if one is None else name(one) for one in parties)))
    assert await newest(store, nobody) is None


@EACH
async def test_a_party_that_moved_comes_whole_with_the_values(
    store: Store, known: Snapshot, name: Name, kind: PartyKind, party: str
) -> None:
    await store.append(given(name(party), 1, "later", at=NOON + TICK, kind=kind))
    moved = await newest(store, known)
    assert moved == await store.snapshot(name("ann"), Parties(name("set"), name("home")))
    assert moved != known
    assert [one.revision for one in moved.parties if one.kind is kind] == [2]


@EACH
async def test_a_party_that_came_to_be_comes_whole(store: Store, name: Name, kind: PartyKind, party: str) -> None:
    parties = Parties(name("set"), name("home"))
    nobody = await store.snapshot(name("ann"), parties)
    await store.append(given(name(party), 0, "r", kind=kind))
    assert await newest(store, nobody) == await store.snapshot(name("ann"), parties)


async def test_all_that_moved_comes_at_once(store: Store, known: Snapshot, name: Name) -> None:
    await store.append(change(name("ann"), 1, levels=(("*", Level.OFF),), devices=(device(name("set"), shared=True),)))
    await store.append(given(name("home"), 1, "later", at=NOON + TICK, kind=PartyKind.HOUSEHOLD))
    await store.add(Additions(recipients=(Recipient(name("one"), "One"),)), command(), NOON)
    assert await newest(store, known) == await store.snapshot(name("ann"), Parties(name("set"), name("home")))


async def test_a_subject_who_came_to_be_has_moved_though_her_revision_has_not(store: Store, name: Name) -> None:
    nobody = await store.snapshot(name("ann"), ALONE)
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.ADULT), None, NOON)
    opened = await store.snapshot(name("ann"), ALONE)
    assert opened.revision == nobody.revision
    assert await newest(store, nobody) == opened
    assert await newest(store, opened) is None


async def test_newer_claims_and_an_erasure_move_her(store: Store, known: Snapshot, name: Name) -> None:
    await store.open_subject(Subject(name("ann"), jurisdictions=("TT",)), None, NOON)
    moved = await newest(store, known)
    assert moved is not None
    assert moved.subject.jurisdictions == ("TT",)
    await store.append(change(name("ann"), 2, standing=Standing.ERASED, erases_values=True))
    erased = await newest(store, moved)
    assert erased is not None
    assert erased.subject.standing is Standing.ERASED


async def test_what_governance_added_moves_what_was_known_before_it(store: Store, known: Snapshot, name: Name) -> None:
    await store.add(Additions(recipients=(Recipient(name("one"), "One"),)), command(), NOON)
    moved = await newest(store, known)
    assert moved is not None
    assert moved == replace(known, catalogue_revision=moved.catalogue_revision)
    assert moved.catalogue_revision > known.catalogue_revision


async def test_a_value_moves_nothing(store: Store, known: Snapshot, name: Name) -> None:
    await store.put(name("ann"), (value("k", 1),), command(), NOON)
    found = await store.values(known, ("k",), NOON)
    assert (dict(found.values), found.snapshot) == ({"k": value("k", 1)}, None)


async def test_that_a_device_is_attested_is_the_tokens_to_say_and_never_comes_back(
    store: Store, known: Snapshot, name: Name
) -> None:
    assert known.device is not None
    attested = replace(known, device=replace(known.device, attested=True))
    assert await newest(store, attested) is None
    for party, kind in (("set", PartyKind.DEVICE), ("ann", PartyKind.SUBJECT)):
        await store.append(given(name(party), 1, "later", at=NOON + TICK, kind=kind))
        moved = await newest(store, attested)
        assert moved is not None
        assert moved.device == known.device


async def test_a_newer_value_never_comes_with_the_proof_of_an_older_consent(
    store: Store, another: Another, name: Name
) -> None:
    writer, done = await another(), anyio.Event()
    await store.append(given(name("ann"), 0, "r0"))
    known = await store.snapshot(name("ann"), ALONE)

    async def writes() -> None:
        for number in range(1, 31):  # the consent first, then the value that rests on it
            await writer.append(given(name("ann"), number, f"r{number}", at=NOON + number * TICK, ends=("r0",)))
            await writer.put(name("ann"), (value("k", number),), command(), NOON)
        done.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writes)
        while not done.is_set():
            found = await store.values(known, ("k",), NOON)
            held = found.values["k"].held if "k" in found.values else 0
            known = found.snapshot or known
            assert isinstance(held, int)
            assert held < known.own.revision
            assert [one.sequence for one in known.own.records][-1] == known.own.revision


async def test_a_catalogue_that_grew_is_told_of_somebody_without_a_device(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    known = await store.snapshot(name("ann"), ALONE)
    await store.add(Additions(recipients=(Recipient(name("new")),)), command(), NOON)
    moved = await newest(store, known)
    assert moved == replace(known, catalogue_revision=known.catalogue_revision + 1)


async def test_who_proves_it_may_be_given_what_was_known_and_at_first_that_is_what_is(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    assert await store.recent(name("ann"), ALONE) == await store.snapshot(name("ann"), ALONE)
