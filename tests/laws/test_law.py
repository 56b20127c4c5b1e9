"""What a law stands on can fail: a law that releases too little, and one that sees too few worlds."""

import pytest

from tests.laws.law import Tally, decided, law
from tests.support.worlds import World
from tests.support.worlds_dice import Dice


def _never_releasing(one: World, dice: Dice, tally: Tally) -> None:
    tally.saw(())


def _seldom_looking(one: World, dice: Dice, tally: Tally) -> None:
    if not tally.examples:
        tally.saw(decided(one))


def test_a_law_whose_worlds_release_nothing_fails() -> None:
    with pytest.raises(AssertionError, match="released"):
        law(_never_releasing)()


def test_a_law_that_looks_at_few_of_its_worlds_fails() -> None:
    with pytest.raises(AssertionError, match="worlds were seen"):
        law(_seldom_looking)()
