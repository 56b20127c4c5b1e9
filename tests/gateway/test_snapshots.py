"""What is held of a moment ago: bounded in people and records, never older than what was held, never unprovable."""

from dataclasses import replace

import pytest

from gateway.snapshots import Bounds, Snapshots
from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.records import Subject
from graph.store import Parties
from graph.terms import PartyKind, Standing
from tests.conformance.builders import ALONE, record

SET = Parties(device="set")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def alone(name: str, revision: int = 1, records: int = 1) -> Snapshot:
    made = tuple(record(f"r{number}") for number in range(records))
    return Snapshot(Subject(name), (PartyState(PartyKind.SUBJECT, name, revision, made),))


def with_set(name: str, own: int = 1, profile: int = 1, **device: bool) -> Snapshot:
    state = PartyState(PartyKind.DEVICE, "set", profile, (record("p"),))
    return replace(
        alone(name, own), parties=(*alone(name, own).parties, state), device=DeviceState("set", linked=True, **device)
    )


def test_what_is_kept_is_found_for_the_same_people_only() -> None:
    held = Snapshots()
    held.keep(alone("ann"))
    held.keep(with_set("ann"))
    assert held.find("ann", ALONE) == alone("ann")
    assert held.find("ann", SET) == with_set("ann")
    assert held.find("bob", ALONE) is None
    assert held.find("ann", Parties(household="set")) is None
    assert (len(held), held.records) == (2, 3)


def test_a_newer_snapshot_takes_the_place_of_an_older_one_and_never_the_other_way() -> None:
    held = Snapshots()
    newest = replace(with_set("ann", own=3, profile=5), catalogue_revision=2)
    held.keep(newest)
    for older in (
        with_set("ann", own=2, profile=5),
        with_set("ann", own=9, profile=4),
        replace(newest, catalogue_revision=1),
    ):
        held.keep(older)
        assert held.find("ann", SET) == newest
    newer = replace(newest, parties=with_set("ann", own=4, profile=5).parties)
    held.keep(newer)
    assert held.find("ann", SET) == newer
    assert (len(held), held.records) == (1, 2)


@pytest.mark.parametrize(
    "unprovable",
    [
        replace(alone("ann", 9), subject=Subject("ann", standing=Standing.UNKNOWN)),
        replace(alone("ann", 9), subject=Subject("ann", standing=Standing.ERASED)),
        replace(alone("ann", 9), device=DeviceState("set", known=False)),
    ],
    ids=["nobody", "erased", "device"],
)
def test_what_no_revision_proves_is_not_kept_and_nothing_older_stays(unprovable: Snapshot) -> None:
    held = Snapshots()
    held.keep(unprovable)
    assert held.find("ann", ALONE) is None
    held.keep(alone("ann"))
    held.keep(unprovable)
    assert held.find("ann", ALONE) is None
    assert (len(held), held.records) == (0, 0)


def test_refreshing_holds_nobody_who_was_not_held() -> None:
    held = Snapshots()
    held.refresh(alone("ann"))
    assert len(held) == 0
    held.keep(alone("ann"))
    held.refresh(alone("ann", 2, records=3))
    assert held.find("ann", ALONE) == alone("ann", 2, records=3)
    assert held.records == 3


def test_of_more_people_than_fit_the_least_recently_asked_for_goes() -> None:
    held = Snapshots(Bounds(snapshots=3))
    for name in "abc":
        held.keep(alone(name))
    held.find("a", ALONE)
    held.refresh(alone("b", 2))  # nobody asked for b
    held.keep(alone("d"))
    assert [name for name in "abcd" if held.find(name, ALONE)] == ["a", "c", "d"]
    assert held.revisions() == tuple((PartyKind.SUBJECT, name, 1) for name in "acd")


def test_of_more_records_than_fit_as_many_go_as_must() -> None:
    held = Snapshots(Bounds(records=10))
    for name in "abc":
        held.keep(alone(name, records=3))
    held.keep(alone("d", records=7))
    assert [name for name in "abcd" if held.find(name, ALONE)] == ["c", "d"]
    assert held.records == 10
    held.keep(alone("d", 2, records=11))  # alone more than fits: not held, and its older state neither
    assert [name for name in "abcd" if held.find(name, ALONE)] == ["c"]
    assert held.records == 3


def test_a_party_is_forgotten_in_every_snapshot_it_is_in() -> None:
    held = Snapshots()
    for name in "ab":
        held.keep(with_set(name))
        held.keep(alone(name))
    held.forget(PartyKind.DEVICE, "set")
    assert [(held.find(name, SET), held.find(name, ALONE)) for name in "ab"] == [(None, alone("a")), (None, alone("b"))]
    held.forget(PartyKind.SUBJECT, "a")
    held.forget(PartyKind.HOUSEHOLD, "b")  # another party of the same id
    assert held.find("a", ALONE) is None
    assert held.find("b", ALONE) == alone("b")
    assert held.revisions() == ((PartyKind.SUBJECT, "b", 1),)


def test_a_party_in_several_snapshots_is_told_at_its_oldest_revision() -> None:
    held = Snapshots()
    held.keep(with_set("a", profile=7))
    held.keep(with_set("b", profile=6))
    held.keep(with_set("c", profile=8))
    assert {(kind, party): revision for kind, party, revision in held.revisions()}[PartyKind.DEVICE, "set"] == 6


def test_whom_nobody_asks_for_in_a_while_is_forgotten() -> None:
    clock = Clock()
    held = Snapshots(Bounds(idle=600), clock)
    for name in "ab":
        held.keep(alone(name))
    clock.now = 300
    held.find("a", ALONE)
    clock.now = 600
    held.forget_idle()
    assert len(held) == 2
    held.refresh(alone("b", 2))  # what moved was not asked for
    clock.now = 601
    held.forget_idle()
    assert held.revisions() == ((PartyKind.SUBJECT, "a", 1),)


def test_whether_there_is_any_is_told_to_who_waits_for_it() -> None:
    held = Snapshots()
    told = [held.occupied.is_set()]
    held.keep(alone("a"))
    told.append(held.occupied.is_set())
    held.forget(PartyKind.SUBJECT, "a")
    told.append(held.occupied.is_set())
    assert told == [False, True, False]
