import pytest

from gateway.drain import Drain


def test_nothing_is_over_before_it_was_told_to_end() -> None:
    drain = Drain()
    assert (drain.begun, drain.over) == (False, False)


def test_it_is_over_when_the_last_in_flight_has_landed() -> None:
    drain = Drain()
    with drain.flight():
        with drain.flight():
            drain.begin()
            assert (drain.in_flight, drain.over) == (2, False)
        assert (drain.in_flight, drain.over) == (1, False)
    assert (drain.in_flight, drain.over) == (0, True)


def test_one_that_fails_has_landed_too() -> None:
    drain = Drain()
    drain.begin()
    with pytest.raises(OSError, match="full"), drain.flight():
        raise OSError("full")
    assert drain.over
