import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from gateway.tokens import CLOCK_SKEW, MOST_CHARACTERS, STEP_UP_WINDOW, TokenFault, subject_of, verified
from graph.decision.request import TokenEntry
from graph.terms import AgeBand, Audience, Operation
from resolvers.caller import Caller
from tests.support.keys import (
    AUDIENCE,
    ISSUER,
    NOW,
    TERMS,
    claims,
    ed25519,
    key_set,
    p256,
    part,
    token,
    with_header,
)

KEY = ed25519()
KEYS = key_set(KEY)
SECONDS = int(NOW.timestamp())


def asked(text, keys=KEYS, at=NOW):
    return verified(text, keys, TERMS, at)


def test_a_whole_token_names_its_caller():
    text = token(
        cg_device="d1", cg_attested=True, cg_residence="DE", cg_age_band="ADULT", acr="login", cg_audience="client"
    )
    assert asked(text) == Caller(
        recipient="acme",
        client_id="acme-app",
        audience=Audience.CLIENT,
        channel="goggles",
        subject=hmac.new(ISSUER.encode(), b"somebody", hashlib.sha256).hexdigest(),
        expires_at=NOW + timedelta(seconds=600),
        token=(),
        assurance=2,
        device="d1",
        attested=True,
        residence="DE",
        age_band=AgeBand.ADULT,
        jti="t1",
    )


def test_es256_is_the_other_algorithm():
    key = p256()
    assert isinstance(asked(token(key), key_set(key)), Caller)


def test_an_issuer_of_another_name_is_another_person():
    assert subject_of("a", "x") != subject_of("b", "x")


def test_a_partner_brings_its_sub_and_nobody_else_does():
    partner = asked(token(cg_audience="partner", client_id="brand-server", cg_channel="server", sub="pairwise"))
    assert (partner.sub, partner.recipient, asked(token()).sub) == ("pairwise", "brand", None)
    assert "pairwise" not in repr(partner)


def test_an_officer_may_come_without_a_channel():
    assert asked(token(cg_audience="governance", cg_channel=None)).channel == ""
    assert asked(token(cg_audience="governance", cg_channel="moon")) is TokenFault.UNKNOWN_CHANNEL


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"iss": "https://other.example"}, TokenFault.WRONG_ISSUER),
        ({"aud": "https://other.example"}, TokenFault.WRONG_AUDIENCE),
        ({"aud": []}, TokenFault.WRONG_AUDIENCE),
        ({"aud": {"x": 1}}, TokenFault.WRONG_AUDIENCE),
        ({"exp": SECONDS - 60}, TokenFault.EXPIRED),
        ({"exp": "soon"}, TokenFault.MALFORMED_CLAIM),
        ({"exp": True}, TokenFault.MALFORMED_CLAIM),
        ({"exp": -1}, TokenFault.MALFORMED_CLAIM),
        ({"nbf": SECONDS + 60}, TokenFault.NOT_YET_VALID),
        ({"iat": SECONDS + 60}, TokenFault.NOT_YET_VALID),
        ({"auth_time": SECONDS + 60}, TokenFault.NOT_YET_VALID),
        ({"sub": ""}, TokenFault.MALFORMED_CLAIM),
        ({"sub": 7}, TokenFault.MALFORMED_CLAIM),
        ({"client_id": "stranger"}, TokenFault.UNKNOWN_CLIENT),
        ({"cg_audience": "admin"}, TokenFault.MALFORMED_CLAIM),
        ({"cg_channel": "moon"}, TokenFault.UNKNOWN_CHANNEL),
        ({"cg_age_band": "OLD"}, TokenFault.MALFORMED_CLAIM),
        ({"cg_attested": "yes"}, TokenFault.MALFORMED_CLAIM),
        ({"cg_device": 1}, TokenFault.MALFORMED_CLAIM),
        ({"acr": 3}, TokenFault.MALFORMED_CLAIM),
        ({"cnf": {"jkt": "x"}}, TokenFault.SENDER_CONSTRAINED),
        ({"authorization_details": {}}, TokenFault.MALFORMED_DETAILS),
        ({"authorization_details": ["x"]}, TokenFault.MALFORMED_DETAILS),
        ({"authorization_details": [{"purposes": []}]}, TokenFault.MALFORMED_DETAILS),
        ({"authorization_details": [{"type": "consent_gateway", "purposes": "play"}]}, TokenFault.MALFORMED_DETAILS),
        ({"authorization_details": [{"type": "consent_gateway", "channels": [1]}]}, TokenFault.MALFORMED_DETAILS),
    ]
    + [
        ({name: None}, TokenFault.MISSING_CLAIM)
        for name in ("iss", "aud", "sub", "client_id", "exp", "nbf", "cg_audience", "cg_channel")
    ],
)
def test_a_claim_that_does_not_hold_refuses_the_token(changes, fault):
    assert asked(token(**changes)) is fault


