"""How a person comes to be at her first call, what is read for her, what her browser's signal leaves."""

from dataclasses import replace
from typing import Any

import pytest

from graph.decision.snapshot import DeviceState
from graph.records import Device, GivenOn, Record, Scope, Subject
from graph.terms import (
    AgeBand,
    DeviceKind,
    GivenBy,
    Level,
    Operation,
    PartyKind,
    RecordKind,
    Signal,
    Standing,
)
from resolvers.arrival import kind_of, own_snapshot
from resolvers.context import Context
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import Office, office, record
from tests.support.worlds_resolvers import HOUR, World

pytestmark = pytest.mark.anyio
GPC = frozenset({Signal.GPC})


@pytest.fixture
def here(world: World) -> Office:
    return office(WatchedStore(world.store))


def calls(here: Office) -> list[str]:
    assert isinstance(here.store, WatchedStore)
    return here.store.calls


async def devices(here: Office) -> list[tuple[str, str, DeviceKind, bool]]:
    return [(one.id, one.name, one.kind, one.shared) for one in await here.store.devices("noor")]


# How a person comes to be


async def test_a_person_comes_to_be_at_her_first_call_and_is_read_once_from_then_on(here: Office) -> None:
    first = await own_snapshot(here.of())
    assert calls(here) == ["snapshot", "open_subject", "snapshot"]
    calls(here).clear()
    assert await own_snapshot(here.of()) == first
    assert calls(here) == ["snapshot"]
    assert first.subject == Subject("noor", age_band=AgeBand.ADULT, jurisdictions=("XX",))
    assert first.revision == "s0.d0"


async def test_the_first_signed_in_call_links_the_device_under_its_channels_name_or_else_its_word(here: Office) -> None:
    snapshot = await own_snapshot(here.of())
    assert snapshot.device == DeviceState("noor-headset", linked=True, attested=True)
    await own_snapshot(here.of(channel="nowhere", device="odd"))
    await own_snapshot(here.of(channel="tv", device="living-room"))
    assert await devices(here) == [("noor-headset", "Headset", DeviceKind.HEADSET, False)]
    channels = tuple(replace(one, max_assurance=3) if one.id == "tv" else one for one in here.tables.channels)
    sure = office(here.store, tables=replace(here.tables, channels=channels))
    await own_snapshot(sure.of(channel="tv", device="living-room"))
    assert await devices(here) == [
        ("noor-headset", "Headset", DeviceKind.HEADSET, False),
        ("living-room", "tv", DeviceKind.TV, True),
    ]


async def test_nobody_signed_in_links_no_device(here: Office) -> None:
    snapshot = await own_snapshot(here.of(assurance=1))
    assert snapshot.device == DeviceState("noor-headset", linked=False, attested=True, known=False)
    assert await devices(here) == []


async def test_what_was_unlinked_stays_unlinked_and_costs_one_read(here: Office) -> None:
    await own_snapshot(here.of())
    gone = replace((await here.store.devices("noor"))[0], unlinked_at=here.now)
    await here.told("noor", devices=(gone,))
    calls(here).clear()
    snapshot = await own_snapshot(here.of())
    assert snapshot.device is not None
    assert (snapshot.device.linked, calls(here)) == (False, ["snapshot"])


async def test_newer_claims_replace_what_is_on_record_and_what_they_leave_out_stays(here: Office) -> None:
    await own_snapshot(here.of())
    moved = await own_snapshot(here.of(residence="TT", age_band=AgeBand.UNKNOWN))
    assert (moved.subject.jurisdictions, moved.subject.age_band, moved.revision) == (("TT",), AgeBand.ADULT, "s1.d0")
    silent = await own_snapshot(here.of(residence=None, age_band=AgeBand.TEEN))
    assert (silent.subject.jurisdictions, silent.subject.age_band) == (("TT",), AgeBand.TEEN)
    calls(here).clear()
    await own_snapshot(here.of(residence=None, age_band=AgeBand.UNKNOWN))
    assert calls(here) == ["snapshot"]


async def test_somebody_whose_token_states_nothing_has_no_place_and_no_age(here: Office) -> None:
    snapshot = await own_snapshot(here.of(residence=None, age_band=AgeBand.UNKNOWN))
    assert snapshot.subject == Subject("noor")


async def test_an_erased_person_is_not_made_again_whatever_her_token_says(here: Office) -> None:
    await here.told("noor", standing=Standing.ERASED)
    calls(here).clear()
    context = replace(here.of(residence="TT"), signals=GPC)
    assert (await own_snapshot(context)).subject == Subject("noor", standing=Standing.ERASED)
    assert calls(here) == ["snapshot"]


