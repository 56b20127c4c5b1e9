"""Tokens that open no door: 401, whatever the client accepts, and nothing said about which check failed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, OLD
from tests.support.minting import Issuer, sealed, signed, unsealed

pytestmark = pytest.mark.journey

ASK = {"query": "{ devices { id } }"}
CLAIMS = {"sub": "noor", "cg_channel": "vr_headset", "cg_device": "noor_headset"}
LONG_AGO = 3600


def test_no_token_is_told_to_send_one(demo: GatewayRunning) -> None:
    for accepted in (MODERN, OLD):
        answer = demo.client(None).post(ASK, {"Accept": accepted})
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"].startswith(accepted)


def test_an_expired_token_is_refused(demo: GatewayRunning) -> None:
    _refused(demo, _with(exp=int(time.time()) - LONG_AGO))


def test_a_token_of_tomorrow_is_refused(demo: GatewayRunning) -> None:
    _refused(demo, _with(nbf=int(time.time()) + LONG_AGO))


def test_a_token_for_another_audience_is_refused(demo: GatewayRunning) -> None:
    _refused(demo, _with(aud="https://somebody.example"))


def test_a_token_of_another_issuer_is_refused(demo: GatewayRunning) -> None:
    _refused(demo, _with(iss="https://somebody.example"))


@pytest.mark.parametrize("missing", ["exp", "nbf", "aud", "iss", "sub", "client_id", "cg_audience", "cg_channel"])
def test_a_token_without_a_claim_every_token_has_is_refused(demo: GatewayRunning, missing: str) -> None:
    _refused(demo, _with(**{missing: None}))


def test_a_token_of_an_unknown_client_is_refused(demo: GatewayRunning) -> None:
    _refused(demo, _with(client_id="nobody-app"))


def test_a_token_for_an_unknown_channel_is_refused(demo: GatewayRunning) -> None:
    _refused(demo, _with(cg_channel="crystal_ball"))


@pytest.mark.parametrize("none", ["none", "None", "NONE", "nOnE"])
def test_a_token_that_asks_not_to_be_verified_is_refused(demo: GatewayRunning, none: str) -> None:
    _refused(demo, lambda issuer: f"{_text({'alg': none, 'typ': 'at+jwt'}, issuer.claims(CLAIMS))}.")


def test_a_token_keyed_with_the_public_key_is_refused(demo: GatewayRunning) -> None:
    public = demo.issuer().key["x"]
    for secret in (
        unsealed(public),
        public.encode(),
        json.dumps({"kty": "OKP", "crv": "Ed25519", "x": public}).encode(),
    ):
        _refused(demo, lambda issuer, secret=secret: _keyed(issuer, secret))


def test_a_token_signed_by_a_stranger_is_refused(demo: GatewayRunning) -> None:
    stranger = {"d": sealed(hashlib.sha256(b"stranger").digest())}
    _refused(demo, lambda issuer: signed(issuer.header, issuer.claims(CLAIMS), stranger))


def test_a_token_that_was_touched_is_refused(demo: GatewayRunning) -> None:
    def touched(issuer: Issuer) -> str:
        header, _, signature = issuer.token(CLAIMS).split(".")
        return ".".join((header, sealed(json.dumps(issuer.claims({**CLAIMS, "sub": "jon"})).encode()), signature))

    _refused(demo, touched)


@pytest.mark.parametrize("header", ["Bearer", "Basic bm9vcjpub29y", "Bearer a.b.c", "Bearer ..", "bearer\tx"])
def test_a_header_that_holds_no_token_is_refused(demo: GatewayRunning, header: str) -> None:
    answer = demo.client(None, {"Authorization": header}).post(ASK)
    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_every_refused_token_is_told_the_same(demo: GatewayRunning) -> None:
    issuer = demo.issuer()
    ways = (_with(aud="x"), _with(iss="x"), _with(client_id="x"), _with(exp=1), lambda _: "a.b.c")
    bodies = {demo.client(way(issuer)).post(ASK).content for way in ways}
    assert len(bodies) == 1


def _with(**claims: Any) -> Callable[[Issuer], str]:
    return lambda issuer: issuer.token({**CLAIMS, **claims})


def _refused(gateway: GatewayRunning, made: Callable[[Issuer], str]) -> None:
    """Send a token a good one stands beside; expect a 401 in both media types."""
    issuer = gateway.issuer()
    assert gateway.client(issuer.token(CLAIMS)).post(ASK).status == httpx.codes.OK
    for accepted in (MODERN, OLD):
        answer = gateway.client(made(issuer)).post(ASK, {"Accept": accepted})
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "data" not in answer.body


def _text(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return ".".join(sealed(json.dumps(part).encode()) for part in (header, claims))


def _keyed(issuer: Issuer, secret: bytes) -> str:
    text = _text({"alg": "HS256", "typ": "at+jwt", "kid": issuer.key["kid"]}, issuer.claims(CLAIMS))
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
