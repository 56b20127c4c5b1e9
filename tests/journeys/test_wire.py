"""What comes off the wire that no GraphQL client sends by itself: offers of other protocols, what is no request."""

import json

import pytest

from tests.support.gateway_running import GatewayRunning
from tests.support.newcomer import Newcomer
from tests.support.wire import exchanged, sent

pytestmark = pytest.mark.journey

H2C = b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"  # what Java's client says with its first request


@pytest.mark.parametrize(
    "offer",
    [
        b"Connection: Upgrade, HTTP2-Settings, close\r\n" + H2C,
        b"Connection: close, upgrade\r\nUpgrade: websocket\r\n",
    ],
)
def test_an_offer_of_another_protocol_is_passed_over_and_its_request_answered(newcomer: Newcomer, offer: bytes) -> None:
    body = json.dumps({"query": "{ devices { id } }"}).encode()

    answer = sent(newcomer.phone().client, offer + b"Content-Length: %d\r\n" % len(body), body)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["data"]["devices"] != []


@pytest.mark.parametrize(
    "request_",
    [
        b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
        b"CONNECT /graphql HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        b"nothing that is HTTP\r\n\r\n",
    ],
)
def test_what_cannot_be_read_is_answered_and_the_connection_closed(demo: GatewayRunning, request_: bytes) -> None:
    assert exchanged(demo.graphql, request_).startswith(b"HTTP/1.1 400 ")