def test_several_audiences_may_be_named_if_ours_is_one():
    assert isinstance(asked(token(aud=["https://other.example", AUDIENCE])), Caller)


def test_a_clock_that_is_a_little_off_is_forgiven_and_no_more():
    end = NOW + timedelta(seconds=600)
    just = timedelta(milliseconds=1)
    assert isinstance(asked(token(), at=end + CLOCK_SKEW - just), Caller)
    assert asked(token(), at=end + CLOCK_SKEW) is TokenFault.EXPIRED
    assert isinstance(asked(token(), at=NOW - CLOCK_SKEW), Caller)
    assert asked(token(), at=NOW - CLOCK_SKEW - just) is TokenFault.NOT_YET_VALID


def test_a_token_may_last_longer_than_the_calendar():
    assert asked(token(exp=10**300)).expires_at.year == 9999


@pytest.mark.parametrize("infinite", ["NaN", "Infinity"])
def test_a_number_that_is_none_is_refused(infinite):
    text = json.dumps(claims()).replace(str(SECONDS + 600), infinite)
    header = {"alg": "EdDSA", "kid": KEY.kid}
    signed = f"{part(header)}.{part(text.encode())}"
    assert asked(f"{signed}.{part(KEY.private_key.sign(signed.encode()))}") is TokenFault.MALFORMED


class TestHeader:
    def test_none_is_never_an_algorithm(self):
        for name in ("none", "None", "NONE"):
            text = f"{part({'alg': name})}.{part(claims())}."
            assert asked(text) is TokenFault.ALGORITHM

    def test_a_public_key_is_never_a_shared_secret(self):
        public = KEY.as_pem(private=False) if hasattr(KEY, "as_pem") else b""
        for secret in (public, part(KEY.as_dict(private=False)).encode(), KEY.as_dict()["x"].encode()):
            text = f"{part({'alg': 'HS256', 'kid': KEY.kid, 'typ': 'at+jwt'})}.{part(claims())}"
            mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
            assert asked(f"{text}.{part(mac)}") is TokenFault.ALGORITHM

    @pytest.mark.parametrize("name", ["RS256", "ES384", "Ed25519", "HS512", "", None, 7, ["EdDSA"]])
    def test_only_two_algorithms_are_known(self, name):
        assert asked(with_header({"alg": name, "kid": KEY.kid})) is TokenFault.ALGORITHM

    def test_an_algorithm_of_the_wrong_key_finds_no_key(self):
        assert asked(with_header({"alg": "ES256", "kid": KEY.kid})) is TokenFault.UNKNOWN_KEY

    @pytest.mark.parametrize("more", [{"crit": ["exp"]}, {"crit": []}, {"b64": False, "crit": ["b64"]}, {"b64": False}])
    def test_what_must_be_understood_is_refused(self, more):
        assert asked(with_header({"alg": "EdDSA", "kid": KEY.kid} | more)) is TokenFault.CRITICAL

    @pytest.mark.parametrize("kind", ["cg-offer+jwt", "cg-receipt+jwt", "dpop+jwt", "logout+jwt"])
    def test_another_kind_of_signature_is_no_access_token(self, kind):
        assert asked(token(kind=kind)) is TokenFault.KIND

    @pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt", "JWT", "AT+JWT"])
    def test_kinds_of_access_tokens_are_told_in_any_case(self, kind):
        assert isinstance(asked(token(kind=kind)), Caller)

    def test_a_token_without_a_key_id_is_tried_with_every_key_of_its_algorithm(self):
        text = with_header({"alg": "EdDSA"})
        assert isinstance(asked(text, key_set(ed25519("other"), KEY)), Caller)
        assert asked(text, key_set(ed25519("other"))) is TokenFault.UNKNOWN_KEY

    def test_a_key_id_must_match_even_if_the_key_would(self):
        assert asked(with_header({"alg": "EdDSA", "kid": "other"})) is TokenFault.UNKNOWN_KEY

    def test_a_key_id_of_another_key_does_not_verify(self):
        stranger = ed25519("stranger")
        assert asked(with_header({"alg": "EdDSA", "kid": KEY.kid}, stranger)) is TokenFault.BAD_SIGNATURE

    def test_a_key_that_a_token_brings_along_is_not_used(self):
        stranger = ed25519("stranger")
        row = stranger.as_dict(private=False)
        for more in ({"jwk": row}, {"jku": "https://evil.example/jwks"}, {"x5u": "https://evil.example/x"}):
            found = asked(with_header({"alg": "EdDSA", "kid": KEY.kid} | more, stranger))
            assert found is TokenFault.BAD_SIGNATURE
            assert asked(with_header({"alg": "EdDSA"} | more, stranger)) is TokenFault.UNKNOWN_KEY

    def test_a_header_that_is_no_object_is_malformed(self):
        for header in (b"[]", b'["alg"]', b"null", b"{", b"\xff", b"[" * 1000):
            assert asked(f"{part(header)}.{part(claims())}.AA") is TokenFault.MALFORMED
        assert asked(with_header({"alg": "EdDSA", "kid": 7})) is TokenFault.MALFORMED
        assert asked(with_header({"alg": "EdDSA", "typ": {}})) is TokenFault.MALFORMED


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c.d", "ä.b.c", "{}.{}.{}", "a.b.c.d.e"])
def test_what_has_no_three_parts_of_base64url_is_malformed(text):
    assert asked(text) is TokenFault.MALFORMED