# What a browser's signal leaves


def signalling(here: Office, **more: Any) -> Context:
    return replace(here.of(**more), signals=GPC)


async def test_a_signal_is_recorded_once_for_person_and_device(here: Office) -> None:
    snapshot = await own_snapshot(signalling(here))
    (record_,) = snapshot.own.records
    assert record_ == Record(
        id=record_.id,
        kind=RecordKind.SIGNAL,
        recorded_at=here.now,
        scope=Scope(operations=frozenset({Operation.SELL, Operation.TARGET})),
        assurance=2,
        given_by=GivenBy.DEVICE,
        given_on=GivenOn("headset", "noor-headset"),
        sequence=1,
    )
    calls(here).clear()
    assert (await own_snapshot(signalling(here))).own.records == (record_,)
    assert (await own_snapshot(here.of())).own.records == (record_,)
    assert calls(here) == ["snapshot", "snapshot"]
    await own_snapshot(signalling(here, device="noor-phone"))
    assert [one.given_on.device for one in await here.records()] == ["noor-headset", "noor-phone"]


async def test_where_nobody_is_signed_in_the_signal_is_the_devices(here: Office) -> None:
    snapshot = await own_snapshot(signalling(here, assurance=1))
    assert {party.kind: len(party.records) for party in snapshot.parties} == {
        PartyKind.SUBJECT: 0,
        PartyKind.DEVICE: 1,
    }


async def test_without_a_device_the_signal_is_the_persons_own(here: Office) -> None:
    snapshot = await own_snapshot(signalling(here, assurance=1, device=None))
    assert [one.kind for one in snapshot.own.records] == [RecordKind.SIGNAL]


async def test_a_signal_stands_after_what_a_clock_that_is_ahead_put_on_record(here: Office) -> None:
    await own_snapshot(here.of())
    await here.told("noor", record("yes", here.now + HOUR))
    snapshot = await own_snapshot(signalling(here))
    assert [one.recorded_at for one in snapshot.own.records] == [here.now + HOUR, here.now + HOUR]


async def test_somebody_who_speaks_while_her_signal_is_recorded_is_heard_and_the_next_request_records_it(
    here: Office,
) -> None:
    await own_snapshot(here.of())
    assert isinstance(here.store, WatchedStore)
    here.store.before("append", lambda: here.told("noor", record("yes", here.now)))
    assert [one.id for one in (await own_snapshot(signalling(here))).own.records] == ["yes"]
    kinds = [one.kind for one in (await own_snapshot(signalling(here))).own.records]
    assert kinds == [RecordKind.GIVEN, RecordKind.SIGNAL]


async def test_the_device_stays_attested_after_its_signal_was_recorded(here: Office) -> None:
    snapshot = await own_snapshot(signalling(here))
    assert snapshot.device is not None
    assert snapshot.device.attested


# How a device is listed


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        ("vr_headset", DeviceKind.HEADSET),
        ("smart_glasses", DeviceKind.HEADSET),
        ("smart_tv", DeviceKind.TV),
        ("store_kiosk", DeviceKind.KIOSK),
        ("voice_assistant", DeviceKind.SPEAKER),
        ("mobile", DeviceKind.PHONE),
        ("tablet", DeviceKind.PHONE),
        ("web", DeviceKind.BROWSER),
        ("anything", DeviceKind.BROWSER),
    ],
)
async def test_until_somebody_names_it_a_device_is_listed_by_the_word_of_its_channel(
    channel: str, kind: DeviceKind
) -> None:
    assert kind_of(channel) is kind


async def test_a_level_set_before_is_kept_when_claims_change(here: Office) -> None:
    await own_snapshot(here.of())
    await here.told("noor", levels=(("*", Level.OBSERVED),))
    moved = await own_snapshot(here.of(residence="TT"))
    assert moved.subject.level("headset") is Level.OBSERVED


async def test_a_device_of_somebody_else_is_not_hers(here: Office) -> None:
    await own_snapshot(here.of())
    jon = await own_snapshot(here.of(subject="jon", assurance=1))
    assert jon.device == DeviceState("noor-headset", linked=False, attested=True, known=False)
    row = Device("noor-headset", "Headset", DeviceKind.HEADSET, shared=False, linked_at=here.now)
    assert await here.store.devices("noor") == (row,)
