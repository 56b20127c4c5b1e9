from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.rates import Allowance, Rates
from gateway.setting_forms import Rate
from graph.terms import Audience
from resolvers.caller import Caller
from tests.support.hand import Hand

NOOR = Caller(
    recipient="controller",
    client_id="app",
    audience=Audience.CLIENT,
    channel="mobile",
    subject="noor",
    device="phone",
    expires_at=datetime(2026, 1, 1, tzinfo=UTC),
)
BRAND = replace(NOOR, recipient="brand", client_id="server", audience=Audience.PARTNER, device=None)


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def rates(hand):
    return Rates(Rate(2, 60), hand)


def test_each_call_says_what_is_left_and_the_one_too_many_how_long_to_wait(rates, hand):
    first = rates.called_by(NOOR)
    hand.at += 10.5
    second = rates.called_by(NOOR)
    hand.at += 10
    third = rates.called_by(NOOR)

    assert [first, second, third] == [
        Allowance("caller", Rate(2, 60), permitted=True, remaining=1, reset=60),
        Allowance("caller", Rate(2, 60), permitted=True, remaining=0, reset=50),
        Allowance("caller", Rate(2, 60), permitted=False, remaining=0, reset=40),
    ]


def test_the_headers_are_those_of_the_draft(rates):
    rates.called_by(NOOR)
    assert rates.called_by(NOOR).headers() == {
        "RateLimit-Policy": '"caller";q=2;w=60',
        "RateLimit": '"caller";r=0;t=60',
    }
    assert rates.called_by(NOOR).headers() == {
        "RateLimit-Policy": '"caller";q=2;w=60',
        "RateLimit": '"caller";r=0;t=60',
        "Retry-After": "60",
    }


def test_who_waits_as_long_as_was_said_may_call_again(rates, hand):
    for _ in range(2):
        rates.called_by(NOOR)
        hand.at += 7.3
    hand.at += rates.called_by(NOOR).wait
    assert rates.called_by(NOOR).permitted


def test_a_wait_is_never_told_as_none():
    assert Allowance("caller", Rate(1, 1), permitted=False, remaining=0, reset=0).wait == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(NOOR, subject="jon"),
        replace(NOOR, client_id="studio-app"),
        replace(NOOR, device="headset"),
        replace(NOOR, device=None),
        replace(NOOR, audience=Audience.GOVERNANCE),
        BRAND,
    ],
)
def test_one_caller_takes_nothing_from_another(rates, other):
    for _ in range(3):
        rates.called_by(NOOR)
    assert rates.called_by(other).remaining == 1


@pytest.mark.parametrize("same", [replace(NOOR, jti="fresh"), replace(NOOR, channel="web"), replace(NOOR, assurance=3)])
def test_a_fresh_token_makes_no_fresh_caller(rates, same):
    for _ in range(2):
        rates.called_by(NOOR)
    assert not rates.called_by(same).permitted


def test_a_brands_server_is_one_caller_whomever_its_tokens_are_about(rates):
    for person in ("noor", "jon"):
        rates.called_by(replace(BRAND, subject=person, sub=person))
    assert not rates.called_by(replace(BRAND, subject="pia", sub="pia")).permitted
    assert rates.called_by(replace(BRAND, client_id="other-server")).permitted


def test_strangers_are_counted_by_address_and_apart_from_callers(rates):
    for _ in range(3):
        stranger = rates.called_from("192.0.2.1")
    assert stranger == Allowance("address", Rate(2, 60), permitted=False, remaining=0, reset=60)
    assert rates.called_from("192.0.2.2").permitted
    assert rates.called_by(NOOR).remaining == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        (None, "", True),
        (None, "no address", True),
        ("x" * 9000, "y", True),
        ("127.0.0.1", None, False),
    ],
)
def test_addresses_of_one_network_are_one(rates, one, other, same):
    rates.called_from(one)
    assert (rates.called_from(other).remaining == 0) is same


def test_however_many_strangers_come_no_caller_is_forgotten(hand):
    rates = Rates(Rate(1, 60), hand, most=3)
    rates.called_by(NOOR)
    for number in range(10):
        rates.called_from(f"192.0.2.{number}")
    assert not rates.called_by(NOOR).permitted
