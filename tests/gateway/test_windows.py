import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits.storage import storage_from_string

from gateway.windows import PIECES, Windows
from tests.support.hand import Hand


@pytest.fixture
def hand():
    return Hand()


def acquired(windows, key="k", limit=2, expiry=10):
    return windows.acquire_entry(key, limit, expiry)


def test_a_call_beyond_the_limit_is_not_counted(hand):
    windows = Windows(hand)
    assert [acquired(windows) for _ in range(4)] == [True, True, False, False]
    assert windows.get("k") == 2


def test_a_call_counts_up_to_the_end_of_its_window_and_not_at_it(hand):
    windows = Windows(hand)
    acquired(windows, limit=1)

    hand.at += 9.999
    assert not acquired(windows, limit=1)
    hand.at = 1010.0
    assert acquired(windows, limit=1)


def test_the_window_moves_call_by_call(hand):
    windows = Windows(hand)
    acquired(windows)
    hand.at += 6
    acquired(windows)
    hand.at += 4
    assert [acquired(windows), acquired(windows)] == [True, False]


def test_the_window_tells_its_oldest_call_and_how_many_it_holds(hand):
    windows = Windows(hand)
    assert windows.get_moving_window("k", 2, 10) == (1000.0, 0)
    acquired(windows)
    hand.at += 6
    acquired(windows)
    assert windows.get_moving_window("k", 2, 10) == (1000.0, 2)
    hand.at += 5
    assert windows.get_moving_window("k", 2, 10) == (1006.0, 1)


def test_calls_close_together_leave_with_the_last_of_them(hand):
    windows = Windows(hand)
    acquired(windows)
    hand.at += 10 / PIECES / 2
    acquired(windows)

    hand.at = 1010.0
    assert windows.get("k") == 2
    hand.at += 10 / PIECES / 2
    assert windows.get("k") == 0


def test_calls_in_an_unbroken_row_leave_one_after_the_other(hand):
    windows = Windows(hand)
    for _ in range(4 * PIECES):
        windows.incr("k", 10)
        hand.at += 10 / PIECES / 2
    assert 2 * PIECES <= windows.get("k") <= 2 * PIECES + 2


def test_more_at_once_than_the_limit_is_refused_whole(hand):
    windows = Windows(hand)
    assert not windows.acquire_entry("k", 2, 10, amount=3)
    assert windows.acquire_entry("k", 2, 10, amount=2)
    assert windows.get("k") == 2


@given(ticks=st.lists(st.integers(0, 3 * 1024), max_size=60), limit=st.integers(1, 5))
def test_no_window_holds_more_calls_than_the_limit_and_none_is_refused_for_calls_long_gone(ticks, limit):
    hand, taken = Hand(), []
    windows = Windows(hand)
    for tick in ticks:
        hand.at += tick / 1024
        if windows.acquire_entry("k", limit, 10):
            taken.append(hand.at)
            assert len([at for at in taken if hand.at - at < 10]) <= limit
        else:
            assert len([at for at in taken if hand.at - at < 10 + 10 / PIECES]) >= limit


def test_a_window_stays_small_however_many_calls_it_holds(hand):
    windows = Windows(hand)
    for _ in range(10_000):
        hand.at += 0.001
        windows.incr("k", 10)
    assert windows.get("k") == 10_000
    assert len(windows._windows["k"].pieces) <= PIECES + 1


def test_of_too_many_keys_the_longest_silent_is_forgotten(hand):
    windows = Windows(hand, most=2)
    for key in ("a", "b", "a", "c"):
        acquired(windows, key)
    assert (windows.kept, windows.get("a"), windows.get("b"), windows.get("c")) == (2, 2, 0, 1)


def test_a_key_that_is_refused_again_and_again_is_not_forgotten(hand):
    windows = Windows(hand, most=2)
    acquired(windows, "flood", limit=1)
    for number in range(10):
        acquired(windows, f"other{number}", limit=1)
        assert not acquired(windows, "flood", limit=1)


def test_silent_keys_are_forgotten_when_anybody_calls(hand):
    windows = Windows(hand)
    for key in ("a", "b", "c"):
        acquired(windows, key)
    hand.at += 10
    acquired(windows, "d")
    assert windows.kept == 1


def test_a_key_can_be_cleared_and_all_of_them_reset(hand):
    windows = Windows(hand)
    for key in ("a", "b", "c"):
        acquired(windows, key)
    windows.clear("a")
    windows.clear("nobody")
    assert (windows.get("a"), windows.reset(), windows.kept) == (0, 2, 0)


def test_a_key_expires_when_its_last_call_does(hand):
    windows = Windows(hand)
    assert windows.get_expiry("k") == 1000.0
    acquired(windows)
    hand.at += 6
    acquired(windows)
    assert windows.get_expiry("k") == 1016.0


def test_memory_works_and_is_not_to_be_had_by_url(hand):
    assert (Windows(hand).check(), Windows(hand).base_exceptions) == (True, ())
    assert type(storage_from_string("memory://")) is not Windows
