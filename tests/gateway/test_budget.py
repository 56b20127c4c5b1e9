import pytest

from gateway import budget
from gateway.budget import DAY_SECONDS, Budget
from resolvers.problems import SubjectsSpent
from tests.support.hand import Hand


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def asked(hand):
    return Budget(2, hand)


def refused(asked, officer, *subjects):
    with pytest.raises(SubjectsSpent) as spent:
        asked.spend(officer, subjects)
    return spent.value.wait


def test_whoever_was_asked_about_may_be_asked_about_again(asked):
    asked.spend("officer", ["noor", "jon"])
    asked.spend("officer", ["jon"])
    asked.spend("officer", ["noor", "noor"])

    assert refused(asked, "officer", "pia") == DAY_SECONDS


def test_one_too_many_counts_none_of_those_that_came_with_it(asked, hand):
    asked.spend("officer", ["noor"])
    hand.at += 10

    assert refused(asked, "officer", "jon", "pia") == DAY_SECONDS - 10
    asked.spend("officer", ["pia"])


def test_a_day_after_she_was_last_asked_about_a_person_counts_no_more(asked, hand):
    asked.spend("officer", ["noor", "jon"])
    hand.at += DAY_SECONDS - 1
    asked.spend("officer", ["noor"])
    hand.at += 1

    asked.spend("officer", ["pia"])
    assert refused(asked, "officer", "jon") == DAY_SECONDS - 1


def test_one_question_about_more_people_than_may_be_is_refused_to_whoever_asked_nothing_yet(asked):
    assert refused(asked, "officer", "noor", "jon", "pia") == DAY_SECONDS


def test_each_officer_has_a_day_of_her_own(asked):
    asked.spend("officer", ["noor", "jon"])
    asked.spend("colleague", ["pia"])


def test_the_longest_silent_officer_is_forgotten_first(asked, monkeypatch):
    monkeypatch.setattr(budget, "MOST_OFFICERS", 2)
    for officer in ("first", "second", "first", "third"):
        asked.spend(officer, ["noor", "jon"])

    assert refused(asked, "first", "pia") == DAY_SECONDS
    asked.spend("second", ["pia"])
