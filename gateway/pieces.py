"""A long text made ready in pieces, on a thread beside the loop: between two of them others go first."""

import asyncio
from contextlib import suppress
from time import monotonic

from graphql import ASTValidationRule, Lexer, Source, Token

from gateway.rests import LONGEST_SECONDS
from resolvers.pacing import Pace

MOST_RESTED_SECONDS = 0.15  # of one text, for its rests together: the next text in line waits for it
PIECE_OF_STEPS = 500  # tokens read and nodes entered: a millisecond or two of the interpreter that all threads share


class GivenUp(Exception):
    """Nobody waits any more for what is made ready."""


class Pieces:
    """Counts the steps of making one text ready, and rests before each piece; made in the loop, used on a thread."""

    def __init__(self, pace: Pace) -> None:
        """Hold the pace of the operation that waits for it."""
        self._pace, self._loop = pace, asyncio.get_running_loop()
        self._left, self._wanted, self._rested = 0, True, 0.0

    def give_up(self) -> None:
        """Say that nobody waits for it any more: it ends at its next rest."""
        self._wanted = False

    def step(self) -> None:
        """Count a step; raises `GivenUp` if nobody waits for the next piece."""
        if self._left == 0:
            self._rest()
            self._left = PIECE_OF_STEPS
        self._left -= 1

    def _rest(self) -> None:
        if not self._wanted:
            raise GivenUp
        if self._rested < MOST_RESTED_SECONDS:
            began = monotonic()
            rest = asyncio.run_coroutine_threadsafe(self._pace.rest(), self._loop)
            with suppress(TimeoutError):  # a loop that is ending may never come to it: nobody is to wait for that
                rest.result(LONGEST_SECONDS)
            self._rested += monotonic() - began


class SteppingLexer(Lexer):
    """Reads tokens, each of them a step."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        """Hold a text, and what counts."""
        super().__init__(Source(text))
        self._pieces = pieces

    def advance(self) -> Token:
        """Read the next token."""
        self._pieces.step()
        return super().advance()


def stepping(pieces: Pieces) -> type[ASTValidationRule]:
    """Return a rule that refuses nothing: each node of a document that is checked by it is a step."""

    class Stepping(ASTValidationRule):
        def enter(self, *_: object) -> None:
            pieces.step()

    return Stepping
