import json

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.keys import KeyRefused, private_keys, public_keys, published, secret_jwk, seeded
from tests.support.keys import ed25519, jwks, p256

KEY = ed25519()


def rows(*changed):
    return json.dumps({"keys": list(changed)}).encode()


def public(key, **more):
    return key.as_dict(private=False) | {"kid": key.kid} | more


def known(document):
    return [key_id for key_id, _, _ in public_keys(document, b"").keys]


def test_keys_of_another_type_curve_or_use_are_ignored():
    others = [RSAKey.generate_key(2048), ECKey.generate_key("P-384"), OKPKey.generate_key("X25519")]
    unfit = [public(other, kid=f"other{number}") for number, other in enumerate(others)]
    unfit += [public(KEY, use="enc"), public(KEY, key_ops=["sign"]), public(KEY, alg="ES256"), public(KEY, kid=7)]
    unfit += [{"kty": "oct"}, {"kty": "OKP", "crv": "Ed25519", "x": "!"}, public(KEY, key_ops=5), {"kty": []}]
    assert known(rows(*unfit, public(p256("mine")))) == ["mine"]


def test_a_published_set_comes_back():
    key = p256("b")
    assert known(jwks(KEY, key)) == [KEY.kid, "b"]


def test_one_bare_key_is_a_set_of_one():
    assert known(json.dumps(public(KEY)).encode()) == [KEY.kid]


def test_an_empty_set_is_heard():
    assert known(rows()) == []


@pytest.mark.parametrize("key", [KEY, p256(), RSAKey.generate_key(2048)])
def test_a_private_key_refuses_the_whole_set(key):
    with pytest.raises(KeyRefused, match="holds a private key"):
        public_keys(rows(public(KEY), key.as_dict(private=True)), b"")


def test_a_shared_secret_refuses_the_whole_set():
    with pytest.raises(KeyRefused, match="holds a private key"):
        public_keys(rows({"kty": "oct", "k": "c2VjcmV0"}), b"")


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{", b'{"error": "down"}', b'{"keys": {}}', b'{"keys": [1]}', b"\xff"]
)
def test_what_is_no_key_set_is_refused(document):
    with pytest.raises(KeyRefused):
        public_keys(document, b"")


def test_only_the_first_keys_of_a_very_long_set_are_read():
    assert len(public_keys(rows(*[public(KEY, kid=str(n)) for n in range(100)]), b"").keys) == 32


@pytest.mark.parametrize("key", [KEY, p256()])
def test_a_private_key_is_read_from_jwk_set_and_pem(key):
    row = secret_jwk(key)
    pem = key.as_pem(private=True)
    for document in (json.dumps(row).encode(), rows(row), pem):
        (found,) = private_keys(document)
        assert published((found,))["keys"][0]["x"] == published((key,))["keys"][0]["x"]


def test_a_key_without_an_id_gets_its_thumbprint():
    row = secret_jwk(KEY)
    del row["kid"]
    assert private_keys(json.dumps(row).encode())[0].kid == KEY.kid


@pytest.mark.parametrize(
    "document",
    [
        json.dumps(public(KEY)).encode(),
        json.dumps(secret_jwk(OKPKey.generate_key("X25519", auto_kid=True))).encode(),
        json.dumps({"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}).encode(),
        json.dumps({"kty": "oct", "k": "AA"}).encode(),
        b"-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n",
        KEY.as_pem(private=False),
        b"",
    ],
)
def test_what_is_no_usable_private_key_is_refused(document):
    with pytest.raises(KeyRefused):
        private_keys(document)


def test_a_seed_makes_the_same_key_each_time():
    assert seeded(b"s" * 32).kid == seeded(b"s" * 32).kid != seeded(b"t" * 32).kid
    with pytest.raises(KeyRefused):
        seeded(b"s" * 31)
