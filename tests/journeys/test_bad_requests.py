"""Requests no document is read of: their size, media type, method and form; the same whatever the client accepts."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, OLD

pytestmark = pytest.mark.journey

ASK = b'{"query": "{ devices { id } }"}'
BODY = {"Content-Type": "application/json", "Accept": MODERN}
KIB = 1024


@pytest.mark.parametrize("accepted", [MODERN, OLD])
def test_a_body_of_65_kib_is_too_large(demo: GatewayRunning, accepted: str) -> None:
    padded = json.dumps({"query": "{ devices { id } }", "variables": {"pad": "x" * 65 * KIB}}).encode()
    answer = demo.role("noor_headset").send("POST", padded, {**BODY, "Accept": accepted})
    assert (answer.status, answer.codes) == (413, ["PAYLOAD_TOO_LARGE"])


def test_a_body_of_64_kib_is_read(demo: GatewayRunning) -> None:
    padded = ASK[:-1] + b" " * (64 * KIB - len(ASK)) + ASK[-1:]
    assert demo.role("noor_headset").send("POST", padded, BODY).answered


def test_a_body_that_grows_while_it_is_sent_is_too_large(demo: GatewayRunning) -> None:
    token = demo.announced["tokens"]["noor_headset"]
    sent = (b"x" * KIB for _ in range(65))
    headers = {**BODY, "Authorization": f"Bearer {token}"}
    answer = demo.http.post(demo.graphql, content=sent, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/graphql", "multipart/form-data; boundary=x", "", "application/json; charset=utf-16"],
)
def test_a_body_of_another_media_type_is_refused(demo: GatewayRunning, kind: str) -> None:
    for accepted in (MODERN, OLD):
        answer = demo.role("noor_headset").send("POST", ASK, {"Content-Type": kind, "Accept": accepted})
        assert (answer.status, answer.codes) == (415, ["BAD_REQUEST"])


@pytest.mark.parametrize("accepted", ["text/html", "image/png", "application/json;q=0"])
def test_an_answer_nobody_can_give_is_refused(demo: GatewayRunning, accepted: str) -> None:
    answer = demo.role("noor_headset").send("POST", ASK, {**BODY, "Accept": accepted})
    assert (answer.status, answer.codes) == (406, ["BAD_REQUEST"])


@pytest.mark.parametrize("accepted", ["*/*", "application/*", "text/html, */*;q=0.8"])
def test_a_client_that_takes_anything_gets_data_in_the_old_media_type_and_the_whole_truth(
    demo: GatewayRunning, accepted: str
) -> None:
    shown = {**BODY, "Accept": accepted}
    answered, refused = (demo.role("noor_headset").send("POST", body, shown) for body in (ASK, b'{"query": "{ no }"}'))
    assert answered.answered
    assert answered.headers["Content-Type"] == f"{OLD}; charset=utf-8"
    assert (refused.status, refused.codes) == (422, ["GRAPHQL_VALIDATION_FAILED"])
    assert refused.headers["Content-Type"] == f"{MODERN}; charset=utf-8"


def test_a_client_that_names_the_new_media_type_gets_it(demo: GatewayRunning) -> None:
    answer = demo.role("noor_headset").send("POST", ASK, {**BODY, "Accept": f"text/html, {MODERN};q=0.1"})
    assert answer.answered
    assert answer.headers["Content-Type"] == f"{MODERN}; charset=utf-8"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_told_which_is_allowed(demo: GatewayRunning, method: str) -> None:
    for accepted in (MODERN, OLD):
        answer = demo.role("noor_headset").send(method, b"", {"Accept": accepted})
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
        assert method == "HEAD" or answer.codes == ["BAD_REQUEST"]


def test_a_query_in_the_address_is_not_run(demo: GatewayRunning) -> None:
    token = demo.announced["tokens"]["noor_headset"]
    answer = demo.http.get(
        demo.graphql, params={"query": "{ devices { id } }"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"a"', 422),
        (b"{}", 422),
        (b'{"query": 1}', 422),
        (b'{"query": 1', 400),
        (b'{"query": "{ devices { id } }", "variables": []}', 422),
        (b"\xff\xfe", 400),
        (b"[" * 5000, 400),
    ],
)
def test_a_body_that_is_no_request_is_refused(demo: GatewayRunning, body: bytes, status: int) -> None:
    for accepted in (MODERN, OLD):
        answer = demo.role("noor_headset").send("POST", body, {**BODY, "Accept": accepted})
        assert (answer.status, answer.codes) == (status, ["BAD_REQUEST"])


@pytest.mark.parametrize("session", [{"occupancy": "CROWDED"}, {"visibility": 1}, {"id": ""}, {"unknown": "x"}, "s1"])
def test_a_session_that_says_unknown_words_is_refused(demo: GatewayRunning, session: object) -> None:
    body = {"query": "{ devices { id } }", "extensions": {"session": session}}
    assert demo.role("noor_headset").post(body).status == 422


def test_headers_of_20_kib_are_too_large(demo: GatewayRunning) -> None:
    answer = demo.role("noor_headset", {"X-Padding": "x" * 20 * KIB}).send("POST", ASK, BODY)
    assert answer.status == 431


def test_no_answer_names_the_server_or_may_be_kept(demo: GatewayRunning) -> None:
    for answer in (demo.role("noor_headset").send("POST", ASK, BODY), demo.client(None).send("POST", ASK, BODY)):
        assert "Server" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_bytes_that_are_no_http_end_the_connection_and_nothing_else(demo: GatewayRunning) -> None:
    where = urlsplit(demo.graphql)
    with socket.create_connection((where.hostname, where.port), timeout=5) as raw:
        raw.sendall(b"\x16\x03\x01 nothing\r\n\r\n")
        assert b"200" not in raw.recv(4096)
    assert demo.role("noor_headset").send("POST", ASK, BODY).answered
