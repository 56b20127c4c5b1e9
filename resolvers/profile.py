"""A person seen for one purpose: the name of that view, and what may be had before a session starts."""

import hashlib
from dataclasses import dataclass

from graph.decision.decide import decide
from graph.decision.explain import told
from graph.terms import NextActionKind
from resolvers.context import Context
from resolvers.notices import notice_for
from resolvers.offers import OfferShown, Wanted, known, offered
from resolvers.reading import read_own

# What an offer helps against: the person can say yes, sees the notice, and her yes raises the level it needs.
ASKABLE = frozenset({NextActionKind.ASK_CONSENT, NextActionKind.SHOW_NOTICE, NextActionKind.RAISE_LEVEL})


@dataclass(frozen=True, slots=True)
class Preflight:
    """The keys asked, sorted by what can be done about them; `offer` if there is something to ask."""

    granted: tuple[str, ...]
    consent_required: tuple[str, ...]
    consent_optional: tuple[str, ...]
    unavailable: tuple[str, ...]
    offer: OfferShown | None


def view_id(context: Context, purpose: str, subject: str) -> str:
    """Return the name of a view: a digest that tells two purposes, channels and recipients apart, never the person."""
    seen = "\n".join((subject, purpose, context.caller.channel, context.caller.recipient))
    return hashlib.sha256(seen.encode()).hexdigest()


async def preflight(context: Context, purpose: str, required: tuple[str, ...], optional: tuple[str, ...]) -> Preflight:
    """Say what would be released and what could be asked for; reads no value. Raises `BadUserInput`."""
    reading = await read_own(context)
    keys = tuple(dict.fromkeys((*required, *optional)))
    known(purpose, keys, reading.context.catalogue)
    decisions = decide(
        reading.context.question(purpose, reading.snapshot), reading.snapshot, reading.context.catalogue, keys
    )
    granted = frozenset(one.key for one in decisions if one.ceiling)
    askable = frozenset(
        one.key
        for one in decisions
        if one.key not in granted and told(one, third_party=context.third_party).next_action in ASKABLE
    )
    asked = tuple(key for key in keys if key in askable)
    may_offer = asked and notice_for((), reading.context.catalogue, reading.at) is not None
    return Preflight(
        granted=tuple(key for key in keys if key in granted),
        consent_required=tuple(key for key in asked if key in required),
        consent_optional=tuple(key for key in asked if key not in required),
        unavailable=tuple(key for key in keys if key not in granted and key not in askable),
        offer=await offered(reading, Wanted(purpose, asked)) if may_offer else None,
    )
