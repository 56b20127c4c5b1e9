"""What a decision reads."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from graph.decision.snapshot import DeviceState, PartyState
from graph.records import GivenOn, NoticeRef, Record, Subject
from graph.store import Parties, Store
from graph.terms import AgeBand, Fidelity, GivenBy, Level, PartyKind, RecordKind, Standing
from tests.conformance.builders import ALONE, FULL_SCOPE, NOON, TICK, change, device, given, record

pytestmark = pytest.mark.anyio
Name = Callable[[str], str]


async def test_a_subject_nobody_opened_is_unknown_and_at_revision_zero(store: Store, name: Name) -> None:
    snapshot = await store.snapshot(name("nobody"), ALONE)
    assert snapshot.subject == Subject(name("nobody"), standing=Standing.UNKNOWN)
    assert snapshot.parties == (PartyState(PartyKind.SUBJECT, name("nobody")),)
    assert snapshot.device is None


async def test_reading_an_unknown_subject_does_not_make_her(store: Store, name: Name) -> None:
    await store.snapshot(name("nobody"), Parties(name("device"), name("home")))
    assert (await store.snapshot(name("nobody"), ALONE)).subject.standing is Standing.UNKNOWN


async def test_a_record_comes_back_whole(store: Store, name: Name) -> None:
    whole = Record(
        id=name("r"),
        kind=RecordKind.RENEWED,
        recorded_at=NOON,
        scope=FULL_SCOPE,
        cap=Fidelity.COARSE,
        valid_from=NOON + TICK,
        valid_until=NOON + timedelta(days=365),
        notice=NoticeRef("notice", 3),
        catalogue_version=7,
        offer_id="offer",
        explicit=False,
        names=frozenset({"one", "another"}),
        assurance=3,
        given_by=GivenBy.GUARDIAN,
        given_on=GivenOn("vr_headset", "device", "session"),
        answers_signal=True,
        sequence=1,
    )
    await store.append(change(name("ann"), begins=(whole,)))
    own = (await store.snapshot(name("ann"), ALONE)).own
    assert own == PartyState(PartyKind.SUBJECT, name("ann"), 1, (whole,), NOON)


async def test_a_plain_record_comes_back_whole(store: Store, name: Name) -> None:
    plain = Record(name("r"), RecordKind.REFUSED, NOON)
    await store.append(change(name("ann"), begins=(plain,)))
    assert (await store.snapshot(name("ann"), ALONE)).own.records == (plain,)


async def test_records_stand_in_the_order_in_which_they_were_recorded(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "z", "a"))
    await store.append(given(name("ann"), 1, "m", at=NOON + TICK))
    assert [one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records] == ["z", "a", "m"]


async def test_a_tree_of_six_hundred_records_is_read_whole(store: Store, name: Name) -> None:
    names = tuple(f"r{number}" for number in range(600))
    await store.append(given(name("ann"), 0, *names))
    assert tuple(one.id for one in (await store.snapshot(name("ann"), ALONE)).own.records) == names


async def test_three_parties_are_read_at_once_the_subject_first(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "hers"))
    await store.append(given(name("set"), 0, "the-sets", kind=PartyKind.DEVICE))
    await store.append(given(name("home"), 0, "the-homes", kind=PartyKind.HOUSEHOLD))
    snapshot = await store.snapshot(name("ann"), Parties(name("set"), name("home")))
    assert [(party.kind, party.id, party.revision, party.records[0].id) for party in snapshot.parties] == [
        (PartyKind.SUBJECT, name("ann"), 1, "hers"),
        (PartyKind.DEVICE, name("set"), 1, "the-sets"),
        (PartyKind.HOUSEHOLD, name("home"), 1, "the-homes"),
    ]


async def test_a_party_that_is_not_there_yet_is_read_at_revision_zero(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "hers"))
    snapshot = await store.snapshot(name("ann"), Parties(name("set"), name("home")))
    assert snapshot.parties[1:] == (
        PartyState(PartyKind.DEVICE, name("set")),
        PartyState(PartyKind.HOUSEHOLD, name("home")),
    )


async def test_the_revision_changes_with_that_of_any_party(store: Store, name: Name) -> None:
    parties = Parties(name("set"), name("home"))
    seen = [(await store.snapshot(name("ann"), parties)).revision]
    for party, kind in (("ann", PartyKind.SUBJECT), ("set", PartyKind.DEVICE), ("home", PartyKind.HOUSEHOLD)):
        await store.append(given(name(party), 0, "r", kind=kind))
        seen.append((await store.snapshot(name("ann"), parties)).revision)
    assert len(set(seen)) == len(seen)


async def test_a_device_nobody_linked_is_unlinked(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "r"))
    snapshot = await store.snapshot(name("ann"), Parties(device=name("set")))
    assert snapshot.device == DeviceState(name("set"), known=False)


async def test_the_device_asked_about_is_read_with_its_link_and_whether_it_is_shared(store: Store, name: Name) -> None:
    linked, left = device(name("shared"), shared=True), device(name("left"), unlinked_at=NOON + TICK)
    await store.append(change(name("ann"), devices=(linked, left)))
    for asked, state in (
        (linked, DeviceState(name("shared"), linked=True, shared=True)),
        (left, DeviceState(name("left"), linked=False)),
    ):
        assert (await store.snapshot(name("ann"), Parties(device=asked.id))).device == state


async def test_levels_standing_and_guardians_are_read_with_the_subject(store: Store, name: Name) -> None:
    await store.open_subject(Subject(name("pia"), age_band=AgeBand.CHILD, jurisdictions=("DE", "EU")), None, NOON)
    levels = (("*", Level.DECLARED), ("vr_headset", Level.OFF))
    await store.append(change(name("pia"), levels=levels, guardians=(name("noor"),)))
    assert (await store.snapshot(name("pia"), ALONE)).subject == Subject(
        name("pia"),
        age_band=AgeBand.CHILD,
        jurisdictions=("DE", "EU"),
        levels=levels,
        guardians=(name("noor"),),
    )


async def test_history_has_every_record_ever_and_the_same_revision(store: Store, name: Name) -> None:
    await store.append(given(name("ann"), 0, "old"))
    await store.append(given(name("ann"), 1, "new", at=NOON + TICK, ends=("old",)))
    await store.append(given(name("set"), 0, "other", kind=PartyKind.DEVICE))
    await store.append(given(name("set"), 1, "newer", at=NOON + TICK, ends=("other",), kind=PartyKind.DEVICE))
    parties = Parties(device=name("set"))
    now, ever = await store.snapshot(name("ann"), parties), await store.history(name("ann"), parties)
    assert [[one.id for one in party.records] for party in now.parties] == [["new"], ["newer"]]
    assert [[one.id for one in party.records] for party in ever.parties] == [["old", "new"], ["other", "newer"]]
    assert (ever.revision, ever.subject, ever.device) == (now.revision, now.subject, now.device)
    assert ever.own.latest == now.own.latest == NOON + TICK


async def test_history_of_an_unknown_subject_is_empty(store: Store, name: Name) -> None:
    ever = await store.history(name("nobody"), ALONE)
    assert (ever.subject.standing, ever.own.records) == (Standing.UNKNOWN, ())


async def test_a_record_of_each_kind_and_rung_comes_back(store: Store, name: Name) -> None:
    rows = [record(f"{kind}-{cap}", kind=kind, cap=cap, sequence=1) for kind in RecordKind for cap in Fidelity]
    await store.append(change(name("ann"), begins=tuple(rows)))
    assert (await store.snapshot(name("ann"), ALONE)).own.records == tuple(rows)
