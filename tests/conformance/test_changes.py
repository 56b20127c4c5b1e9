"""What one change does to a party's state."""

from collections.abc import Callable

import pytest

from graph.errors import RevisionConflict
from graph.records import Subject
from graph.store import AsOf, Page, Parties, Store
from graph.terms import Level, PartyKind, RecordKind, Standing
from tests.conformance.builders import ALONE, EVER, HOUR, NOON, TICK, change, command, device, given, record, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


async def test_the_first_change_makes_the_party_active_at_revision_one(store: Store, name: Name) -> None:
    appended = await store.append(given(name("ann"), 0, "r", command=command(answer="made")))
    snapshot = await store.snapshot(name("ann"), ALONE)
    assert (appended.revision, appended.answer, appended.replayed) == (1, "made", False)
    assert (snapshot.subject.standing, snapshot.own.revision) == (Standing.ACTIVE, 1)


@pytest.mark.parametrize(
    "effect",
    [
        {"begins": (record("new", NOON + TICK),)},
        {"lifts": ("old",)},
        {"levels": (("*", Level.OFF),)},
        {"devices": (device("d"),)},
        {"standing": Standing.RESTRICTED},
        {"guardians": ("somebody",)},
        {"guardians": ()},
    ],
    ids=lambda effect: next(iter(effect)),
)
async def test_each_effect_makes_one_new_revision(store: Store, name: Name, effect: dict[str, object]) -> None:
    await store.append(given(name("ann"), 0, "old"))
    appended = await store.append(change(name("ann"), 1, NOON + TICK, **effect))
    assert appended.revision == 2
    assert (await store.snapshot(name("ann"), ALONE)).own.revision == 2


async def test_several_effects_of_one_change_make_one_revision(store: Store, name: Name) -> None:
    rows = tuple(record(one) for one in ("a", "b", "c"))
    appended = await store.append(
        change(name("ann"), begins=rows, levels=(("*", Level.OFF),), devices=(device("d"),), guardians=("g",))
    )
    assert appended.revision == 1


