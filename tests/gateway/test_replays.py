"""Proofs seen before: each once, for as long as it could be shown again, and no more of them than there is room for."""

from gateway.replays import Replays


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_proof_is_good_once_and_a_caller_has_its_own():
    replays = Replays(120.0, Clock())
    assert [replays.first(key, proof) for key, proof in (("k", b"1"), ("k", b"1"), ("k", b"2"), ("l", b"1"))] == [
        True,
        False,
        True,
        True,
    ]


def test_a_proof_is_remembered_to_the_end_of_its_time_and_not_longer():
    clock = Clock()
    replays = Replays(120.0, clock)
    replays.first("k", b"1")
    clock.now += 119.9
    assert (replays.first("k", b"1"), replays.held) == (False, 1)
    clock.now += 0.1
    assert (replays.first("k", b"1"), replays.held) == (True, 1)


def test_a_caller_that_shows_too_many_takes_no_room_from_another():
    clock = Clock()
    replays = Replays(120.0, clock, most=100, most_of_one=3)
    assert [replays.first("loud", bytes([number])) for number in range(5)] == [True, True, True, False, False]
    assert replays.first("quiet", b"1")
    clock.now += 120
    assert replays.first("loud", bytes([4]))


def test_when_all_the_room_is_taken_nothing_is_forgotten_for_it():
    replays = Replays(120.0, Clock(), most=2, most_of_one=2)
    assert [replays.first(key, b"1") for key in "abc"] == [True, True, False]
    assert (replays.held, replays.first("a", b"1")) == (2, False)
