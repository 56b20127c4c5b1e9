"""Forged tokens, tokens in the wrong place, tokens taken back, tokens bound to a key: over a real connection."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.journeys.conftest import Starting
from tests.support.forging import forged
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, OLD, Answer
from tests.support.heard import Heard
from tests.support.minting import Issuer, sealed, signed, unsealed
from tests.support.polling import until
from tests.support.proving import Prover

pytestmark = pytest.mark.journey

ASK = {"query": "{ devices { id } }"}
CLAIMS = {"sub": "noor", "cg_channel": "vr_headset", "cg_device": "noor_headset"}
MAY_DIFFER = frozenset({"date", "x-trace-id", "ratelimit"})
STRANGER = {"d": sealed(hashlib.sha256(b"stranger").digest())}
Made = Callable[[Issuer], str]


def _keyed(issuer: Issuer, secret: bytes) -> str:
    header = issuer.header | {"alg": "HS256"}
    return forged(header, issuer.claims(CLAIMS), lambda text: hmac.digest(secret, text, "sha256"))


def _with(header: dict[str, object], claims: dict[str, object] | None = None) -> Made:
    return lambda issuer: signed(issuer.header | header, issuer.claims({**CLAIMS, **(claims or {})}), issuer.key)


def _twice(issuer: Issuer) -> str:
    claims = f'{json.dumps(issuer.claims(CLAIMS))[:-1]}, "sub": "jon"}}'
    return forged(issuer.header, claims.encode(), Ed25519PrivateKey.from_private_bytes(unsealed(issuer.key["d"])).sign)


WORST: dict[str, Made] = {
    "no algorithm": lambda issuer: forged(issuer.header | {"alg": "none"}, issuer.claims(CLAIMS), lambda _: b""),
    "no algorithm, in capitals": lambda issuer: forged(
        issuer.header | {"alg": "NONE"}, issuer.claims(CLAIMS), lambda _: b""
    ),
    "no signature": lambda issuer: issuer.token(CLAIMS).rpartition(".")[0] + ".",
    "the public key as a secret": lambda issuer: _keyed(issuer, unsealed(issuer.key["x"])),
    "the key set as a secret": lambda issuer: _keyed(issuer, json.dumps({"keys": [dict(issuer.key)]}).encode()),
    "a stranger's key": lambda issuer: signed(issuer.header, issuer.claims(CLAIMS), STRANGER),
    "a key it brings": lambda issuer: signed(
        issuer.header | {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": issuer.key["x"]}}, issuer.claims(CLAIMS), STRANGER
    ),
    "an address of keys": lambda issuer: signed(
        issuer.header | {"jku": "http://127.0.0.1:1/"}, issuer.claims(CLAIMS), STRANGER
    ),
    "a path for a key": _with({"kid": "../../../../dev/null"}),
    "a question for a key": _with({"kid": "' OR ''='"}),
    "a very long key id": _with({"kid": "k" * 1000}),
    "what must be understood": _with({"crit": ["exp"]}),
    "another kind": _with({"typ": "cg-offer+jwt"}),
    "a claim said twice": _twice,
    "a letter more": lambda issuer: issuer.token(CLAIMS) + "A",
    "padding": lambda issuer: issuer.token(CLAIMS) + "=",
    "somebody else's audience": _with({}, {"aud": ["https://other.example"]}),
    "a very long name": _with({}, {"sub": "x" * 5000}),
    "a very long device": _with({}, {"cg_device": "x" * 5000}),
    "a binding nobody can check": _with({}, {"cnf": {"x5t#S256": "A" * 43}}),
    "a bound token of a bearer": _with({}, {"cnf": {"jkt": "A" * 43}}),
    "two tokens": lambda issuer: f"{issuer.token(CLAIMS)}.{issuer.token(CLAIMS)}",
    "too much": lambda issuer: "a" * 9000,
}


def _seen(answer: Answer) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    headers = ((name, text) for name, text in answer.headers.multi_items() if name not in MAY_DIFFER)
    return answer.status, answer.content, frozenset(headers)


@pytest.mark.parametrize("accepted", [MODERN, OLD])
def test_the_worst_tokens_are_all_told_the_same(demo: GatewayRunning, accepted: str) -> None:
    issuer = demo.issuer()
    assert demo.client(issuer.token(CLAIMS)).post(ASK).answered

    found = {name: _seen(demo.client(made(issuer)).post(ASK, {"Accept": accepted})) for name, made in WORST.items()}

    status, content, headers = found["no algorithm"]
    assert {name: one for name, one in found.items() if one != (status, content, headers)} == {}
    assert (status, json.loads(content)["errors"][0]["extensions"]) == (401, {"code": "UNAUTHENTICATED"})


def test_a_token_in_an_address_is_refused_and_written_down_nowhere(demo: GatewayRunning, heard: Heard) -> None:
    token = demo.issuer().token({**CLAIMS, "jti": "in-an-address"})
    for shown in ({}, {"Authorization": f"Bearer {token}"}):
        found = demo.http.post(f"{demo.graphql}?access_token={token}", json=ASK, headers={"Accept": MODERN, **shown})
        assert (found.status_code, found.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
        heard.note("an answer", found.content + repr(found.headers.multi_items()).encode())
    assert heard.with_any((token, token.rpartition(".")[2])) == []


def test_a_token_taken_back_ends_within_moments_and_no_other(starting: Starting, tmp_path: Path) -> None:
    revoked = tmp_path / "revoked"
    revoked.write_text("")
    gateway = starting(REVOKED_TOKENS=str(revoked))
    lost, kept = (gateway.client(gateway.issuer().token({**CLAIMS, "jti": name})) for name in ("lost", "kept"))
    assert (lost.post(ASK).status, kept.post(ASK).status) == (200, 200)
    refused = gateway.client("a.b.c").post(ASK)

    (tmp_path / "next").write_text("lost\n")
    (tmp_path / "next").rename(revoked)

    until(lambda: lost.post(ASK).status == 401, seconds=5)
    assert _seen(lost.post(ASK)) == _seen(refused)
    assert kept.post(ASK).status == 200
    ready = gateway.http.get(f"{gateway.announced['url']}/readyz")
    assert (ready.status_code, ready.json()["revoked_tokens"]) == (200, "ok")


@pytest.mark.parametrize("client", [Prover.p256(), Prover.ed25519()], ids=["P-256", "Ed25519"])
def test_a_bound_token_is_good_with_its_key_and_once_a_proof(demo: GatewayRunning, client: Prover) -> None:
    token = demo.issuer().token({**CLAIMS, **client.binding})
    headers = client.headers(demo.graphql, token)

    first, again = (demo.client(None, headers).post(ASK) for _ in range(2))

    assert first.answered
    assert (again.status, again.codes) == (401, ["UNAUTHENTICATED"])
    assert again.headers["WWW-Authenticate"].startswith('DPoP error="invalid_dpop_proof"')
    assert again.headers["WWW-Authenticate"].endswith('algs="EdDSA ES256"')
    assert demo.client(None, client.headers(demo.graphql, token)).post(ASK).answered


def test_a_stolen_bound_token_opens_no_door(demo: GatewayRunning) -> None:
    client, thief = Prover.p256(), Prover.p256()
    token = demo.issuer().token({**CLAIMS, **client.binding})
    tried = [
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"DPoP {token}"},
        thief.headers(demo.graphql, token),
        client.headers("https://elsewhere.example/graphql", token),
        client.headers(demo.graphql, token, htm="GET"),
        client.headers(demo.graphql, token, iat=int(time.time()) - 600),
        {"Authorization": f"DPoP {token}", "DPoP": client.proof(demo.graphql, "another token")},
    ]
    found = [demo.client(None, headers).post(ASK) for headers in tried]
    assert [(one.status, one.codes) for one in found] == [(401, ["UNAUTHENTICATED"])] * len(tried)
    assert len({one.content for one in found}) == 1
