"""RFC 8725, sections 3.1 to 3.6: what makes a signature one. Each class is a section, each test an attack on it."""

import hashlib
import hmac
import json
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from gateway.keys import MOST_KEYS, SMALL_ORDER, KeyRefused, public_key, public_keys
from gateway.tokens import TokenFault, verified
from resolvers.caller import Caller
from tests.support.forging import P256_ORDER, der, forged, numbers, raw
from tests.support.keys import NOW, TERMS, claims, ed25519, jwks, key_set, p256, part, token, with_header
from tests.support.minting import sealed, unsealed

KEY, OTHER = ed25519(), p256()
KEYS = key_set(KEY, OTHER)
EDDSA = {"alg": "EdDSA", "kid": KEY.kid, "typ": "at+jwt"}
ES256 = {"alg": "ES256", "kid": OTHER.kid, "typ": "at+jwt"}
SIGN = KEY.private_key.sign
CURVE = OTHER.private_key


def asked(text, keys=KEYS):
    return verified(text, keys, TERMS, NOW)


def set_of(*rows):
    """Return a key set of these rows as the gateway reads it."""
    return public_keys(json.dumps({"keys": rows}).encode(), b"")


def test_what_the_forgers_tools_make_honestly_is_a_good_token():
    assert isinstance(asked(forged(EDDSA, claims(), SIGN)), Caller)
    assert isinstance(asked(forged(ES256, claims(), raw(CURVE))), Caller)


class TestPerformAlgorithmVerification:
    @pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", " none", "none ", "", "EdDSA ", "eddsa", "es256"])
    @pytest.mark.parametrize("signature", ["", "AA"])
    def test_an_algorithm_in_any_other_spelling_is_none_of_ours(self, name, signature):
        assert asked(f"{part(EDDSA | {'alg': name})}.{part(claims())}.{signature}") is TokenFault.ALGORITHM

    @pytest.mark.parametrize("header", [EDDSA, ES256])
    def test_a_token_without_a_signature_is_refused_whatever_it_names(self, header):
        assert asked(f"{part(header)}.{part(claims())}.") is TokenFault.BAD_SIGNATURE

    def test_the_algorithm_is_the_keys_and_not_the_tokens(self):
        assert asked(forged(EDDSA | {"alg": "ES256"}, claims(), SIGN)) is TokenFault.UNKNOWN_KEY
        assert asked(forged(ES256 | {"alg": "EdDSA"}, claims(), raw(CURVE))) is TokenFault.UNKNOWN_KEY

    def test_a_published_key_is_used_with_the_one_algorithm_of_its_curve(self):
        row = KEY.as_dict(private=False) | {"kid": KEY.kid}
        assert set_of(row | {"alg": "HS256"}, row | {"alg": "ES256"}, row | {"use": "enc"}).keys == ()
        assert len(set_of(row | {"alg": "EdDSA"}).keys) == 1

    def test_a_header_that_names_two_algorithms_names_none(self):
        header = f'{{"alg":"EdDSA","kid":"{KEY.kid}","alg":"EdDSA"}}'.encode()
        assert asked(forged(header, claims(), SIGN)) is TokenFault.MALFORMED


