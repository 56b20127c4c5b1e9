"""A caller as of an instant: a step-up holds until its end and counts as a sign-in afterwards."""

from datetime import timedelta

from graph.terms import Audience
from resolvers.caller import SIGNED_IN, STEPPED_UP, Caller
from tests.support.worlds_resolvers import HOUR, NOON

UNTIL = NOON + timedelta(minutes=5)


def _caller(assurance: int, **more: object) -> Caller:
    plain = {"recipient": "app", "client_id": "c", "audience": Audience.CLIENT, "channel": "phone", "subject": "noor"}
    return Caller(**plain, expires_at=NOON + HOUR, assurance=assurance, **more)  # type: ignore[arg-type]


def test_a_step_up_holds_to_its_last_instant() -> None:
    caller = _caller(STEPPED_UP, step_up_until=UNTIL)
    assert caller.at(UNTIL) is caller


def test_a_step_up_that_ended_counts_as_a_sign_in() -> None:
    later = _caller(STEPPED_UP, step_up_until=UNTIL).at(UNTIL + timedelta(microseconds=1))
    assert later == _caller(SIGNED_IN)


def test_who_did_not_step_up_stays_as_she_is() -> None:
    caller = _caller(1)
    assert caller.at(NOON + HOUR) is caller
