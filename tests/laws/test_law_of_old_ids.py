"""The law of pairwise ids over time: an old id means the same person as the new one, until it means nobody at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.pairwise import SivPseudonyms
from graph.records import NoticeRef, Record, Scope, Subject, Value
from graph.sqlite_store import open_store
from graph.store import Command
from graph.terms import AgeBand, Fidelity, GivenBy, RecordKind
from tests.support.strangers import BROAD, Answered, Server
from tests.support.worlds_resolvers import HOBBY, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio

ANN = "a" * 64
OLD, NEW = b"o" * 32, b"n" * 32
BEFORE, DURING, AFTER = (SivPseudonyms(bytes(32), keys) for keys in ((OLD,), (NEW, OLD), (NEW,)))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await open_store(tmp_path / "store.sqlite3")
    found = World(store, BROAD, pseudonyms=BEFORE)
    await found.open(Subject(ANN, age_band=AgeBand.ADULT, jurisdictions=("XX",)))
    yes = Scope(category="hobby", recipient=STUDIO)
    told = {"notice": NoticeRef("general", 1), "names": frozenset({"hobby"}), "given_by": GivenBy.SUBJECT}
    await found.recorded(ANN, Record("yes", RecordKind.GIVEN, found.now, yes, Fidelity.PRECISE, sequence=1, **told))
    await store.put(ANN, (Value(HOBBY, ("chess",), found.now, PLAY),), Command("held", ""), found.now)
    yield found
    await store.aclose()


async def _answers(world: World, pseudonyms: SivPseudonyms) -> list[Answered]:
    """Return what a gateway with these keys answers to her old id, her new one, and nobody's."""
    studio = world.catalogue.recipients[STUDIO]
    nobodys = SivPseudonyms(b"x" * 32).pairwise(ANN, studio)
    world.pseudonyms = pseudonyms
    server = Server(world)
    return [
        await server.asks(one, HOBBY) for one in (BEFORE.pairwise(ANN, studio), AFTER.pairwise(ANN, studio), nobodys)
    ]


async def test_while_the_old_key_is_kept_both_ids_mean_the_same_person(world: World) -> None:
    old, new, nobody = await _answers(world, DURING)
    assert b"chess" in old.body
    assert (old.status, old.headers, old.body) == (new.status, new.headers, new.body)
    assert b"chess" not in nobody.body


async def test_before_a_new_key_is_known_and_after_the_old_one_is_dropped_ids_are_nobodys(world: World) -> None:
    old, new, nobody = await _answers(world, BEFORE)
    assert b"chess" in old.body
    assert new == nobody
    old, new, nobody = await _answers(world, AFTER)
    assert b"chess" in new.body
    assert old == nobody
