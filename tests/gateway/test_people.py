"""The people of a demonstration are filled in once, however often and however many at once fill them in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.people import Filling, filled
from gateway.tokens import subject_of
from gateway.wiring import opened
from graph.catalogue import RegisterRow
from graph.pack import Pack, load
from graph.records import NoticeRef, Record
from graph.store import Change, Command, Parties, Store
from graph.terms import AgeBand, Basis, Operation, RecordKind
from tests.support import pack_folder
from tests.support.operator import ISSUER

pytestmark = pytest.mark.anyio
AT = datetime(2026, 7, 1, tzinfo=UTC)
ADA, BO = subject_of(ISSUER, "ada"), subject_of(ISSUER, "bo")


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load(str(pack_folder.written(tmp_path / "pack")))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = await opened(f"sqlite:///{tmp_path}/store.sqlite")
    yield found
    await found.aclose()


async def test_a_person_is_who_the_pack_says_with_device_values_and_the_notice_served(store: Store, pack: Pack) -> None:
    assert await filled(Filling(store, pack, ISSUER, AT)) == {"ada": ADA, "bo": BO}
    snapshot = await store.snapshot(ADA, Parties())
    assert (snapshot.subject.age_band, snapshot.subject.jurisdictions) == (AgeBand.ADULT, ("XX",))
    assert [(one.kind, one.notice, one.recorded_at) for one in snapshot.own.records] == [
        (RecordKind.NOTICE_SERVED, NoticeRef("n1", 2), AT)
    ]
    assert [(one.id, one.name, one.shared) for one in await store.devices(ADA)] == [("d1", "Box", True)]
    assert [(one.key, one.held, one.purpose) for one in await store.held(ADA)] == [("hobby.level", "old", "run")]
    assert (await store.snapshot(BO, Parties())).own.revision == 1


async def test_a_later_filling_adds_nothing(store: Store, pack: Pack) -> None:
    await filled(Filling(store, pack, ISSUER, AT))
    before = [await store.snapshot(one, Parties()) for one in (ADA, BO)]
    await filled(Filling(store, pack, ISSUER, AT + timedelta(days=400)))
    assert [await store.snapshot(one, Parties()) for one in (ADA, BO)] == before


async def test_what_a_person_said_meanwhile_is_kept(store: Store, pack: Pack) -> None:
    filling = Filling(store, pack, ISSUER, AT)
    await filled(filling)
    await store.discard(ADA, ("hobby.level",))
    await filled(filling)
    assert await store.held(ADA) == ()


async def test_two_that_fill_at_once_make_one(store: Store, pack: Pack) -> None:
    await asyncio.gather(*(filled(Filling(store, pack, ISSUER, AT + timedelta(seconds=n))) for n in range(2)))
    snapshot = await store.snapshot(ADA, Parties())
    assert (snapshot.own.revision, len(snapshot.own.records)) == (1, 1)
    assert len(await store.held(ADA)) == 1


class Interrupted:
    """A store in which somebody else is faster: before values are put, the person has said something already."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def put(self, subject: str, *more: Any) -> Any:
        no = Record("no", RecordKind.REFUSED, AT, sequence=1)
        await self._store.append(Change(subject, 0, AT, Command("hers", "hers"), begins=(no,)))
        return await self._store.put(subject, *more)


async def test_who_has_a_state_of_her_own_by_then_keeps_it(store: Store, pack: Pack) -> None:
    await filled(Filling(Interrupted(store), pack, ISSUER, AT))
    assert [one.id for one in (await store.snapshot(ADA, Parties())).own.records] == ["no"]


async def test_a_value_ends_with_the_shortest_retention_of_its_collection(store: Store, pack: Pack) -> None:
    def row(days: int | None) -> RegisterRow:
        return RegisterRow("house", "run", "hobby", Operation.COLLECT, Basis.CONTRACT, retention_days=days)

    register = {**pack.catalogue.register, ("house", Operation.COLLECT): (row(None), row(30), row(7))}
    pack = replace(pack, catalogue=replace(pack.catalogue, register=register))
    await filled(Filling(store, pack, ISSUER, AT))
    assert [one.expires_at for one in await store.held(ADA)] == [AT + timedelta(days=7)]


async def test_before_any_notice_none_is_served(store: Store, pack: Pack) -> None:
    await filled(Filling(store, pack, ISSUER, datetime(2025, 1, 1, tzinfo=UTC)))
    assert (await store.snapshot(ADA, Parties())).own.records == ()
