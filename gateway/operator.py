"""Whoever runs the gateway, at the command line: asks as governance does, and opens the parts for one question."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.asked import Asked
from gateway.http import Said
from gateway.rooms import Gateway
from gateway.settings import Settings
from gateway.wiring import gateway
from graph.terms import Audience
from resolvers.caller import Caller
from resolvers.context import Context


@asynccontextmanager
async def at_the_desk(settings: Settings, *, serving: bool = True) -> AsyncIterator[tuple[Gateway, Context]]:
    """Open a gateway and the surroundings of one act; raises what settings, pack, keys and store raise.

    Who only asks is not `serving`: a catalogue to come may be tried on a store without being the newest it has served.
    """
    async with gateway(settings, serving=serving) as opened:
        # INVARIANT: no subject and no recipient of its own: it is asked about others, never for itself.
        caller = Caller("", "command line", Audience.GOVERNANCE, "", "", opened.parts.clock())
        yield opened, opened.context(caller, Asked(), Said(frozenset(), trace=""))
