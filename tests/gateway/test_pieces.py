"""A long text is made ready in pieces: others go first before each, and nothing else is different."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from graphql import Lexer, Source, Token, TokenKind, build_schema, parse, validate

from gateway.pieces import PIECE_OF_STEPS, GivenUp, Pieces, SteppingLexer, stepping
from tests.support.resting import Counting

pytestmark = pytest.mark.anyio

TEXT = '{ devices(first: 3) { ...F } } fragment F on Device { id name(like: "x") } # no more'
SCHEMA = build_schema("type Query { a: Int }")


def tokens(lexer: Lexer) -> list[tuple[TokenKind, int, int, str | None]]:
    found: list[Token] = [lexer.token]
    while found[-1].kind is not TokenKind.EOF:
        found.append(lexer.advance())
    return [(one.kind, one.start, one.end, one.value) for one in found]


async def beside(pieces: Pieces, steps: int) -> None:
    """Take so many steps on another thread, as what reads a text does."""
    with ThreadPoolExecutor(1) as thread:
        await asyncio.get_running_loop().run_in_executor(thread, lambda: [pieces.step() for _ in range(steps)])


@pytest.mark.parametrize(
    ("steps", "rests"), [(0, 0), (1, 1), (PIECE_OF_STEPS, 1), (PIECE_OF_STEPS + 1, 2), (3 * PIECE_OF_STEPS, 3)]
)
async def test_others_go_first_before_each_piece(steps: int, rests: int) -> None:
    pace = Counting()
    await beside(Pieces(pace), steps)

    assert pace.rests == rests


async def test_what_nobody_waits_for_ends_at_its_next_rest() -> None:
    pace = Counting()
    pieces = Pieces(pace)
    await beside(pieces, 1)
    pieces.give_up()
    await beside(pieces, PIECE_OF_STEPS - 1)
    with pytest.raises(GivenUp):
        await beside(pieces, 1)

    assert pace.rests == 1


async def test_a_text_that_has_rested_enough_rests_no_more_and_still_ends_when_nobody_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.pieces.MOST_RESTED_SECONDS", 0.0)
    pace = Counting()
    pieces = Pieces(pace)
    await beside(pieces, 3 * PIECE_OF_STEPS)
    pieces.give_up()
    with pytest.raises(GivenUp):
        await beside(pieces, 1)

    assert pace.rests == 0


async def test_a_text_is_read_as_it_always_is_each_token_a_step() -> None:
    pace = Counting()
    pieces = Pieces(pace)
    expected = tokens(Lexer(Source(TEXT)))
    found = await asyncio.to_thread(lambda: tokens(SteppingLexer(TEXT, pieces)))
    await beside(pieces, PIECE_OF_STEPS - (len(expected) - 1))
    before = pace.rests
    await beside(pieces, 1)

    assert found == expected
    assert (before, pace.rests) == (1, 2)


async def test_the_rule_that_steps_refuses_nothing() -> None:
    pace, document = Counting(), parse(f"{{ {'b ' * PIECE_OF_STEPS} }}")
    found = await asyncio.to_thread(validate, SCHEMA, document, [stepping(Pieces(pace))])

    assert found == []
    assert pace.rests == 3  # a field and its name each, and the few nodes around them
