"""No path joins two subjects, whatever ids they share."""

from collections.abc import Callable

import pytest

from graph.records import Subject
from graph.store import Parties, Store
from graph.terms import Level, PartyKind, Standing
from tests.conformance.builders import ALONE, EVER, HOUR, NOON, change, command, device, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


async def everything(store: Store, subject: str) -> tuple[object, ...]:
    return (
        await store.history(subject, Parties(device="shared")),
        await store.snapshot(subject, Parties(device="shared")),
        await store.devices(subject),
        await store.held(subject),
        await store.count_records(subject, EVER),
    )


async def test_what_one_subject_does_leaves_another_with_the_same_ids_as_she_was(store: Store, name: Name) -> None:
    for who in ("ann", "bob"):
        await store.open_subject(Subject(name(who), jurisdictions=("DE",)), device("shared"), NOON)
        await store.append(given(name(who), 0, "r1", "r2", command=command("key")))
        await store.put(name(who), (value("k", who),), command("values"), NOON)
    before = await everything(store, name("bob"))
    await store.append(given(name("ann"), 1, "r3", at=NOON + HOUR, ends=("r1",), lifts=("r2",)))
    await store.append(
        change(name("ann"), 2, NOON + HOUR, devices=(device("shared", unlinked_at=NOON + HOUR, shared=True),))
    )
    await store.append(change(name("ann"), 3, NOON + HOUR, levels=(("*", Level.OFF),), guardians=(name("bob"),)))
    await store.open_subject(Subject(name("ann"), jurisdictions=("FR",)), None, NOON + HOUR)
    await store.discard(name("ann"), ("k",))
    await store.append(change(name("ann"), 5, NOON + HOUR, standing=Standing.ERASED, erases_values=True))
    assert await everything(store, name("bob")) == before


async def test_a_shared_device_links_each_subject_by_herself(store: Store, name: Name) -> None:
    await store.open_subject(Subject(name("ann")), device("shared"), NOON)
    await store.open_subject(Subject(name("bob")), None, NOON)
    bob = await store.snapshot(name("bob"), Parties(device="shared"))
    assert bob.device is not None
    assert not bob.device.linked


async def test_a_device_that_takes_a_subjects_id_reads_and_changes_nothing_of_hers(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "hers", command=command("key", answer="hers")))
    thief = await store.snapshot(name("thief"), Parties(device=name("ann"), household=name("ann")))
    answer = await store.append(
        given(name("ann"), 0, "its", command=command("key", answer="its"), kind=PartyKind.DEVICE)
    )
    assert [party.records for party in thief.parties] == [(), (), ()]
    assert (answer.answer, answer.replayed) == ("its", False)
    assert [one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records] == ["hers"]
