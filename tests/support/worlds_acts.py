"""Acts in the small world: what may be had after them, what was given out, and somebody who is always faster."""

from dataclasses import replace
from typing import Any, cast

from graph.decision.decide import decide
from graph.decision.explain import Told, told
from graph.decision.request import Decision
from graph.ledger import Disclosure
from graph.store import Appended, Change, Command, Store
from graph.terms import Fidelity, Level, Operation
from resolvers.context import Context
from resolvers.reading import read_own
from tests.support.worlds_resolvers import HOBBY, PLAY, STUDIO, World


async def decided(context: Context, key: str, purpose: str = PLAY) -> Decision:
    """Decide on one attribute for a caller, as a release does."""
    reading = await read_own(context)
    question = reading.context.question(purpose, reading.snapshot)
    return decide(question, reading.snapshot, reading.context.catalogue, (key,))[0]


async def rung(context: Context, key: str, purpose: str = PLAY) -> Fidelity:
    return (await decided(context, key, purpose)).ceiling


async def why(context: Context, key: str, purpose: str = PLAY) -> Told:
    return told(await decided(context, key, purpose), third_party=context.third_party)


async def given(world: World, subject: str = "noor", **more: Any) -> Disclosure:
    """Write a disclosure about a subject to the ledger, as a release does."""
    plain: dict[str, Any] = {
        "id": world.fresh_id(),
        "subject": world.pseudonyms.seal_subject(subject),
        "recipient": STUDIO,
        "purpose": PLAY,
        "operation": Operation.DISCLOSE,
        "released": ((HOBBY, Fidelity.PRECISE),),
        "evidence": ("yes",),
        "revision": "s1",
        "catalogue_version": 1,
        "at": world.now,
    }
    entry = Disclosure(**(plain | more))
    await world.store.disclose((entry,))
    return entry


class _Hurried:
    """A store whose callers are a few times overtaken by somebody else's change of the same party."""

    def __init__(self, store: Store, times: int) -> None:
        self._store, self._times = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, change: Change) -> Appended:
        if self._times:
            self._times -= 1
            rival = Command(f"rival {self._times}", "")
            faster = Change(change.subject, change.base, change.at, rival, levels=(("phone", Level.INFERRED),))
            await self._store.append(replace(faster, kind=change.kind))
        return await self._store.append(change)


def hurried(context: Context, times: int) -> Context:
    """Return a context in which somebody else changes the person first, so many times."""
    return replace(context, store=cast(Store, _Hurried(context.store, times)))
