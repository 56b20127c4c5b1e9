"""Somebody answers an offer: says yes or no to it, and what that leaves on record."""

from collections.abc import Awaitable, Callable
from typing import Any

from graph.records import Scope
from graph.terms import GivenBy, Operation, RecordKind
from resolvers.acts import Changed, GiveConsent
from resolvers.consent import give, refuse
from resolvers.context import Context
from resolvers.offers import OfferShown
from resolvers.problems import Problem
from tests.support.worlds_resolvers import APP, PLAY, World, all_of, problem

Answer = Callable[[Context, OfferShown], Awaitable[Changed | Problem]]
USES_HOBBIES = Scope(PLAY, "hobby", APP, operations=frozenset({Operation.USE}))


async def yes(context: Context, made: OfferShown, **more: Any) -> Changed | Problem:
    """Say yes to every cell, unless `more` says otherwise."""
    plain = {"key": context.fresh_id(), "offer_token": made.token, "choices": all_of(made)}
    return await give(context, GiveConsent(**(plain | more)))


async def no(context: Context, made: OfferShown) -> Changed | Problem:
    return await refuse(context, context.fresh_id(), made.token)


def told(found: Changed | Problem) -> tuple[str, tuple[str, ...] | None]:
    """Return code and path of a problem."""
    return problem(found).code, problem(found).path


async def said(world: World, subject: str = "noor") -> list[tuple[RecordKind, GivenBy]]:
    """Return what is on record of somebody's own words, and who gave them."""
    return [
        (one.kind, one.given_by) for one in await world.records(subject) if one.kind is not RecordKind.NOTICE_SERVED
    ]
