"""A caller as of an instant: a step-up holds until its end and counts as a sign-in afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta

from graph.decision.situation import STEPPED_UP
from graph.decision.snapshot import SIGNED_IN
from graph.terms import Audience
from resolvers.caller import Caller
from tests.support.worlds_resolvers import HOUR, NOON

UNTIL = NOON + timedelta(minutes=5)


def _caller(assurance: int, step_up_until: datetime | None = None) -> Caller:
    return Caller(
        recipient="app",
        client_id="app-client",
        audience=Audience.CLIENT,
        channel="phone",
        subject="noor",
        expires_at=NOON + HOUR,
        assurance=assurance,
        step_up_until=step_up_until,
    )


def test_a_step_up_holds_to_its_last_instant() -> None:
    caller = _caller(STEPPED_UP, step_up_until=UNTIL)
    assert caller.at(UNTIL) is caller


def test_a_step_up_that_ended_counts_as_a_sign_in() -> None:
    later = _caller(STEPPED_UP, step_up_until=UNTIL).at(UNTIL + timedelta(microseconds=1))
    assert later == _caller(SIGNED_IN)


def test_who_did_not_step_up_stays_as_she_is() -> None:
    caller = _caller(1)
    assert caller.at(NOON + HOUR) is caller


def test_the_name_a_token_was_made_out_to_is_not_written_anywhere_by_accident() -> None:
    assert "canary" not in repr(replace(_caller(2), sub="canary"))