async def test_a_change_without_effect_keeps_the_revision_and_is_answered(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    before = await store.snapshot(name("ann"), ALONE)
    appended = await store.append(change(name("ann"), 1, NOON + HOUR, command=command(answer="nothing to do")))
    assert (appended.revision, appended.answer) == (1, "nothing to do")
    assert await store.snapshot(name("ann"), ALONE) == before


async def test_a_change_without_effect_makes_nobody(store: Store, name: Name) -> None:
    assert (await store.append(change(name("nobody")))).revision == 0
    assert (await store.snapshot(name("nobody"), ALONE)).subject.standing is Standing.UNKNOWN


async def test_a_change_computed_from_another_revision_is_refused(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    for base in (0, 2):
        with pytest.raises(RevisionConflict):
            await store.append(given(name("ann"), base, "s", at=NOON + TICK))
    assert [one.id for one in (await store.history(name("ann"), ALONE)).own.records] == ["r"]


async def test_a_change_without_effect_from_another_revision_is_refused_too(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    with pytest.raises(RevisionConflict):
        await store.append(change(name("ann"), 0))


async def test_a_refused_change_leaves_nothing_behind(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    await store.put(name("ann"), (value("k"),), command(), NOON)
    before = await store.history(name("ann"), Parties(device="d"))
    refused = given(
        name("ann"),
        0,
        "s",
        command=command("again"),
        ends=("r",),
        devices=(device("d"),),
        levels=(("*", Level.OFF),),
        standing=Standing.ERASED,
        guardians=("g",),
        offer=name("offer"),
        erases_values=True,
    )
    with pytest.raises(RevisionConflict):
        await store.append(refused)
    assert await store.history(name("ann"), Parties(device="d")) == before
    assert await store.devices(name("ann")) == ()
    assert [one.key for one in await store.held(name("ann"))] == ["k"]
    assert await store.answered(name("ann"), refused.command, NOON) is None
    assert (await store.append(given(name("ann"), 1, "s", offer=name("offer")))).revision == 2


async def test_recording_never_goes_back_in_time_within_a_party(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r", at=NOON))
    with pytest.raises(RevisionConflict):
        await store.append(given(name("ann"), 1, "s", at=NOON - TICK))
    with pytest.raises(RevisionConflict):
        await store.append(change(name("ann"), 1, NOON - TICK, levels=(("*", Level.OFF),)))
    assert (await store.append(given(name("ann"), 1, "s", at=NOON))).revision == 2


async def test_recording_never_goes_back_in_time_within_a_change(store: Store, name: Name) -> None:
    rows = (record("late", NOON + TICK), record("early", NOON))
    with pytest.raises(RevisionConflict):
        await store.append(change(name("ann"), 0, NOON + TICK, begins=rows))
    assert (await store.snapshot(name("ann"), ALONE)).subject.standing is Standing.UNKNOWN


async def test_the_newest_instant_of_a_change_is_the_one_that_binds(store: Store, name: Name) -> None:
    rows = (record("early", NOON), record("late", NOON + HOUR))
    await store.append(change(name("ann"), 0, NOON, begins=rows))
    assert (await store.snapshot(name("ann"), ALONE)).own.latest == NOON + HOUR
    with pytest.raises(RevisionConflict):
        await store.append(given(name("ann"), 1, "s", at=NOON + TICK))


async def test_a_change_that_records_nothing_binds_no_later_one(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a"))
    await store.append(change(name("ann"), 1, NOON + HOUR, ends=("a",)))
    assert (await store.snapshot(name("ann"), ALONE)).own.latest == NOON
    assert (await store.append(given(name("ann"), 1, "b", at=NOON + TICK))).revision == 2


async def test_the_instants_of_one_party_do_not_bind_another(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r", at=NOON))
    assert (await store.append(given(name("bob"), 0, "r", at=NOON - HOUR))).revision == 1


async def test_what_ends_leaves_the_snapshot_and_stays_on_record(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a", "b"))
    no = record("no", NOON + HOUR, RecordKind.WITHDRAWN)
    await store.append(change(name("ann"), 1, NOON + HOUR, begins=(no,), ends=("a",)))
    listed = await store.records(name("ann"), Page(), EVER)
    assert [one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records] == ["b", "no"]
    assert [(one.record.id, one.ended_at) for one in listed] == [("a", NOON + HOUR), ("b", None), ("no", None)]


async def test_only_what_the_change_names_ends(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a"))
    no = record("no", NOON + HOUR, RecordKind.WITHDRAWN)
    await store.append(change(name("ann"), 1, NOON + HOUR, begins=(no,)))
    assert [one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records] == ["a", "no"]


async def test_ends_by_themselves_tidy_up_without_a_new_revision(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a", "b"))
    assert (await store.append(change(name("ann"), 1, NOON + HOUR, ends=("a",)))).revision == 1
    assert [one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records] == ["b"]


async def test_what_ended_once_keeps_the_instant_of_its_first_end(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "a"))
    await store.append(given(name("ann"), 1, "b", at=NOON + HOUR, ends=("a",)))
    await store.append(given(name("ann"), 2, "c", at=NOON + 2 * HOUR, ends=("a",)))
    assert (await store.records(name("ann"), Page(1), EVER))[0].ended_at == NOON + HOUR


async def test_a_restriction_closes_and_a_lift_opens(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    closing = record("closed", NOON + TICK, RecordKind.RESTRICTED)
    await store.append(change(name("ann"), 1, NOON + TICK, begins=(closing,), standing=Standing.RESTRICTED))
    closed = await store.snapshot(name("ann"), ALONE)
    await store.append(change(name("ann"), 2, NOON + HOUR, lifts=("closed",), standing=Standing.ACTIVE))
    lifted = await store.snapshot(name("ann"), ALONE)
    assert (closed.subject.standing, [one.id for one in closed.own.records]) == (Standing.RESTRICTED, ["r", "closed"])
    assert (lifted.subject.standing, [one.id for one in lifted.own.records]) == (Standing.ACTIVE, ["r"])
    assert lifted.own.revision == 3
    assert await store.count_records(name("ann"), AsOf()) == 2


async def test_erasure_deletes_the_values_and_keeps_the_records(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    await store.put(name("ann"), (value("k"),), command(), NOON)
    await store.put(name("bob"), (value("k"),), command(), NOON)
    await store.append(change(name("ann"), 1, NOON + TICK, standing=Standing.ERASED, erases_values=True))
    snapshot = await store.snapshot(name("ann"), ALONE)
    assert (snapshot.subject.standing, [one.id for one in snapshot.own.records]) == (Standing.ERASED, ["r"])
    assert await store.held(name("ann")) == ()
    assert len(await store.held(name("bob"))) == 1


async def test_levels_are_set_channel_by_channel(store: Store, name: Name) -> None:
    await store.append(change(name("ann"), levels=(("*", Level.OFF), ("mobile", Level.INFERRED))))
    await store.append(change(name("ann"), 1, levels=(("mobile", Level.DECLARED), ("tv", Level.OFF))))
    subject = (await store.snapshot(name("ann"), ALONE)).subject
    assert dict(subject.levels) == {"*": Level.OFF, "mobile": Level.DECLARED, "tv": Level.OFF}


async def test_guardians_are_replaced_whole_and_stay_when_not_named(store: Store, name: Name) -> None:
    await store.append(change(name("pia"), guardians=("noor", "ned")))
    await store.append(given(name("pia"), 1, "r"))
    kept = (await store.snapshot(name("pia"), ALONE)).subject.guardians
    await store.append(change(name("pia"), 2, guardians=("ned",)))
    assert (kept, (await store.snapshot(name("pia"), ALONE)).subject.guardians) == (("noor", "ned"), ("ned",))


@pytest.mark.parametrize("kind", [PartyKind.DEVICE, PartyKind.HOUSEHOLD])
async def test_a_device_profile_or_household_is_made_by_its_first_change(
    store: Store, name: Name, kind: PartyKind
) -> None:
    await store.append(given(name("it"), 0, "r", kind=kind))
    snapshot = await store.snapshot(name("ann"), Parties(name("it"), name("it")))
    assert {party.kind: party.revision for party in snapshot.parties[1:]} == {
        PartyKind.DEVICE: int(kind is PartyKind.DEVICE),
        PartyKind.HOUSEHOLD: int(kind is PartyKind.HOUSEHOLD),
    }
    assert (await store.snapshot(name("it"), ALONE)).subject == Subject(name("it"), standing=Standing.UNKNOWN)
