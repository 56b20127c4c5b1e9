"""What a partner learns of people: nothing by status, headers, bytes or what the store is asked, on every store."""

import re
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from graph.records import Scope, Subject, Value
from graph.store import Command
from graph.terms import AgeBand, Audience, GivenBy, Operation, RecordKind, Standing
from resolvers.restricting import erase_subject, restrict_subject
from tests.conformance.stores import STORES
from tests.support.neo4j_server import each_store, turn
from tests.support.strangers import BROAD, OPEN, SEVERAL, Answered, Server
from tests.support.worlds_governance import record
from tests.support.worlds_resolvers import APP, HEIGHT, HOBBY, PLAY, STUDIO, SUNRISE, World

pytestmark = pytest.mark.anyio
YES = Scope(category="hobby", recipient=STUDIO, operations=frozenset({Operation.DISCLOSE}))
MALFORMED = ("", " ", "not an id", "é" * 500, "A" * 9_000, "\x00", "=", "null")


class People:
    """Whom a studio's server may meet; `name` keeps them apart from those of other tests on the same store."""

    def __init__(self, server: Server) -> None:
        self.server, self.world, self.prefix = server, server.world, uuid4().hex[:12]

    def id(self, short: str, recipient: str = STUDIO) -> str:
        subject, whom = f"{self.prefix}-{short}", self.world.catalogue.recipients[recipient]
        return self.world.pseudonyms.pairwise(subject, whom)

    async def lives(self, short: str, *keys: str, said: RecordKind | None = None, band: AgeBand = AgeBand.ADULT) -> str:
        """Open somebody who holds values for keys, having said something or nothing; return who it is."""
        subject = f"{self.prefix}-{short}"
        await self.world.open(Subject(subject, age_band=band, jurisdictions=("XX",)))
        if said is not None:
            spoken = record(self.world.fresh_id(), self.world.now, said, scope=YES, given_by=GivenBy.SUBJECT)
            await self.world.recorded(subject, spoken)
        held = {HOBBY: ("chess",), HEIGHT: 171.5}
        values = tuple(Value(key, held[key], self.world.now, PLAY) for key in keys)
        if values:
            await self.world.store.put(subject, values, Command(self.world.fresh_id(), ""), self.world.now)
        return subject

    async def restricted(self, subject: str) -> None:
        act = await restrict_subject(self._officer(), self.world.fresh_id(), subject, restricted=True, case="7")
        assert getattr(act, "standing", None) is Standing.RESTRICTED, act

    async def erased(self, subject: str) -> None:
        act = await erase_subject(self._officer(), self.world.fresh_id(), subject, case="7")
        assert getattr(act, "standing", None) is Standing.ERASED, act

    def _officer(self) -> Any:
        return self.world.of(audience=Audience.GOVERNANCE, subject="officer", device=None)


@pytest.fixture(params=each_store(STORES))
async def people(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[People]:
    with turn() if request.param == "neo4j" else nullcontext():
        store = await STORES[request.param](tmp_path)()
        yield People(Server(World(store, BROAD, numbers=count(uuid4().int >> 64))))
        await store.aclose()


async def of_every_kind(people: People) -> list[str]:
    """Make one person of each kind that shares nothing, and return the ids a stranger may try."""
    await people.lives("withheld", HOBBY, HEIGHT)
    await people.lives("refused", HOBBY, said=RecordKind.REFUSED)
    await people.lives("withdrawn", HOBBY, said=RecordKind.WITHDRAWN)
    await people.lives("unheld", HEIGHT, said=RecordKind.GIVEN)
    await people.lives("child", HOBBY, band=AgeBand.CHILD)
    await people.lives("empty")
    await people.restricted(await people.lives("restricted", HOBBY, said=RecordKind.GIVEN))
    await people.erased(await people.lives("erased", HOBBY, said=RecordKind.GIVEN))
    kinds = ("withheld", "refused", "withdrawn", "unheld", "child", "empty", "restricted", "erased", "never heard of")
    foreign = (people.id("withheld", SUNRISE), people.id("withheld", APP), f"{people.prefix}-withheld")
    return [*map(people.id, kinds), *foreign, *MALFORMED]


async def test_whoever_shares_nothing_looks_like_nobody_one_by_one(people: People) -> None:
    tried = await of_every_kind(people)
    seen = [_seen(await people.server.asks(person, HOBBY, HEIGHT)) for person in tried]
    assert seen == [seen[0]] * len(seen)
    assert b'"entries":[]' in seen[0].body
    assert seen[0].status == 200


async def test_whoever_shares_nothing_looks_like_nobody_among_several(people: People) -> None:
    shares = await people.lives("shares", HOBBY, said=RecordKind.GIVEN)
    seen = []
    for person in await of_every_kind(people):
        asked = {"ids": [person, people.id("shares"), person], "keys": [HOBBY, HEIGHT]}
        told = _seen(await people.server.sends(SEVERAL, asked))
        seen.append(replace(told, calls=tuple(sorted(told.calls))))  # two people are read side by side, each in order
    assert seen == [seen[0]] * len(seen)
    assert seen[0].body.count(b"chess") == 1
    assert shares.encode() not in seen[0].body


async def test_a_key_nobody_releases_looks_like_a_key_there_is_not(people: People) -> None:
    await people.lives("withheld", HOBBY, HEIGHT)
    keys = (HOBBY, HEIGHT, "no.such.thing", "Not a key!", "", "é.ö", "a" * 300)
    seen = [await people.server.asks(people.id("withheld"), key) for key in keys]
    bodies = {told.body.replace(f'"{key}"'.encode(), b'"key"') for told, key in zip(seen, keys, strict=True)}
    assert len(bodies) == 1
    assert len({(told.status, _lengthless(told), _seen(told).calls) for told in seen}) == 1


async def test_what_a_token_opens_is_said_without_the_store(people: People) -> None:
    told = await people.server.sends(OPEN, {})
    assert (told.status, told.calls) == (200, ())


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"id": None, "keys": []},
        {"id": "x", "keys": [HOBBY, None]},
        {"id": "x", "keys": {"a": 1}},
        {"id": ["x"], "keys": [HOBBY]},
        {"id": "x", "keys": [["hobby"]]},
        {"id": {"pairwise": "x"}, "keys": [HOBBY]},
    ],
)
async def test_an_error_names_no_type_and_suggests_nothing(people: People, variables: dict[str, Any]) -> None:
    told = await people.server.sends("a" * 64, variables)
    assert (told.status, told.calls) == (200, ())  # an old client's: the partner of these tests is one
    text = told.body.decode()
    assert not re.search(r"[Dd]id you mean|\b(ID|AttributeKey|String|SharedProfile|Query)\b", text), text


def _lengthless(told: Answered) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in told.headers if one[0] != "content-length")


def _seen(told: Answered) -> Answered:
    """Return an answer with the names of the store's calls alone: what was permitted is asked for, held or not."""
    return replace(told, calls=tuple((name, "") for name, _ in told.calls))
