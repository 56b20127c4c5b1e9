"""Choices from which a world is made: drawn by Hypothesis, which can shrink them, or thrown from a seed, fast."""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice(Protocol):
    """Where choices come from; what is listed first is the simplest."""

    def number(self, most: int) -> int:
        """Choose a number from 0 to `most`."""
        ...


class Drawn:
    """Choices drawn by Hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def number(self, most: int) -> int:
        return self._draw(st.integers(0, most))


class Thrown:
    """Choices thrown from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed, self._random = seed, Random(seed)

    def __repr__(self) -> str:
        return f"Thrown({self._seed})"

    def number(self, most: int) -> int:
        return self._random.randint(0, most)


def pick(dice: Dice, options: Sequence[T]) -> T:
    """Choose one of the options; repeat an option to weigh it."""
    return options[dice.number(len(options) - 1)] if len(options) > 1 else options[0]


def chance(dice: Dice, percent: int) -> bool:
    """Say yes in so many of a hundred; simplest is no."""
    return dice.number(99) >= 100 - percent


def some(dice: Dice, options: Sequence[T]) -> list[T]:
    """Choose a part of the options, in their order."""
    chosen = dice.number(2 ** len(options) - 1)
    return [option for place, option in enumerate(options) if chosen >> place & 1]
