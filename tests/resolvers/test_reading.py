"""What one act is computed on, and that the state it foresees is the one the next read gives."""

from dataclasses import replace

import pytest

from graph.decision.request import Claims
from graph.records import Device, Scope
from graph.store import Change, Command
from graph.terms import AgeBand, DeviceKind, Fidelity, Level, Occupancy, PartyKind, RecordKind, Signal
from resolvers.arrival import own_snapshot
from resolvers.context import Session
from resolvers.reading import Draft, Point, drafted, read_own, read_ward
from tests.support.worlds_governance import Office, office, record
from tests.support.worlds_resolvers import APP, HOUR, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio
HOBBIES = Scope(category="hobby")


@pytest.fixture
async def here(world: World) -> Office:
    found = office(world.store)
    await found.person()
    await found.told("noor", record("old", found.now, scope=HOBBIES))
    return found


async def test_the_state_a_draft_foresees_is_the_one_the_next_read_gives(here: Office) -> None:
    reading = await read_own(here.later().of())
    no = replace(record("no", here.now, RecordKind.WITHDRAWN, scope=HOBBIES, cap=Fidelity.NONE), sequence=3)
    draft = drafted(reading, PartyKind.SUBJECT, (no,))
    await here.store.append(draft.change(Command("k", "")))
    assert draft.ends == ("old",)
    assert draft.after == await own_snapshot(here.of())


async def test_in_a_devices_tree_too(here: Office) -> None:
    reading = await read_own(here.of(assurance=1))
    no = replace(record("no", here.now, RecordKind.REFUSED), sequence=1)
    draft = drafted(reading, PartyKind.DEVICE, (no,))
    await here.store.append(draft.change(Command("k", "")))
    assert draft.after == await own_snapshot(here.of(assurance=1))
    assert draft.after.own is reading.snapshot.own


async def test_a_draft_of_nothing_changes_nothing(here: Office) -> None:
    reading = await read_own(here.of())
    draft = drafted(reading, PartyKind.SUBJECT, ())
    assert draft == Draft(reading, PartyKind.SUBJECT)
    assert draft.after.revision == reading.snapshot.revision
    assert not draft.change(Command("k", "")).effective


async def test_a_level_and_a_device_are_changes_too(here: Office) -> None:
    reading = await read_own(here.of())
    phone = Device("p", "", DeviceKind.PHONE, shared=False, linked_at=here.now)
    draft = Draft(reading, PartyKind.SUBJECT, levels=(("*", Level.OFF),), devices=(phone,))
    assert draft.change(Command("k", ""), "offer") == Change(
        "noor",
        2,
        here.now,
        Command("k", ""),
        levels=(("*", Level.OFF),),
        devices=(phone,),
        offer="offer",
        kind=PartyKind.SUBJECT,
    )
    assert draft.after.revision == "s3.d0"


async def test_an_act_is_never_recorded_before_what_is_on_record(here: Office) -> None:
    await here.told("noor", record("ahead", here.now + HOUR))
    assert (await read_own(here.of())).at == here.now + HOUR


async def test_a_caller_stands_where_her_token_says_and_may_look_at_another_point(here: Office) -> None:
    reading = await read_own(replace(here.of(), session=Session("s1")))
    own = reading.point(PLAY)
    assert own == Point(PLAY, APP, "headset", "noor-headset", "s1")
    assert reading.linked
    request = reading.situation(replace(own, recipient=STUDIO, channel="phone", device=None)).request
    assert (request.recipient, request.channel, request.device, request.session) == (STUDIO, "phone", None, "s1")
    assert reading.situation(own, reading.snapshot).snapshot is reading.snapshot


async def test_nothing_of_a_guardians_own_place_counts_for_her_ward(here: Office) -> None:
    await here.guarded("pia", "noor")
    session = Session("hers", Claims(Occupancy.SHARED))
    context = replace(here.of(), session=session, signals=frozenset({Signal.GPC}))
    reading = await read_ward(context, "pia")
    assert reading.snapshot.subject.age_band is AgeBand.CHILD
    assert reading.point(PLAY) == Point(PLAY, APP, "headset")
    assert not reading.linked
    request = reading.situation(reading.point(PLAY)).request
    assert (request.session, request.claims, request.signals) == (None, Claims(), frozenset())
    assert await here.records("pia") == ()
