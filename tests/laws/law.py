"""What every law test stands on: how many worlds it sees, and that enough of them release something."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, seed, settings

from graph.decision.decide import decide
from graph.decision.request import Decision
from graph.terms import Fidelity
from tests.support.worlds import World, seeded, worlds
from tests.support.worlds_dice import Dice, Thrown

EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "250"))  # a law's worlds in an ordinary run; raise it to search longer
SHRINKING = bool(os.environ.get("LAW_SHRINK"))  # look for a smaller failure: that takes minutes
SEED_BITS = 48
LEAST_SHARE = 10  # a law whose worlds release in fewer than one of ten says nothing


@dataclass
class Tally:
    """Counts the examples of one law and those in which it could have been broken."""

    examples: int = 0
    released: int = 0

    def saw(self, decided: Iterable[Decision]) -> None:
        """Count one example, and whether anything was released in it."""
        self.examples += 1
        self.released += any(one.ceiling > Fidelity.NONE for one in decided)


Check = Callable[[World, Dice, Tally], None]


def law(check: Check) -> Callable[[], None]:
    """Make a test of a law: many worlds, always the same ones, of which at least a tenth release something."""

    def test() -> None:
        tally = Tally()
        (_searched if SHRINKING else _thrown)(check, tally)
        assert tally.examples >= EXAMPLES // 2, f"only {tally.examples} worlds were seen"
        assert tally.released * LEAST_SHARE >= tally.examples, f"{tally.released} of {tally.examples} released"

    test.__name__ = check.__name__
    test.__qualname__ = check.__name__
    test.__doc__ = check.__doc__
    test.__module__ = check.__module__
    return test


def _first(check: Check) -> int:
    return crc32(check.__name__.encode()) + int(os.environ.get("LAW_SEED", "0"))


def _thrown(check: Check, tally: Tally) -> None:
    """Check a law in worlds thrown from seeds: Hypothesis would mix in numbers of whatever source is loaded."""
    seeds = Random(_first(check))
    for _ in range(EXAMPLES):
        one, dice = seeded(seeds.getrandbits(SEED_BITS)), Thrown(seeds.getrandbits(SEED_BITS))
        try:
            check(one, dice, tally)
        except Exception as broken:
            broken.add_note(f"in {one!r} with {dice!r}")
            raise


def _searched(check: Check, tally: Tally) -> None:
    """Let Hypothesis choose each world choice by choice, and make the one that breaks a law small."""

    @seed(_first(check))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds())
    def holds(drawn: tuple[World, Dice]) -> None:
        check(*drawn, tally)

    holds()


def decided(one: World, keys: tuple[str, ...] | None = None) -> tuple[Decision, ...]:
    """Decide a world's request for all its attributes, or for some."""
    return decide(one.request, one.snapshot, one.catalogue, one.keys if keys is None else keys)


def never_more(before: Iterable[Decision], after: Iterable[Decision]) -> None:
    """Assert that no attribute is let out further than before."""
    for old, new in zip(before, after, strict=True):
        assert new.ceiling <= old.ceiling, (new.key, old, new)
