"""The law of 2.8 about partners: what they see does not depend on what is withheld from them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from graph.decision.decide import decide
from graph.decision.request import Request
from graph.records import Held, NoticeRef, Record, Scope, Subject, Value
from graph.sqlite_store import open_store
from graph.store import Command, Parties
from graph.terms import AgeBand, Audience, Fidelity, GivenBy, Operation, RecordKind
from tests.laws.law import LEAST_SHARE
from tests.support.strangers import BROAD, KEYS, Answered, Server
from tests.support.worlds_dice import Dice, Thrown, chance, pick
from tests.support.worlds_resolvers import DAY, GUESS, HEIGHT, HOBBY, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio

PEOPLE = 60
HELD: dict[str, tuple[Held, ...]] = {
    HOBBY: (("chess",), ("go", "rowing"), ("a" * 400,)),
    HEIGHT: (150.0, 171.3, 204.0),
    GUESS: ("likes it", "does not"),
}
CATEGORIES = ("hobby", "body", "body.height", "comfort", "guess", "health")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    store = await open_store(tmp_path / "store.sqlite3")
    yield Server(World(store, BROAD))
    await store.aclose()


async def test_partner_view_is_independent_of_withheld_values(server: Server) -> None:
    shared = 0
    for number in range(PEOPLE):
        dice = Thrown(number)
        said, keys = _said(server.world, dice), _keys(dice)
        one, other, third = (f"{name} {number}" for name in ("one", "other", "third"))
        released = await _lived(server.world, one, said)
        held = _held(dice)
        await _holds(server.world, one, held)
        await _lived(server.world, other, said)
        await _holds(server.world, other, [row for row in held if row.key in released] + _elsewhere(dice, released))
        await _lived(server.world, third, said)
        await _holds(server.world, third, [row for row in held if row.key in released])

        seen = [await _asked(server, name, keys) for name in (one, other, third)]

        assert seen[0].status == 200
        assert seen[0] == seen[1] == seen[2], (number, released)
        shared += b'"entries":[]' not in seen[0].body
    assert shared * LEAST_SHARE >= PEOPLE


async def test_partner_view_of_nobody_is_that_of_somebody_who_shares_nothing(server: Server) -> None:
    await _lived(server.world, "shy", ())
    await _holds(server.world, "shy", _held(Thrown(1), every=True))

    seen = [await _asked(server, "shy", KEYS), await _asked(server, "never heard of", KEYS)]
    seen += [await server.asks(person, *KEYS) for person in ("not an id", "", "é" * 500)]

    assert all(answer == seen[0] for answer in seen)


async def _asked(server: Server, subject: str, keys: tuple[str, ...]) -> Answered:
    studio = server.world.catalogue.recipients[STUDIO]
    return await server.asks(server.world.pseudonyms.pairwise(subject, studio), *keys)


def _keys(dice: Dice) -> tuple[str, ...]:
    return tuple(key for key in (*KEYS, "no.such.thing") if not chance(dice, 20)) or KEYS


def _said(world: World, dice: Dice) -> tuple[Record, ...]:
    """Make what somebody said to the studio and its like: a few yeses and nos, some of them overtaken."""
    return tuple(_record(world, dice, place) for place in range(2 + dice.number(4)))


def _record(world: World, dice: Dice, place: int) -> Record:
    at = world.now - 20 * DAY + place * DAY
    yes = not chance(dice, 25)
    return Record(
        world.fresh_id(),
        RecordKind.GIVEN if yes else pick(dice, (RecordKind.REFUSED, RecordKind.WITHDRAWN)),
        at,
        scope=Scope(category=pick(dice, (None, *CATEGORIES)), recipient=pick(dice, (None, STUDIO))),
        cap=pick(dice, (Fidelity.PRECISE, Fidelity.PRECISE, Fidelity.COARSE)) if yes else Fidelity.NONE,
        valid_until=pick(dice, (None, None, at + 60 * DAY, at + DAY)) if yes else None,
        notice=NoticeRef("general", 1),
        names=frozenset(CATEGORIES),
        given_by=GivenBy.SUBJECT,
        sequence=place + 1,
    )


async def _lived(world: World, subject: str, said: tuple[Record, ...]) -> frozenset[str]:
    """Open somebody who said all this; return what the studio gets of her."""
    await world.open(Subject(subject, age_band=AgeBand.ADULT, jurisdictions=("XX",)))
    if said:
        await world.recorded(subject, *(replace(one, id=world.fresh_id()) for one in said))
    snapshot = await world.store.snapshot(subject, Parties())
    asked = Request(STUDIO, PLAY, "partner_server", world.now, Audience.PARTNER, assurance=0)
    decisions = decide(replace(asked, operations=(Operation.DISCLOSE,)), snapshot, world.catalogue, KEYS)
    return frozenset(one.key for one in decisions if one.ceiling)


def _held(dice: Dice, *, every: bool = False) -> list[Value]:
    return [_value(dice, key) for key in HELD if every or not chance(dice, 25)]


def _elsewhere(dice: Dice, released: frozenset[str]) -> list[Value]:
    """Make other values of what is withheld: another one, none, or one that is over."""
    return [_value(dice, key) for key in HELD if key not in released and not chance(dice, 30)]


def _value(dice: Dice, key: str) -> Value:
    made = pick(dice, HELD[key])
    ends = pick(dice, (None, timedelta(hours=1), 40 * DAY, -DAY))
    since = World.now - 2 * DAY
    return Value(key, made, since, PLAY, expires_at=None if ends is None else World.now + ends)


async def _holds(world: World, subject: str, values: list[Value]) -> None:
    if values:
        await world.store.put(subject, tuple(values), Command(world.fresh_id(), ""), world.now)
