"""The statistic of the clock: small differences are found, and chance is not mistaken for one."""

import random

from bench.timing import judged


def test_a_difference_in_every_pair_is_found_though_the_noise_is_greater() -> None:
    dice = random.Random(1)
    ones = [1_000 + dice.gauss(0, 30) for _ in range(800)]
    others = [1_010 + dice.gauss(0, 30) for _ in range(800)]
    difference, p = judged(ones, others, dice)
    assert 5 < difference < 15
    assert p < 0.01


def test_chance_alone_is_not_mistaken_for_a_difference() -> None:
    dice = random.Random(2)
    low = 0
    for _ in range(20):
        ones, others = ([1_000 + dice.gauss(0, 30) for _ in range(60)] for _ in range(2))
        low += judged(ones, others, dice)[1] < 0.05
    assert low <= 4


def test_what_the_machine_did_meanwhile_is_left_out() -> None:
    dice = random.Random(3)
    ones = [1_000.0 + place % 7 for place in range(100)]
    others = [*ones[:95], *(90_000.0 for _ in range(5))]
    assert judged(ones, others, dice)[0] == 0
