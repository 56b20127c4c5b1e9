"""The catalogue with everything governance added so far: what an officer reads and adds to."""

from dataclasses import replace

from graph.store import Additions
from resolvers.context import Context


async def grown(context: Context) -> Context:
    """Return the context with the newest catalogue: another gateway may have added to it."""
    return (await grown_by(context))[0]


async def grown_by(context: Context) -> tuple[Context, Additions]:
    """Return the context with the newest catalogue, and the additions that are in it."""
    additions = await context.store.additions()
    catalogue = await context.refreshed(additions.revision)
    return replace(context, catalogue=catalogue), additions
