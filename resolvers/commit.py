"""How one change is made: known by its key, computed on what was read, tried again when somebody was faster, told."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

import msgspec

from graph.errors import KeyReused, OfferUsed, RevisionConflict, StoreUnavailable
from graph.store import Appended, Command
from graph.terms import PartyKind
from resolvers.context import Context
from resolvers.problems import Problem, Refused, invalid

TRIES = 32  # each is lost to a success at another gateway, those of this one wait for their turn; more than there are
LONGEST_KEY = 200  # characters; a UUID has 36, and a key stays in an index for a day

Answer = TypeVar("Answer")
Input = ParamSpec("Input")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key and the digest of the input it came with; nobody else's key is ever the same one."""

    text: str = field(repr=False)
    fingerprint: str
    speaker: str
    recipient: str

    def command(self, party: str, answer: str = "") -> Command:
        """Return the command under which a party keeps this key.

        In her own tree it is readable; in a ward's, a device's or a household's it names nobody.
        """
        if party == self.speaker:
            return Command(f"act:{self.recipient}:{self.text}", self.fingerprint, answer)
        whose = "\n".join((self.speaker, self.recipient, self.text))
        return Command(f"for:{hashlib.sha256(whose.encode()).hexdigest()}", self.fingerprint, answer)


def keyed(context: Context, key: str, *given: object) -> Key:
    """Return the key of an act on its input; raises `Refused` for one that cannot be kept."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        message = f"`idempotencyKey` needs 1 to {LONGEST_KEY} printable characters; make one for each new act"
        raise invalid("OUT_OF_BOUNDS", message, "idempotencyKey")
    digest = hashlib.sha256(msgspec.json.encode(given, order="sorted")).hexdigest()
    return Key(key, digest, context.caller.subject, context.caller.recipient)


def kept(answer: object) -> str:
    """Write an answer as the text that is given again under its key."""
    return msgspec.json.encode(answer).decode()


def told_again(text: str, kind: type[Answer]) -> Answer:
    """Read an answer that `kept` wrote."""
    return msgspec.json.decode(text, type=kind)


async def committed(
    context: Context,
    key: Key,
    act: Callable[[], Awaitable[Appended]],
    *,
    places: tuple[tuple[PartyKind, str], ...],
) -> str:
    """Do an act once and return its answer's text; `places` are the parties that may have kept it.

    `act` reads, computes and writes; whoever changes the person meanwhile makes it start over. Raises
    `StoreUnavailable` when that happens too often.
    """
    async with context.turns.at(places[0][1]):
        for _ in range(TRIES):
            for kind, party in places:
                earlier = await context.store.answered(party, key.command(party), context.at, kind=kind)
                if earlier is not None:
                    return earlier.answer
            try:
                return (await act()).answer
            except RevisionConflict:
                continue  # another gateway was faster, or somebody who does not wait for turns
    raise StoreUnavailable("too many changes to one person at once; try again with the same key")


def told(act: Callable[Input, Awaitable[Answer]]) -> Callable[Input, Awaitable[Answer | Problem]]:
    """Wrap an act so that what its caller got wrong is its answer."""

    @wraps(act)
    async def answered(*args: Input.args, **more: Input.kwargs) -> Answer | Problem:
        try:
            return await act(*args, **more)
        except Refused as refused:
            return refused.problem
        except KeyReused:
            message = "`idempotencyKey` was used with another input; make a new one"
            return invalid("IDEMPOTENCY_KEY_REUSED", message, "idempotencyKey").problem
        except OfferUsed:
            message = "`offerToken` was answered before; ask for a new offer"
            return invalid("OFFER_USED", message, "offerToken").problem

    return answered
