"""Any history, seen from a gateway that holds what it knew: each answer is the one that a fresh read gives."""

import asyncio
import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.cached_store import CachedStore
from gateway.metrics import Metrics
from gateway.snapshots import Bounds, Snapshots
from gateway.telemetry import Telemetry
from graph.records import Device, Scope, Subject
from graph.sqlite_store import open_store
from graph.store import Additions, Change, Command, Parties
from graph.terms import DeviceKind, Fidelity, Level, PartyKind, RecordKind, Signal, Standing
from resolvers.context import Context
from resolvers.release import Released, release_own
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import Office, record
from tests.support.worlds_release import ASKED, YES, held, sharing
from tests.support.worlds_resolvers import DAY, HEIGHT, HOBBY, NOTE, PLAY, World

PEOPLE = ("noor", "jon", "ann")
DEVICES = ("noor-headset", "kiosk", None)
SCOPES = (YES, Scope(category="body"), Scope(category="health"), Scope())
WHO, WHERE = st.sampled_from(PEOPLE), st.sampled_from(DEVICES)
# How somebody asks: signed in or not, with which claims, whether the signal is sent.
ASKING = st.fixed_dictionaries(
    {
        "device": WHERE,
        "assurance": st.sampled_from((1, 2)),
        "attested": st.booleans(),
        "residence": st.sampled_from(("XX", "XX", "TT", None)),
    }
)
HERS = {"device": "noor-headset", "assurance": 2, "attested": True, "residence": "XX"}
HIS = {"device": "kiosk", "assurance": 1, "attested": False, "residence": None}


