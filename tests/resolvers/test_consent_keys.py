"""Each consent act is done once under its key, wherever it stands, and a key is for one act only."""

from collections.abc import Awaitable, Callable

import pytest

from graph.terms import Operation
from resolvers.acts import CellChoice, Changed, GiveConsent, ScopeAsked
from resolvers.consent import give, object_to, refuse, withdraw, withdraw_all
from resolvers.context import Context
from tests.support.worlds_resolvers import HOBBY, PLAY, World, problem, shown

pytestmark = pytest.mark.anyio

HOBBIES = ScopeAsked(category="hobby")


def _acts() -> dict[str, Callable[[Context, str], Awaitable[object]]]:
    async def yes(context: Context, token: str) -> object:
        return await give(context, GiveConsent("k", token, (CellChoice(PLAY, "hobby", Operation.USE),)))

    async def no(context: Context, token: str) -> object:
        return await refuse(context, "k", token)

    async def back(context: Context, token: str) -> object:
        return await withdraw(context, "k", HOBBIES)

    async def everything(context: Context, token: str) -> object:
        return await withdraw_all(context, "k")

    async def objected(context: Context, token: str) -> object:
        return await object_to(context, "k", HOBBIES)

    return {"give": yes, "refuse": no, "withdraw": back, "withdraw all": everything, "object": objected}


@pytest.mark.parametrize("act", _acts())
@pytest.mark.parametrize("device", ["noor-headset", "kiosk"])
async def test_the_same_act_under_the_same_key_is_done_once(world: World, act: str, device: str) -> None:
    """On a device nobody signed in on, a no stands in the device's own tree."""
    if act == "give" and device == "kiosk":
        device = "noor-headset"
    context = world.of(device=device, assurance=2 if device == "noor-headset" else 0)
    made = await shown(context, HOBBY)
    first = await _acts()[act](context, made.token)
    assert isinstance(first, Changed)
    assert await _acts()[act](world.context(context.caller), made.token) == first


@pytest.mark.parametrize(("first", "second"), [("give", "refuse"), ("withdraw", "object"), ("withdraw all", "give")])
async def test_a_key_is_for_one_act_only(world: World, first: str, second: str) -> None:
    made = await shown(world.of(), HOBBY)
    await _acts()[first](world.of(), made.token)
    found = problem(await _acts()[second](world.of(), made.token))
    assert found.code == "IDEMPOTENCY_KEY_REUSED"