def test_a_token_as_large_as_a_header_line_is_not_read():
    assert asked(token(more="x" * MOST_CHARACTERS)) is TokenFault.TOO_LARGE
    assert isinstance(asked(token(more="x" * 4000)), Caller)


def test_a_token_within_a_token_is_not_unwrapped():
    text = f"{part({'alg': 'EdDSA', 'kid': KEY.kid, 'cty': 'JWT'})}.{part(token().encode())}"
    assert asked(f"{text}.{part(KEY.private_key.sign(text.encode()))}") is TokenFault.MALFORMED


def test_one_changed_letter_anywhere_refuses_a_token():
    text = token()
    for place in range(0, len(text), 7):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert isinstance(asked(changed), TokenFault), place


class TestAssurance:
    @pytest.mark.parametrize(
        ("acr", "level"), [(None, 0), ("none", 0), ("device", 1), ("login", 2), ("passkey", 0), ("step-up", 2)]
    )
    def test_a_word_has_a_level(self, acr, level):
        assert asked(token(acr=acr)).assurance == level

    def test_a_step_up_counts_for_five_minutes(self):
        text = token(acr="step-up", auth_time=SECONDS)
        last = NOW + STEP_UP_WINDOW
        found = asked(text)
        assert (found.assurance, found.step_up_until) == (3, last)
        assert asked(text, at=last).assurance == 3
        later = asked(text, at=last + timedelta(milliseconds=1))
        assert (later.assurance, later.step_up_until) == (2, None)
        assert found.at(last + timedelta(milliseconds=1)) == later


class TestDetails:
    def entries(self, *rows):
        return asked(token(authorization_details=list(rows))).token

    def test_an_absent_list_means_all_and_an_empty_one_nothing(self):
        assert self.entries({"type": "consent_gateway"}) == (TokenEntry(),)
        assert self.entries({"type": "consent_gateway", "purposes": []}) == (TokenEntry(purposes=frozenset()),)

    def test_no_entry_of_ours_is_nothing(self):
        assert self.entries() == ()
        assert self.entries({"type": "payment", "purposes": 7}) == ()
        assert asked(token()).token == ()

    def test_each_entry_stands_by_itself(self):
        found = self.entries(
            {"type": "consent_gateway", "purposes": ["play"], "operations": ["USE", "FLY"]},
            {"type": "consent_gateway", "categories": ["hobby"], "channels": ["goggles"]},
        )
        assert found == (
            TokenEntry(purposes=frozenset({"play"}), operations=frozenset({Operation.USE})),
            TokenEntry(categories=frozenset({"hobby"}), channels=frozenset({"goggles"})),
        )

    def test_an_unknown_operation_matches_nothing(self):
        assert self.entries({"type": "consent_gateway", "operations": ["FLY"]}) == (TokenEntry(operations=frozenset()),)

    def test_an_unknown_restriction_denies_its_entry(self):
        found = self.entries({"type": "consent_gateway", "devices": ["d1"]}, {"type": "consent_gateway"})
        assert found == (TokenEntry(),)
