"""What an operator is sent: spans and numbers of what happened, never of whom or what."""

import pytest

from tests.support import documents
from tests.support.asking import Asking
from tests.support.canaries import CANARIES, PLANTED_WORD
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.places import Kept

pytestmark = pytest.mark.journey

COMFORT, TURNING = "personalize.system.comfort", "xr.comfort.turning"
ORIGIN = "https://app.example"


@pytest.fixture
def watched(heard: Heard, kept: Kept) -> GatewayRunning:
    return started(Heard(collector=heard.collector), kept.arguments, settings=kept.settings)


def test_a_collector_hears_of_operations_store_calls_and_refused_tokens(heard: Heard, watched: GatewayRunning) -> None:
    began = len(heard.pieces)
    watched.role("noor_phone").ask("{ devices { id } }")
    watched.client("no.such.token").ask("{ devices { id } }")
    assert watched.stop() == 0, "what waits is sent before the end"
    sent = [(source, content) for source, content in heard.pieces[began:] if source.startswith("a collector")]
    spans = b"".join(content for source, content in sent if source.endswith("/v1/traces"))
    numbers = b"".join(content for source, content in sent if source.endswith("/v1/metrics"))
    assert b"operation" in spans
    assert b"store snapshot" in spans
    assert b"consent_gateway.operations" in numbers
    assert b"consent_gateway.tokens.refused" in numbers
    assert watched.announced["subjects"]["noor"].encode() not in spans + numbers


def test_a_consistency_token_is_in_nothing_that_is_said_of_a_call(heard: Heard, watched: GatewayRunning) -> None:
    began, phone = len(heard.pieces), Asking(watched.role("noor_phone"))
    token = phone.act("withdrawAll")["consistencyToken"]
    body = {"query": "{ devices { id } }", "extensions": {"consistencyToken": token}}
    assert phone.client.post(body).status == 200
    assert phone.client.post({**body, "extensions": {"consistencyToken": f"{token}A"}}).status == 422
    assert watched.stop() == 0, "what waits is sent before the end"
    said = Heard([*heard.pieces[began:], *watched.heard.pieces[1:]])
    assert any(source.endswith("/v1/traces") for source, _ in said.pieces)
    assert said.with_any((token, token[-24:])) == []


def test_what_is_read_beside_an_answer_names_nobody_and_repeats_nothing(heard: Heard, kept: Kept) -> None:
    own = Heard(collector=heard.collector)
    running = started(own, kept.arguments, settings={**kept.settings, "ORIGINS": ORIGIN})
    began, planted = len(heard.pieces), {"Origin": ORIGIN, "Traceparent": PLANTED_WORD, "Forwarded": PLANTED_WORD}
    asked = running.role("noor_headset", planted)
    sheet = asked.ask(documents.SHEET, {"purpose": COMFORT, "keys": [TURNING]})
    assert sheet.answered["me"]["sheet"]["entries"][0]["stringValue"] == "snap_45"
    assert running.client(PLANTED_WORD, planted).ask("{ devices { id } }").status == 401
    running.overheard(f"/{PLANTED_WORD}", f"/graphql?access_token={PLANTED_WORD}", f"/metrics?name={PLANTED_WORD}")
    assert running.stop() == 0, "what waits is sent before the end"

    announced = running.announced
    pairwise = [id_ for ids in announced["pairwise"].values() for id_ in ids.values()]
    secret = (*announced["subjects"].values(), *pairwise, *announced["tokens"].values(), "snap_45", *CANARIES)
    said = [(source.partition(" /")[0], content) for source, content in own.pieces if not content.startswith(b'{"url"')]
    assert any(b"consent_gateway_operations_total" in content for source, content in said if source == "GET")
    assert Heard([*said, *heard.pieces[began:]]).with_any(secret) == []
