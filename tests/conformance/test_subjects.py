"""Subjects coming to be, and the devices they sign in on."""

from collections.abc import Callable

import pytest

from graph.records import Subject
from graph.store import Parties, Store
from graph.terms import AgeBand, DeviceKind, Level, Standing
from tests.conformance.builders import ALONE, HOUR, NOON, TICK, change, command, device, given, value

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


async def test_opening_makes_a_subject_at_revision_zero(store: Store, name: Name) -> None:
    ann = Subject(name("ann"), age_band=AgeBand.ADULT, jurisdictions=("DE",))
    await store.open_subject(ann, None, NOON)
    snapshot = await store.snapshot(ann.id, ALONE)
    assert (snapshot.subject, snapshot.own.revision) == (ann, 0)


async def test_opening_links_the_first_device_and_keeps_the_revision(store: Store, name: Name) -> None:
    await store.open_subject(Subject(name("ann")), device("set"), NOON)
    snapshot = await store.snapshot(name("ann"), Parties(device="set"))
    assert snapshot.own.revision == 0
    assert snapshot.device is not None
    assert snapshot.device.linked
    assert await store.devices(name("ann")) == (device("set"),)


async def test_opening_an_open_subject_changes_nothing(store: Store, name: Name) -> None:
    ann = Subject(name("ann"), age_band=AgeBand.ADULT, jurisdictions=("DE",))
    await store.open_subject(ann, device("set"), NOON)
    await store.append(given(ann.id, 0, "r", levels=(("*", Level.OFF),), guardians=("g",)))
    before = await store.snapshot(ann.id, Parties(device="set"))
    await store.open_subject(ann, device("set", NOON + HOUR, shared=True), NOON + HOUR)
    assert await store.snapshot(ann.id, Parties(device="set")) == before
    assert await store.devices(ann.id) == (device("set"),)


async def test_opening_links_a_device_that_is_new(store: Store, name: Name) -> None:
    await store.open_subject(Subject(name("ann")), device("first"), NOON)
    await store.open_subject(Subject(name("ann")), device("second", NOON + HOUR), NOON + HOUR)
    assert [one.id for one in await store.devices(name("ann"))] == ["first", "second"]


async def test_opening_never_links_again_what_was_unlinked(store: Store, name: Name) -> None:
    await store.open_subject(Subject(name("ann")), device("set"), NOON)
    await store.append(change(name("ann"), devices=(device("set", unlinked_at=NOON + HOUR),)))
    await store.open_subject(Subject(name("ann")), device("set", NOON + 2 * HOUR), NOON + 2 * HOUR)
    assert await store.devices(name("ann")) == (device("set", unlinked_at=NOON + HOUR),)


async def test_a_change_links_again_what_was_unlinked(store: Store, name: Name) -> None:
    await store.append(change(name("ann"), devices=(device("set"), device("other"))))
    await store.append(change(name("ann"), 1, NOON + HOUR, devices=(device("set", unlinked_at=NOON + HOUR),)))
    again = device("set", NOON + 2 * HOUR, shared=True, kind=DeviceKind.TV)
    await store.append(change(name("ann"), 2, NOON + 2 * HOUR, devices=(again,)))
    assert await store.devices(name("ann")) == (again, device("other"))


async def test_an_unknown_subject_has_no_devices(store: Store, name: Name) -> None:
    assert await store.devices(name("nobody")) == ()


async def test_claims_that_were_unknown_are_taken_over_with_a_new_revision(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.TEEN, jurisdictions=("FR",)), None, NOON)
    snapshot = await store.snapshot(name("ann"), ALONE)
    assert (snapshot.subject.age_band, snapshot.subject.jurisdictions) == (AgeBand.TEEN, ("FR",))
    assert (snapshot.own.revision, [one.id for one in snapshot.own.records]) == (2, ["r"])


async def test_newer_claims_win_and_what_they_leave_out_stays(store: Store, name: Name) -> None:
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.TEEN, jurisdictions=("FR",)), None, NOON)
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.ADULT), None, NOON + TICK)
    await store.open_subject(Subject(name("ann"), jurisdictions=("DE", "EU")), None, NOON + HOUR)
    snapshot = await store.snapshot(name("ann"), ALONE)
    assert (snapshot.subject.age_band, snapshot.subject.jurisdictions) == (AgeBand.ADULT, ("DE", "EU"))
    assert snapshot.own.revision == 2


async def test_claims_leave_standing_levels_and_guardians_alone(store: Store, name: Name) -> None:
    await store.append(change(name("ann"), standing=Standing.RESTRICTED, levels=(("*", Level.OFF),), guardians=("g",)))
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.TEEN), None, NOON)
    assert (await store.snapshot(name("ann"), ALONE)).subject == Subject(
        name("ann"), standing=Standing.RESTRICTED, age_band=AgeBand.TEEN, levels=(("*", Level.OFF),), guardians=("g",)
    )


async def test_changes_go_on_from_the_revision_that_claims_made(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.TEEN), None, NOON)
    assert (await store.append(given(name("ann"), 2, "s"))).revision == 3


async def test_nothing_is_added_to_an_erased_subject(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    await store.append(change(name("ann"), 1, standing=Standing.ERASED, erases_values=True))
    before = await store.snapshot(name("ann"), Parties(device="set"))
    await store.open_subject(Subject(name("ann"), age_band=AgeBand.TEEN, jurisdictions=("DE",)), device("set"), NOON)
    assert await store.snapshot(name("ann"), Parties(device="set")) == before
    assert await store.devices(name("ann")) == ()


async def test_opening_makes_a_subject_that_values_alone_had_made(store: Store, name: Name) -> None:
    await store.put(name("ann"), (value("k"),), command(), NOON)
    assert (await store.snapshot(name("ann"), ALONE)).subject == Subject(name("ann"))
