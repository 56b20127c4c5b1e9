"""A caller that asks too often: told so, told when to come back, and alone in waiting."""

import re

import pytest

from tests.journeys.conftest import Starting
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, OLD, Answer

pytestmark = pytest.mark.journey

ASK = {"query": "{ devices { id } }"}
POLICY = '"caller";q=3;w=3600'


@pytest.fixture
def slow(starting: Starting) -> GatewayRunning:
    """Run a demonstration that answers each caller three times an hour."""
    return starting(RATE="3/hour")


def test_a_caller_over_its_rate_is_told_when_to_come_back_and_no_other_waits(slow: GatewayRunning) -> None:
    headset = slow.role("noor_headset")

    answers = [headset.post(ASK, {"Accept": accepted}) for accepted in (MODERN, OLD, MODERN)]
    refused = [headset.post(ASK, {"Accept": accepted}) for accepted in (MODERN, OLD, "text/html")]

    assert [_left(answer) for answer in answers] == [2, 1, 0]
    for answer in refused:
        assert (answer.status, answer.codes, "data" in answer.body) == (429, ["RATE_LIMITED"], False)
        assert answer.headers["RateLimit-Policy"] == POLICY
        assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
        assert answer.headers["RateLimit"] == f'"caller";r=0;t={answer.headers["Retry-After"]}'
        assert answer.headers["Cache-Control"] == "no-store"
    for other in ("noor_phone", "pia_headset", "studio_app", "officer"):
        assert _left(slow.role(other).post(ASK)) == 2


def test_a_fresh_token_is_the_same_caller_and_a_refusal_counts_like_an_answer(slow: GatewayRunning) -> None:
    claims = {"client_id": "brightwear-server", "cg_audience": "partner", "cg_channel": "partner_server"}
    servers = [slow.client(slow.issuer().token({**claims, "sub": f"person{number}"})) for number in range(4)]

    answers = [server.post(ASK) for server in servers]

    assert [answer.codes for answer in answers] == [*[["PERSISTED_DOCUMENT_REQUIRED"]] * 3, ["RATE_LIMITED"]]
    assert [answer.headers["RateLimit-Policy"] for answer in answers] == [POLICY] * 4


def test_strangers_at_one_address_wait_and_whom_a_token_names_does_not(slow: GatewayRunning) -> None:
    answers = [slow.client(token).post(ASK) for token in (None, "a.forged.token", None, "another.forged.token")]

    assert [answer.codes for answer in answers] == [*[["UNAUTHENTICATED"]] * 3, ["RATE_LIMITED"]]
    assert (answers[3].status, "WWW-Authenticate" in answers[3].headers) == (429, False)
    assert slow.role("noor_headset").post(ASK).answered


def _left(answer: Answer) -> int:
    """Return how many calls an answer says are left."""
    found = re.fullmatch(r'"caller";r=(\d+);t=\d+', answer.headers["RateLimit"])
    assert found, answer.headers
    return int(found[1])
