"""DPoP proofs: which of RFC 9449's checks (4.3) each wrong proof fails."""

from datetime import timedelta

import pytest

from gateway.dpop import MOST_CHARACTERS, PROOF_WINDOW, Call, ProofRefused, proven
from tests.support.keys import NOW
from tests.support.proving import Prover

ADDRESS = "https://gateway.example/graphql"
TOKEN = "header.payload.signature"
CLIENT = Prover.p256()
SECONDS = int(NOW.timestamp())
OTHERS = Prover.ed25519()


def proof(client=CLIENT, **more):
    return client.proof(ADDRESS, TOKEN, **{"iat": SECONDS, **more})


def shown(*proofs, at=NOW, address=ADDRESS, token=TOKEN):
    return proven(Call("POST", address, proofs), token, at)


@pytest.mark.parametrize("client", [CLIENT, OTHERS])
def test_a_proof_names_the_key_that_signed_it(client):
    assert shown(proof(client)).key == client.thumbprint


def test_two_proofs_of_one_key_are_told_apart_by_their_id():
    first, again, other = (shown(proof(jti=name)) for name in ("1", "1", "2"))
    assert first == again != other


@pytest.mark.parametrize(
    "claims",
    [
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 256},
        {"htm": None},
        {"htm": "GET"},
        {"htm": "post"},
        {"htu": None},
        {"htu": ""},
        {"htu": "https://evil.example/graphql"},
        {"htu": "http://gateway.example/graphql"},
        {"htu": "https://gateway.example:8443/graphql"},
        {"htu": "https://gateway.example/"},
        {"htu": "https://gateway.example/graphql/"},
        {"htu": "https://gateway.example/GRAPHQL"},
        {"htu": "https://gateway.example@evil.example/graphql"},
        {"htu": "https://user@gateway.example/graphql"},
        {"htu": "https://:x@gateway.example/graphql"},
        {"htu": "//gateway.example/graphql"},
        {"htu": "/graphql"},
        {"htu": "https://[gateway.example/graphql"},
        {"htu": "https://gateway.example:x/graphql"},
        {"htu": "https://gateway.example:0/graphql"},
        {"htu": " https://gateway.example/graphql"},
        {"htu": "https://gateway.example/gra\tphql"},
        {"htu": ["https://gateway.example/graphql"]},
        {"iat": None},
        {"iat": str(SECONDS)},
        {"iat": True},
        {"iat": 10**300},
        {"iat": -1},
        {"ath": None},
        {"ath": ""},
        {"ath": "x"},
        {"ath": 7},
    ],
)
def test_a_claim_that_does_not_fit_refuses_a_proof(claims):
    with pytest.raises(ProofRefused):
        shown(proof(**claims))


@pytest.mark.parametrize(
    "address",
    [
        "https://GATEWAY.example/graphql",
        "HTTPS://gateway.example:443/graphql",
        f"{ADDRESS}?operationName=Sheet",
        f"{ADDRESS}#here",
    ],
)
def test_an_address_may_be_spelled_as_one_place_is(address):
    assert shown(proof(htu=address)).key == CLIENT.thumbprint


def test_a_proof_is_for_one_token():
    with pytest.raises(ProofRefused):
        shown(proof(), token="another.one.altogether")


def test_a_headsets_clock_may_be_off_by_a_minute_either_way():
    just = timedelta(seconds=1)
    for at in (NOW - PROOF_WINDOW, NOW + PROOF_WINDOW):
        assert shown(proof(), at=at).key == CLIENT.thumbprint
    for at in (NOW - PROOF_WINDOW - just, NOW + PROOF_WINDOW + just):
        with pytest.raises(ProofRefused):
            shown(proof(), at=at)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": None},
        {"typ": "JWT"},
        {"typ": "at+jwt"},
        {"typ": ["dpop+jwt"]},
        {"alg": None},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"alg": "EdDSA"},
        {"alg": ["ES256"]},
        {"jwk": None},
        {"jwk": "key"},
        {"jwk": {}},
        {"jwk": [CLIENT.jwk]},
        {"jwk": OTHERS.jwk},
        {"jwk": {**CLIENT.jwk, "d": "AAAA"}},
        {"jwk": {**CLIENT.jwk, "y": CLIENT.jwk["x"]}},
        {"jwk": {**CLIENT.jwk, "use": "enc"}},
        {"jwk": {"kty": "oct", "k": "c2VjcmV0"}},
        {"jwk": {"kty": "RSA", "n": "AQ", "e": "AQAB"}},
        {"crit": ["exp"]},
        {"b64": False},
    ],
)
def test_a_header_that_does_not_fit_refuses_a_proof(header):
    with pytest.raises(ProofRefused):
        shown(proof(header=header))


def test_a_key_that_anybody_signs_with_proves_nothing():
    point = {"kty": "OKP", "crv": "Ed25519", "x": "AQ" + "A" * 41}
    anybody = Prover("EdDSA", point, lambda _: bytes([1, *[0] * 63]))
    with pytest.raises(ProofRefused):
        shown(proof(anybody))


def test_there_is_one_proof_and_no_more():
    for proofs in ((), (proof(), proof()), ("",), ("a.b.c",), ("\u00e4" * 9,), (proof(more="x" * MOST_CHARACTERS),)):
        with pytest.raises(ProofRefused):
            shown(*proofs)


def test_a_proof_that_was_touched_is_none():
    text = proof()
    for place in range(0, len(text), 5):
        with pytest.raises(ProofRefused):
            shown(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :])