class TestUseAppropriateAlgorithms:
    def secrets(self):
        for key in (KEY, OTHER):
            row = key.as_dict(private=False)
            yield from (
                key.public_key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
                for encoding in (Encoding.PEM, Encoding.DER)
            )
            yield from (json.dumps(row).encode(), jwks(key), row["x"].encode(), unsealed(row["x"]))

    @pytest.mark.parametrize("name", ["HS256", "HS384", "HS512"])
    def test_a_public_key_in_any_form_is_no_shared_secret(self, name):
        digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[name]
        for secret in self.secrets():
            for header in (EDDSA, ES256):
                text = forged(header | {"alg": name}, claims(), lambda text, key=secret: hmac.digest(key, text, digest))
                assert asked(text) is TokenFault.ALGORITHM

    def test_a_shared_secret_in_the_key_set_refuses_the_whole_set(self):
        with pytest.raises(KeyRefused):
            set_of({"kty": "oct", "k": sealed(b"secret" * 8), "kid": "s"}, KEY.as_dict(private=False))

    def test_rsa_is_not_used_even_if_the_issuer_publishes_it(self):
        private = rsa.generate_private_key(65537, 2048)
        modulus = private.public_key().public_numbers().n
        row = {"kty": "RSA", "kid": "r", "e": "AQAB", "n": sealed(modulus.to_bytes(256, "big"))}
        text = forged(
            EDDSA | {"alg": "RS256", "kid": "r"}, claims(), lambda text: private.sign(text, PKCS1v15(), SHA256())
        )
        assert set_of(row).keys == ()
        assert asked(text, set_of(row, KEY.as_dict(private=False))) is TokenFault.ALGORITHM

    @pytest.mark.parametrize("curve", [ec.SECP521R1(), ec.SECP384R1(), ec.SECP256K1()])
    def test_another_curve_is_not_used(self, curve):
        public = ec.generate_private_key(curve).public_key().public_numbers()
        width = (curve.key_size + 7) // 8
        names = {"secp521r1": "P-521", "secp384r1": "P-384", "secp256k1": "secp256k1"}
        x, y = (sealed(number.to_bytes(width, "big")) for number in (public.x, public.y))
        assert set_of({"kty": "EC", "crv": names[curve.name], "x": x, "y": y, "kid": "c"}).keys == ()

    def test_another_edwards_curve_is_not_used(self):
        x = sealed(ed448.Ed448PrivateKey.generate().public_key().public_bytes_raw())
        assert set_of({"kty": "OKP", "crv": "Ed448", "x": x, "kid": "c"}).keys == ()
        assert set_of({"kty": "OKP", "crv": "X25519", "x": KEY.as_dict()["x"], "kid": "c"}).keys == ()


class TestValidateAllCryptographicOperations:
    def test_a_valid_signature_within_an_invalid_token_does_not_save_it(self):
        inner = token()
        assert asked(forged(EDDSA | {"cty": "JWT"}, inner.encode(), SIGN)) is TokenFault.MALFORMED
        stranger = ed25519("stranger")
        assert asked(forged(EDDSA, claims(), stranger.private_key.sign)) is TokenFault.BAD_SIGNATURE

    def test_an_encrypted_token_of_five_parts_is_none(self):
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "zip": "DEF"}
        assert asked(f"{part(header)}..{part(b'iv')}.{part(b'text')}.{part(b'tag')}") is TokenFault.MALFORMED

    def test_a_token_in_json_serialization_is_none(self):
        header, payload, signature = token().split(".")
        row = {"protected": header, "payload": payload, "signature": signature}
        for whole in (row, {"payload": payload, "signatures": [row]}):
            assert asked(json.dumps(whole)) is TokenFault.MALFORMED

    @pytest.mark.parametrize("more", [{"crit": ["exp"]}, {"crit": []}, {"crit": None}, {"b64": False}, {"b64": True}])
    def test_what_must_be_understood_and_is_not_refuses(self, more):
        assert asked(forged(EDDSA | more, claims(), SIGN)) is TokenFault.CRITICAL

    def test_a_payload_that_was_not_encoded_is_no_part(self):
        header = part(EDDSA | {"b64": False, "crit": ["b64"]})
        payload = json.dumps(claims(), separators=(",", ":"))
        text = f"{header}.{payload}"
        assert isinstance(asked(f"{text}.{part(SIGN(text.encode()))}"), TokenFault)

    @pytest.mark.parametrize("place", [0, 1, 2])
    @pytest.mark.parametrize("more", ["=", "==", "\n", " ", "+", "/", "A", "\u00e9", "\x00"])
    def test_each_part_has_one_spelling(self, place, more):
        parts = token().split(".")
        parts[place] += more
        assert isinstance(asked(".".join(parts)), TokenFault)

    def test_the_bits_after_the_last_byte_are_zero(self):
        for name in range(12):  # names of every length, so that each part ends at each place of a letter
            head, payload, signature = token(sub="x" * (1 + name)).split(".")
            for parts in ((head, payload, _next(signature)), (head, _next(payload), signature)):
                assert isinstance(asked(".".join(parts)), TokenFault)

    @given(st.data())
    def test_a_token_that_was_touched_is_none(self, data):
        text = token(OTHER) if data.draw(st.booleans()) else token()
        touched = data.draw(st.sampled_from([_flipped, _truncated, _swapped, _doubled]))(text, data)
        assert isinstance(asked(touched), TokenFault) or touched == text


