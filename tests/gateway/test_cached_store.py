"""A release from what was known a moment ago: one trip where it holds, decided again where it does not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from gateway.cached_store import CachedStore
from gateway.metrics import SNAPSHOTS, STORE_SECONDS, Metrics
from gateway.snapshots import Snapshots
from gateway.telemetry import Telemetry
from graph.errors import RevisionConflict, StoreUnavailable
from graph.records import Subject
from graph.sqlite_store import open_store
from graph.store import Change, Command, Parties, Seen
from graph.terms import Outcome, PartyKind, Signal
from resolvers.reading import read_own
from resolvers.release import release_of, release_own
from tests.support.worlds_governance import Office, record
from tests.support.worlds_release import ASKED, HERS, YES, brand, permits, released, said, sharing, watched, withdrawn
from tests.support.worlds_resolvers import HEIGHT, HOBBY, PLAY, World

pytestmark = pytest.mark.anyio


class Place:
    """One file, a gateway's cached way to it, and another gateway beside it."""

    def __init__(self, here: Office, elsewhere: Office, snapshots: Snapshots, metrics: Metrics) -> None:
        self.here, self.elsewhere, self.snapshots, self.metrics = here, elsewhere, snapshots, metrics

    @property
    def calls(self) -> list[str]:
        return watched(self.elsewhere).calls

    @property
    def found(self) -> dict[str, float]:
        return {dict(one.labels)["found"]: one.value for one in self.metrics.samples(SNAPSHOTS)}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    store = await open_store(tmp_path / "store.sqlite3")
    elsewhere = await sharing(World(store))
    snapshots, metrics = Snapshots(), Metrics()
    cached = CachedStore(watched(elsewhere), Telemetry(metrics), snapshots)
    here = Office(cached, tables=elsewhere.tables, numbers=count(1000))
    here.known = elsewhere.known
    yield Place(here, elsewhere, snapshots, metrics)
    await store.aclose()


async def test_a_warm_answer_is_one_trip_and_the_ledger(place: Place) -> None:
    first = await release_own(place.here.of(), PLAY, ASKED)
    assert place.calls == ["snapshot", "values", "disclose"]
    watched(place.elsewhere).forget()
    assert await release_own(place.here.of(), PLAY, ASKED) == first
    assert place.calls == ["values", "disclose"]
    assert place.found == {"read": 1, "held": 1}


