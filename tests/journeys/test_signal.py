"""A browser's signal (GPC): in California it stops sale and targeting, and nothing else."""

import json

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning
from tests.support.newcomer import Newcomer
from tests.support.partner import Brand
from tests.support.wire import sent

pytestmark = pytest.mark.journey

ADVERTISING = "marketing.advertising.third_party.targeted"
COMFORT = "personalize.system.comfort"
TOPICS, TURNING = "interest.topics", "xr.comfort.turning"
GPC = {"Sec-GPC": "1"}


def test_gpc_in_california_stops_sale_and_targeting_not_play(fresh: GatewayRunning) -> None:
    ads = Brand.of(fresh, "sunrise_ads", ADVERTISING)
    assert ads.sheet(ads.knows("jon"), TOPICS).entries[TOPICS]["stringListValue"] == [
        "woodworking",
        "baking",
        "sailing",
    ]
    play = {"sub": "jon", "cg_channel": "webxr", "cg_device": "jon_browser", "client_id": "controller-web"}
    token = fresh.issuer().token(play)
    assert Asking(fresh.client(token)).sheet(COMFORT, TURNING).released(TURNING)["stringValue"] == "smooth"

    playing = Asking(fresh.client(token, GPC)).sheet(COMFORT, TURNING)

    assert playing.released(TURNING)["stringValue"] == "smooth"
    assert ads.sheet(ads.knows("jon"), TOPICS).not_available == [TOPICS]
    Asking(fresh.client(token)).sheet(COMFORT, TURNING)
    assert ads.sheet(ads.knows("jon"), TOPICS).not_available == [TOPICS], "its absence lifts nothing"


@pytest.mark.parametrize("said", ["0", "true", "", "01"])
def test_only_an_exact_1_is_the_signal(fresh: GatewayRunning, said: str) -> None:
    ads = Brand.of(fresh, "sunrise_ads", ADVERTISING)

    Asking(fresh.role("jon_web", {"Sec-GPC": said})).sheet(ADVERTISING, TOPICS)

    assert TOPICS in ads.sheet(ads.knows("jon"), TOPICS).entries


def test_the_signal_counts_in_the_request_that_carries_it(fresh: GatewayRunning) -> None:
    web = Asking(fresh.role("jon_web", GPC))

    reasons = web.sheet(ADVERTISING, TOPICS).reasons(TOPICS)

    assert "OBJECTED" in reasons or "CONSENT_MISSING" in reasons
    states = [consent["state"] for consent in web.consents()]
    web.sheet(ADVERTISING, TOPICS)
    assert [consent["state"] for consent in web.consents()] == states, "recorded once for subject and device"
    assert "OBJECTED" in states


def test_a_signal_in_a_trailer_is_none(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    body = json.dumps({"query": "{ devices { id } }"}).encode()
    chunks = b"%x\r\n%s\r\n0\r\nSec-GPC: 1\r\n\r\n" % (len(body), body)

    answer = sent(phone.client, b"Transfer-Encoding: chunked\r\nTrailer: Sec-GPC\r\nConnection: close\r\n", chunks)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert phone.consents() == []