class TestValidateCryptographicInputs:
    @pytest.mark.parametrize(("r", "s"), [(0, 0), (0, 1), (1, 0), (P256_ORDER, 1), (1, P256_ORDER), (1, 1)])
    def test_numbers_that_are_no_signature_verify_nothing(self, r, s):
        assert asked(forged(ES256, claims(), lambda _: numbers(r, s))) is TokenFault.BAD_SIGNATURE

    def test_a_signature_has_the_form_of_jose_and_no_other(self):
        short = forged(ES256, claims(), lambda text: raw(CURVE)(text)[:-1])
        for text in (forged(ES256, claims(), der(CURVE)), forged(ES256, claims(), raw(CURVE, width=48)), short):
            assert asked(text) is TokenFault.BAD_SIGNATURE

    def test_an_edwards_signature_has_one_number_and_not_that_plus_the_order(self):
        order = 2**252 + 27742317777372353535851937790883648493

        def moved(text):
            signature = SIGN(text)
            scalar = int.from_bytes(signature[32:], "little") + order
            return signature[:32] + scalar.to_bytes(32, "little")

        assert asked(forged(EDDSA, claims(), moved)) is TokenFault.BAD_SIGNATURE

    def test_a_point_that_is_on_no_curve_is_no_key(self):
        row = OTHER.as_dict(private=False) | {"kid": "c"}
        zero = sealed(bytes(32))
        assert set_of(row | {"y": row["x"]}, row | {"x": zero, "y": zero}, row | {"x": "", "y": ""}).keys == ()

    @pytest.mark.parametrize("point", sorted(SMALL_ORDER))
    @pytest.mark.parametrize("sign", [0, 0x80])
    def test_a_key_whose_signatures_anybody_can_make_is_no_key(self, point, sign):
        spelled = sealed(point[:-1] + bytes([point[-1] | sign]))
        row = {"kty": "OKP", "crv": "Ed25519", "x": spelled, "kid": "small"}
        assert set_of(row).keys == ()
        with pytest.raises(KeyRefused):
            public_key(row)

    @pytest.mark.parametrize("x", ["", "AA", "A" * 42, "A" * 44, "+" * 43, None, 7, ["AA"]])
    def test_a_point_of_another_length_is_no_key(self, x):
        assert set_of({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "c"}).keys == ()

    def test_a_token_that_takes_long_to_read_is_not_read(self):
        deep = b'{"sub":' + b"[" * 2500 + b"]" * 2500 + b"}"
        assert asked(forged(EDDSA, deep, SIGN)) is TokenFault.MALFORMED
        assert asked(forged(EDDSA | {"x": "x" * 4000}, claims(), SIGN)) is TokenFault.MALFORMED
        assert asked(forged(EDDSA, claims(exp=10**300), SIGN)).expires_at.year == 9999


class TestEnsureCryptographicKeysHaveSufficientEntropy:
    def test_no_key_is_a_word_somebody_could_guess(self):
        with pytest.raises(KeyRefused):
            set_of({"kty": "oct", "k": sealed(b"secret")})
        for row in (
            {"kty": "RSA", "e": "AQAB", "n": sealed(b"\xff" * 64)},
            {"kty": "RSA", "e": "Aw", "n": sealed(b"\xff")},
        ):
            assert set_of(row).keys == ()

    def test_a_set_of_more_keys_than_an_issuer_has_is_read_to_its_bound(self):
        rows = [ed25519(f"key {number}").as_dict(private=False) for number in range(MOST_KEYS + 1)]
        assert len(set_of(*rows).keys) == MOST_KEYS


class TestAvoidCompressionOfEncryptionInputs:
    def test_a_compressed_payload_is_not_unpacked(self):
        packed = zlib.compress(json.dumps(claims()).encode())
        assert asked(forged(EDDSA | {"zip": "DEF"}, packed, SIGN)) is TokenFault.MALFORMED

    def test_a_payload_that_only_says_it_is_compressed_is_read_as_it_is(self):
        assert isinstance(asked(with_header(EDDSA | {"zip": "DEF"})), Caller)


def _next(text):
    """Return a part whose last letter is the one after: another spelling of the same bytes, or other bytes."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[(letters.index(text[-1]) + 1) % len(letters)]


def _flipped(text, data):
    place, bit = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, 6))
    return text[:place] + chr(ord(text[place]) ^ (1 << bit)) + text[place + 1 :]


def _truncated(text, data):
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return text[first:last]


def _swapped(text, data):
    return ".".join(data.draw(st.permutations(text.split("."))))


def _doubled(text, data):
    place = data.draw(st.integers(0, 2))
    parts = text.split(".")
    return ".".join([*parts[:place], parts[place] * 2, *parts[place + 1 :]])
