"""What an operator is sent: spans and numbers of what happened, never of whom or what."""

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.places import Kept

pytestmark = pytest.mark.journey


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
