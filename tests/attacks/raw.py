"""One connection's worth of bytes for each number of a seed, and how it is sent: at once, in pieces, cut off."""

from dataclasses import dataclass
from random import Random

from tests.attacks.bodies import body
from tests.attacks.heads import framed, head

GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"\r\n" * 3000,
    b"GET /graphql\r\n\r\n",
    b"\x00" * 100,
    b"POST /graphql HTTP/1.1\r\nHost: here\r\nX: " + b"y" * 200_000,
    b"POST /" + b"y" * 200_000,
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" * 900,
    b"A:\r\n" * 20_000,
)
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Means:
    """What whoever attacks has: some tokens, and ids of documents and people."""

    tokens: tuple[str, ...]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent, piece by piece; `resets` ends the connection without a word, `halves` ends its sending alone."""

    pieces: tuple[bytes, ...]
    resets: bool = False
    halves: bool = False


def case(seed: int, number: int, means: Means) -> Case:
    """Return the case of a number: the same for the same seed and the same means."""
    dice = Random(f"{seed}/{number}")
    sent = _sent(dice, means)
    kind = dice.random()
    if kind < 0.02:
        return Case((sent[: dice.randrange(len(sent) + 1)],), resets=True)
    if kind < 0.04:
        return Case((sent[: dice.randrange(len(sent) + 1)],), halves=True)
    if kind < 0.12:
        cuts = sorted(dice.randrange(len(sent) + 1) for _ in range(dice.randrange(1, 6)))
        return Case(tuple(sent[one:other] for one, other in zip([0, *cuts], [*cuts, len(sent)], strict=True)))
    return Case((sent,))


def _sent(dice: Random, means: Means) -> bytes:
    kind = dice.random()
    if kind < 0.02:
        return dice.choice(GARBAGE)
    if kind < 0.03:
        return dice.randbytes(dice.choice((1, 30, 5000)))
    if kind < 0.08:
        return b"".join(_request(dice, means) for _ in range(dice.randrange(2, 6)))
    if kind < 0.11:
        return _request(dice, means) + SMUGGLED
    return _request(dice, means)


def _request(dice: Random, means: Means) -> bytes:
    lines = head(dice, dice.choice((*means.tokens, *means.tokens, None)))
    return framed(dice, lines, body(dice, means.known))