class CachedReleases(RuleBasedStateMachine):
    """One file; a gateway with what it holds, of few people at most, and everybody else by a handle of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()

    @initialize(room=st.sampled_from((1, 3, 100)))
    def opened(self, room: int) -> None:
        self.run(self._open(room))

    async def _open(self, room: int) -> None:
        path = Path(self.folder.name) / "store.sqlite3"
        self.inside = WatchedStore(await open_store(path))
        self.elsewhere = await sharing(World(await open_store(path), numbers=count(10_000)))
        cached = CachedStore(self.inside, Telemetry(Metrics()), Snapshots(Bounds(snapshots=room)))  # type: ignore[arg-type]  # it passes all on
        self.here = Office(cached, tables=self.elsewhere.tables)
        await self.here.refreshed(0)

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def teardown(self) -> None:
        if hasattr(self, "here"):
            self.run(self.inside.store.aclose())
            self.run(self.elsewhere.store.store.aclose())  # type: ignore[attr-defined]  # it is watched
        self.runner.close()
        self.folder.cleanup()

    # What others do

    @rule(who=WHO, scope=st.sampled_from(SCOPES), cap=st.sampled_from((Fidelity.PRECISE, Fidelity.PRESENCE)))
    def says_yes(self, who: str, scope: Scope, cap: Fidelity) -> None:
        self.told(who, record(self.name(), self.at, scope=scope, cap=cap, names=frozenset({"health"})))

    @rule(who=WHO, scope=st.sampled_from(SCOPES), kind=st.sampled_from((RecordKind.WITHDRAWN, RecordKind.REFUSED)))
    def says_no(self, who: str, scope: Scope, kind: RecordKind) -> None:
        self.told(who, record(self.name(), self.at, kind, scope=scope))

    @rule(device=st.sampled_from(("noor-headset", "kiosk")))
    def says_no_on_a_device(self, device: str) -> None:
        self.run(self._told(device, record(self.name(), self.at, RecordKind.REFUSED), kind=PartyKind.DEVICE))

    @rule(who=WHO, key=st.sampled_from(ASKED), ends=st.sampled_from((None, DAY, 3 * DAY)))
    def holds(self, who: str, key: str, ends: Any) -> None:
        what = {HOBBY: ("chess",), HEIGHT: 172.4, NOTE: "a note"}[key]
        more = {} if ends is None else {"expires_at": self.at + ends}
        self.run(self._held(who, held(key, self.elsewhere, what, **more)))

    @rule(who=WHO, device=st.sampled_from(("noor-headset", "kiosk")), shared=st.booleans(), linked=st.booleans())
    def links(self, who: str, device: str, shared: bool, linked: bool) -> None:
        until = None if linked else self.at
        row = Device(device, "One", DeviceKind.HEADSET, shared=shared, linked_at=self.at, unlinked_at=until)
        self.told(who, devices=(row,))

    @rule(who=WHO, level=st.sampled_from((Level.OFF, Level.PREDICTIVE)))
    def sets_a_level(self, who: str, level: Level) -> None:
        self.told(who, levels=(("*", level),))

    @rule(who=WHO, standing=st.sampled_from((Standing.RESTRICTED, Standing.ACTIVE, Standing.ERASED)))
    def is_restricted_or_erased(self, who: str, standing: Standing) -> None:
        self.told(who, standing=standing, erases_values=standing is Standing.ERASED)

    @rule(who=WHO, residence=st.sampled_from(("XX", "TT")), on=WHERE)
    def signs_in_elsewhere(self, who: str, residence: str, on: str | None) -> None:
        """Come to be, or say other claims, and link the device without a new revision where nobody has linked it."""
        device = None if on is None else Device(on, "One", DeviceKind.HEADSET, shared=False, linked_at=self.at)
        self.run(self.elsewhere.store.open_subject(Subject(who, jurisdictions=(residence,)), device, self.at))

    @rule()
    def a_notice_is_published(self) -> None:
        newest = max(self.elsewhere.catalogue.notices["general"], key=lambda one: one.ref.version)
        newer = replace(
            newest, ref=replace(newest.ref, version=newest.ref.version + 1), effective_from=self.at, cells=None
        )
        self.run(self.elsewhere.store.add(Additions(notices=(newer,)), Command(self.name(), ""), self.at))
        self.run(self.elsewhere.refreshed(self.elsewhere.known + 1))

    @rule()
    def time_passes(self) -> None:
        self.here.later(DAY)
        self.elsewhere.later(DAY)

    # What the gateway answers

    @rule(who=WHO, asking=ASKING, signals=st.sampled_from((frozenset(), frozenset(), frozenset({Signal.GPC}))))
    def asks(self, who: str, asking: dict[str, Any], signals: frozenset[Signal]) -> None:
        self.same(who, asking, signals)

    @rule(who=WHO, asking=ASKING, scope=st.sampled_from(SCOPES), yes=st.booleans())
    def asks_while_she_changes_her_mind(self, who: str, asking: dict[str, Any], scope: Scope, yes: bool) -> None:
        kind = RecordKind.GIVEN if yes else RecordKind.WITHDRAWN
        change = record(self.name(), self.at, kind, scope=scope, names=frozenset({"health"}))
        self.inside.before("values", lambda: self._told(who, change))
        self.same(who, asking, frozenset())

    @invariant()
    def whoever_asks_all_the_time_is_told_the_same(self) -> None:
        """Ask for one who is signed in on her own device, and for one who is not on what he has not linked."""
        if hasattr(self, "here"):
            self.same("noor", HERS, frozenset())
            self.same("jon", HIS, frozenset())

    def same(self, who: str, asking: dict[str, Any], signals: frozenset[Signal]) -> None:
        """Ask here first: what it writes, a fresh read that follows finds; what it missed, that would write."""
        here = self.run(self._released(self.here, who, asking, signals))
        fresh = self.run(self._released(self.elsewhere, who, asking, signals))
        assert here == fresh

    async def _released(self, office: Office, who: str, asking: dict[str, Any], signals: frozenset[Signal]) -> Released:
        context: Context = office.context(office.caller(subject=who, **asking), signals=signals)
        return await release_own(context, PLAY, ASKED)

    # How it is done

    @property
    def at(self) -> Any:
        return self.elsewhere.now

    def name(self) -> str:
        return self.elsewhere.fresh_id()

    def told(self, who: str, *records: Any, **more: Any) -> None:
        self.run(self._told(who, *records, **more))

    async def _told(self, who: str, *records: Any, kind: PartyKind = PartyKind.SUBJECT, **more: Any) -> None:
        store = self.elsewhere.store
        parties = Parties(device=who) if kind is PartyKind.DEVICE else Parties()
        known = (await store.snapshot(who, parties)).party(kind)
        assert known is not None
        begins = tuple(replace(one, sequence=known.revision + 1) for one in records)
        change = Change(who, known.revision, self.at, Command(self.name(), ""), begins=begins, kind=kind, **more)
        await store.append(change)

    async def _held(self, who: str, value: Any) -> None:
        known = await self.elsewhere.store.snapshot(who, Parties())
        if known.subject.standing is not Standing.ERASED:
            await self.elsewhere.holds(who, value)


CachedReleases.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestCachedReleases = pytest.mark.slow(CachedReleases.TestCase)