async def test_a_withdrawal_elsewhere_counts_in_the_next_answer_which_is_one_trip(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    await withdrawn(place.elsewhere)
    watched(place.elsewhere).forget()
    found = await release_own(place.here.of(), PLAY, ASKED)
    assert released(found) == {}
    assert found.revision == "s3.d0"
    assert place.calls == ["values"]
    assert place.found == {"read": 1, "held": 1, "moved": 1}


async def test_what_moved_is_held_in_its_newer_state(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    await permits(place.elsewhere, HEIGHT)
    await release_own(place.here.of(), PLAY, ASKED)
    watched(place.elsewhere).forget()
    assert released(await release_own(place.here.of(), PLAY, ASKED)) == {HOBBY: HERS, HEIGHT: 172.4}
    assert place.calls == ["values", "disclose"]


async def test_a_change_of_her_own_is_read_afresh(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    await withdrawn(place.here)
    assert len(place.snapshots) == 0
    assert released(await release_own(place.here.of(), PLAY, ASKED)) == {}


async def test_a_change_that_failed_may_have_been_made_so_what_was_known_is_forgotten(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    with pytest.raises(RevisionConflict):
        await place.here.store.append(Change("noor", 77, place.here.now, Command("k", "")))
    assert len(place.snapshots) == 0


async def test_only_a_release_takes_what_is_not_proven(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    await withdrawn(place.elsewhere)
    assert (await place.here.store.snapshot("noor", Parties("noor-headset"))).revision == "s3.d0"
    held = place.snapshots.find("noor", Parties("noor-headset"))
    assert held is not None
    assert held.revision == "s3.d0"  # and what was read is what is held from now on


async def test_reading_for_anything_but_a_release_holds_nobody(place: Place) -> None:
    await read_own(place.here.of())
    await place.here.store.snapshot("noor", Parties())
    assert len(place.snapshots) == 0


async def test_a_partner_is_answered_in_the_same_trips_whether_she_was_here_or_not(place: Place) -> None:
    told = []
    for warm in (False, True):
        if warm:
            await release_own(place.here.of(device=None), PLAY, ASKED)
        watched(place.elsewhere).forget()
        await release_of(brand(place.here), "noor", PLAY, ASKED)
        told.append(list(place.calls))
    assert told == [["snapshot", "values", "disclose"]] * 2


async def test_that_a_device_is_attested_is_never_held(place: Place) -> None:
    for attested in (True, False):
        await release_own(place.here.of(attested=attested), PLAY, ASKED)
        held = place.snapshots.find("noor", Parties("noor-headset"))
        assert held is not None
        assert held.device is not None
        assert held.device.attested is False
        await said(place.elsewhere, f"{attested}")  # so that the next is decided on a state that came with the values
    await release_own(place.here.of(), PLAY, ASKED)
    held = place.snapshots.find("noor", Parties("noor-headset"))
    assert held is not None
    assert held.device is not None
    assert held.device.attested is False


async def test_a_guest_on_a_device_nobody_linked_is_read_each_time(place: Place) -> None:
    for _ in range(2):
        watched(place.elsewhere).forget()
        await release_own(place.here.of(assurance=1, device="kiosk"), PLAY, ASKED)
        assert place.calls[:2] == ["snapshot", "values"]
    assert len(place.snapshots) == 0


async def test_a_signal_is_recorded_once_though_what_was_known_had_none(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    told = place.here.context(signals=frozenset({Signal.GPC}))
    await release_own(told, PLAY, ASKED)
    watched(place.elsewhere).forget()
    await release_own(told, PLAY, ASKED)
    assert "append" not in place.calls
    assert [one.kind for one in await place.here.records()].count("SIGNAL") == 1


async def test_a_store_that_fails_leaves_nothing_behind(place: Place) -> None:
    async def failing() -> None:
        raise StoreUnavailable("away")

    watched(place.elsewhere).before("snapshot", failing)
    with pytest.raises(StoreUnavailable):
        await release_own(place.here.of(), PLAY, ASKED)
    assert len(place.snapshots) == 0
    await release_own(place.here.of(), PLAY, ASKED)
    before = place.snapshots.find("noor", Parties("noor-headset"))
    watched(place.elsewhere).before("values", failing)
    with pytest.raises(StoreUnavailable):
        await release_own(place.here.of(), PLAY, ASKED)
    assert place.snapshots.find("noor", Parties("noor-headset")) is before


async def test_newer_claims_of_another_token_are_found_behind_what_was_known(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    await place.elsewhere.store.open_subject(Subject("noor", jurisdictions=("TT",)), None, place.here.now)
    await release_own(place.here.of(), PLAY, ASKED)
    found = await place.elsewhere.store.snapshot("noor", Parties())
    assert found.subject.jurisdictions == ("XX",)


async def test_each_trip_is_timed_and_what_is_held_is_none(place: Place) -> None:
    for _ in range(2):
        await release_own(place.here.of(), PLAY, ASKED)
    timed = {
        dict(one.labels)["method"]: one.value
        for one in place.metrics.samples(STORE_SECONDS)
        if one.name.endswith(".count")
    }
    assert timed == {"snapshot": 1, "values": 2, "disclose": 2}


async def test_with_a_feed_that_is_silent_what_was_taken_back_is_withheld_all_the_same(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    for name in ("one", "two"):
        await withdrawn(place.elsewhere, name)
        found = await release_own(place.here.of(), PLAY, ASKED)
        assert [one.outcome for one in found.entries] == [Outcome.WITHHELD] * 3
        again = await place.elsewhere.store.snapshot("noor", Parties("noor-headset"))
        assert found.revision == again.revision
        yes = record(f"yes after {name}", place.here.now, scope=YES)
        await place.elsewhere.told("noor", yes)
        assert released(await release_own(place.here.of(), PLAY, ASKED)) == {HOBBY: HERS}


async def test_who_was_told_of_a_change_elsewhere_is_answered_from_what_is_held_proven_there(place: Place) -> None:
    await release_own(place.here.of(), PLAY, ASKED)
    await withdrawn(place.elsewhere)
    seen = Seen(((PartyKind.SUBJECT, "noor", 3),))
    inside = place.elsewhere.store.store  # type: ignore[attr-defined]  # it is watched
    cached = CachedStore(inside, Telemetry(place.metrics), place.snapshots).after(seen)
    found = await release_own(replace(place.here.of(), store=cached), PLAY, ASKED)
    assert (released(found), found.revision) == ({}, "s3.d0")
    assert place.found == {"read": 1, "held": 1, "moved": 1}
