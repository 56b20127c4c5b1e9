"""Receipts: what an act did, signed, checkable by its person with the published keys alone."""

from typing import Any

import pytest

from graph.store import Parties
from graph.terms import Fidelity, Level
from resolvers.acts import Changed, ScopeAsked
from resolvers.consent import refuse, set_level, withdraw
from tests.support.minting import unsealed, verified
from tests.support.worlds_resolvers import HOBBY, HOUR, NOON, PLAY, STUDIO, World, done, said_yes, shown

pytestmark = pytest.mark.anyio


def _checked(world: World, made: Changed) -> dict[str, Any]:
    """Return what a receipt says, once its signature is found good by somebody who has the published keys alone."""
    return dict(verified(made.receipt.jws, world.signer.jwks()))


async def test_a_receipt_says_what_was_said_yes_to(world: World) -> None:
    made = await said_yes(world.of(), HOBBY, fidelity=Fidelity.PRESENCE, expires_at=NOON + HOUR)
    record = (await world.records())[-1]
    said = _checked(world, made)
    (told,) = said["records"]
    assert (said["jti"], said["sub"], said["iat"]) == (made.receipt.id, "noor", NOON.timestamp())
    assert (told["id"], told["kind"], told["fidelity"]) == (record.id, "GIVEN", "PRESENCE")
    assert told["validUntil"] == "2026-03-01T13:00:00.000Z"
    assert (told["scope"]["purpose"], told["scope"]["category"]) == (PLAY, "hobby")
    assert made.receipt.issued_at == NOON


async def test_a_no_that_stood_already_is_on_the_receipt_as_it_was_recorded(world: World) -> None:
    asked = ScopeAsked(category="hobby")
    receipts = [done(await withdraw(world.of(), key, asked)) for key in ("one", "two")]
    first, again = (_checked(world, one) for one in receipts)
    assert again["records"] == first["records"]
    assert again["jti"] != first["jti"]


async def test_a_refusal_of_several_cells_is_one_receipt(world: World) -> None:
    made = await shown(world.of(), HOBBY, "hobby.guess")
    said = _checked(world, done(await refuse(world.of(), "no", made.token)))
    assert [one["kind"] for one in said["records"]] == ["REFUSED"] * 3


async def test_a_token_tells_what_is_on_record_after_each_act_and_is_given_again_with_its_answer(world: World) -> None:
    asked = ScopeAsked(category="hobby")
    made = [done(await withdraw(world.of(), key, asked)) for key in ("one", "two", "one")]
    made.append(done(await set_level(world.of(), "three", None, Level.OFF)))
    first, unchanged, again, last = (one.consistency_token for one in made)
    assert [world.consistency.read(one).parties[0][2] for one in (first, unchanged, last)] == [1, 1, 2]
    assert (again == first, unchanged == first) == (True, False)
    assert (await world.store.snapshot("noor", Parties())).own.revision == 2
    assert first not in repr(made)


async def test_a_level_has_a_receipt_without_records(world: World) -> None:
    assert _checked(world, done(await set_level(world.of(), "k", None, Level.OFF)))["records"] == []


async def test_an_app_of_a_third_party_gets_a_receipt_that_names_her_by_its_own_id(world: World) -> None:
    made = await said_yes(world.of(recipient=STUDIO), HOBBY)
    pairwise = world.pseudonyms.pairwise("noor", world.of(recipient=STUDIO).recipient)
    assert _checked(world, made)["sub"] == pairwise
    assert b'"noor"' not in unsealed(made.receipt.jws.split(".")[1])
