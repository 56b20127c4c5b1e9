"""How much CPU a process used is told alike wherever the bench runs."""

import os
import time

import pytest

from bench.cpu import cpu_seconds, seconds_of


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("0:01.50", 1.5), ("12:34.56", 754.56), ("01:02:03", 3723.0), ("2-03:04:05", 183_845.0), ("00:00:00", 0.0)],
)
def test_what_ps_tells_is_read(told: str, seconds: float) -> None:
    assert seconds_of(told) == pytest.approx(seconds)


def test_the_cpu_of_a_process_is_what_the_process_itself_counts() -> None:
    before = time.process_time()

    told = cpu_seconds(os.getpid())

    assert before - 0.02 <= told <= time.process_time() + 0.02  # `ps` counts in hundredths
