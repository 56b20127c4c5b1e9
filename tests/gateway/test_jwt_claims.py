"""RFC 8725, sections 3.7 to 3.12: what a token says, and what it is for. Each class is a section of it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.consistency import SealedConsistency
from gateway.cursors import SealedCursors
from gateway.issuer import minted
from gateway.jose import signed
from gateway.key_ring import KeyRing, KeySource
from gateway.settings import SettingsRefused, read
from gateway.signing import OFFER_TYPE, RECEIPT_TYPE, Ed25519Signer
from gateway.tokens import CLOCK_SKEW, MOST_WORD_CHARACTERS, TokenFault, verified
from graph.store import Seen
from graph.terms import Audience, PartyKind
from resolvers.caller import Caller
from resolvers.problems import BadUserInput
from resolvers.signer import OfferForged
from tests.gateway.test_signing import offer, receipt
from tests.support.forging import forged
from tests.support.gateway_running import surroundings
from tests.support.keys import AUDIENCE, ISSUER, NOW, TERMS, claims, ed25519, jwks, key_set, token, with_header

KEY = ed25519()
KEYS = key_set(KEY)
EDDSA = {"alg": "EdDSA", "kid": KEY.kid, "typ": "at+jwt"}
SIGN = KEY.private_key.sign
SECRET = bytes(range(32))
TYPED = replace(TERMS, typed=True)


def asked(text, at=NOW):
    return verified(text, KEYS, TERMS, at)


class TestUseUtf8:
    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7"])
    def test_json_in_another_encoding_is_none(self, encoding):
        written = json.dumps(claims(sub="zo\u00eb"), ensure_ascii=False)
        encoded = (
            written.encode(encoding)
            if encoding != "utf-7"
            else written.replace("\u00eb", "\udceb").encode(errors="surrogateescape")
        )
        assert asked(forged(EDDSA, encoded, SIGN)) is TokenFault.MALFORMED

    @pytest.mark.parametrize("lone", ['"\\ud800"', '"\\udfff"'])
    def test_half_a_character_is_none(self, lone):
        text = json.dumps(claims()).replace('"somebody"', lone)
        assert isinstance(asked(forged(EDDSA, text.encode(), SIGN)), TokenFault)

    def test_any_character_may_be_in_a_name_and_two_spellings_of_it_are_two_people(self):
        composed, apart = (asked(token(sub=name)) for name in ("zo\u00eb", "zoe\u0308"))
        assert composed.subject != apart.subject

    @pytest.mark.parametrize("twice", ["sub", "exp", "aud", "cg_audience"])
    def test_a_claim_that_is_said_twice_refuses_the_token(self, twice):
        whole = json.dumps(claims())
        again = json.dumps({twice: claims()[twice]})[1:-1]
        for text in (f"{whole[:-1]}, {again}}}", f"{{{again}, {whole[1:]}"):
            assert asked(forged(EDDSA, text.encode(), SIGN)) is TokenFault.MALFORMED

    def test_a_name_that_is_said_twice_within_a_claim_refuses_the_token_too(self):
        entry = '[{"type": "consent_gateway", "purposes": ["play"], "purposes": ["hunt"]}]'
        text = json.dumps(claims(authorization_details="HERE")).replace('"HERE"', entry)
        assert asked(forged(EDDSA, text.encode(), SIGN)) is TokenFault.MALFORMED


class TestValidateIssuerAndSubject:
    @pytest.mark.parametrize(
        "name", [f"{ISSUER}/", ISSUER.upper(), f"{ISSUER} ", "", None, 7, [ISSUER], {"iss": ISSUER}, f"{ISSUER}\u0000"]
    )
    def test_an_issuer_is_the_one_that_is_set_to_the_letter(self, name):
        assert asked(forged(EDDSA, claims() | {"iss": name}, SIGN)) is TokenFault.WRONG_ISSUER

    @pytest.mark.parametrize("sub", ["", None, 7, [], {}, True, "x" * (MOST_WORD_CHARACTERS + 1)])
    def test_a_subject_is_a_name_of_some_length(self, sub):
        assert asked(forged(EDDSA, claims() | {"sub": sub}, SIGN)) is TokenFault.MALFORMED_CLAIM

    @pytest.mark.parametrize("name", ["sub", "client_id", "jti", "cg_device", "cg_channel", "cg_residence", "acr"])
    def test_no_name_is_longer_than_a_store_can_look_up(self, name):
        longest = {name: "x" * MOST_WORD_CHARACTERS}
        assert asked(token(**longest)) is not TokenFault.MALFORMED_CLAIM
        assert asked(token(**{name: longest[name] + "x"})) is TokenFault.MALFORMED_CLAIM

    def test_a_persons_id_depends_on_who_vouches_for_her(self):
        assert asked(token(sub="ann")).subject != "ann"


class TestUseAndValidateAudience:
    @pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["https://other.example", AUDIENCE]])
    def test_ours_may_stand_among_others(self, audience):
        assert isinstance(asked(token(aud=audience)), Caller)

    @pytest.mark.parametrize(
        "audience",
        [f"{AUDIENCE}/", AUDIENCE.upper(), AUDIENCE[:-1], "*", "", [], [[AUDIENCE]], {AUDIENCE: 1}, 7, True, [None]],
    )
    def test_what_only_looks_like_ours_is_not(self, audience):
        assert asked(token(aud=audience)) is TokenFault.WRONG_AUDIENCE

    @pytest.mark.parametrize("unset", ["", " ", None])
    def test_a_gateway_without_an_audience_does_not_start(self, operator, unset):
        with pytest.raises(SettingsRefused, match="CONSENT_GATEWAY_AUDIENCE"):
            read(surroundings(**operator.settings(AUDIENCE=unset)))

    @pytest.mark.parametrize("word", ["", "CLIENT", "officer", "client partner", ["client", "governance"], None, 0])
    def test_a_token_is_for_one_of_our_three_audiences(self, word):
        assert asked(forged(EDDSA, claims() | {"cg_audience": word}, SIGN)) is TokenFault.MALFORMED_CLAIM

    @pytest.mark.parametrize("audience", list(Audience))
    def test_it_is_the_token_that_says_for_which(self, audience):
        assert asked(token(cg_audience=audience.value)).audience is audience


class TestDoNotTrustReceivedClaims:
    @pytest.mark.parametrize(
        "key_id",
        [
            "../../../dev/null",
            "/dev/null",
            "file:///dev/null",
            "https://evil.example/key",
            "' OR '1'='1",
            "x'; DROP TABLE records; --",
            "$(id)",
            "\u0000",
            "",
        ],
    )
    def test_a_key_id_is_a_name_and_never_a_place_or_a_question(self, key_id):
        assert asked(forged(EDDSA | {"kid": key_id}, claims(), SIGN)) is TokenFault.UNKNOWN_KEY

    @pytest.mark.parametrize("key_id", [7, [], {}, True, "k" * (MOST_WORD_CHARACTERS + 1)])
    def test_a_key_id_that_is_no_name_is_malformed(self, key_id):
        assert asked(forged(EDDSA | {"kid": key_id}, claims(), SIGN)) is TokenFault.MALFORMED

    @pytest.mark.parametrize("name", ["jku", "x5u"])
    @pytest.mark.parametrize("where", ["https://evil.example/jwks", "http://169.254.169.254/", "file:///dev/zero", 7])
    def test_an_address_in_a_token_is_not_fetched(self, name, where):
        stranger = ed25519("stranger")
        assert asked(with_header(EDDSA | {name: where}, stranger)) is TokenFault.BAD_SIGNATURE

    def test_a_known_key_is_used_whatever_address_stands_beside_it(self):
        assert isinstance(asked(with_header(EDDSA | {"jku": "https://issuer.example/jwks"})), Caller)

    @pytest.mark.parametrize("name", ["jwk", "x5c", "x5t", "x5t#S256"])
    def test_a_key_that_a_token_brings_is_not_used(self, name):
        stranger = ed25519("stranger")
        brought = {"jwk": stranger.as_dict(private=False), "x5c": [stranger.as_dict()["x"]]}.get(name, stranger.kid)
        assert asked(with_header(EDDSA | {name: brought}, stranger)) is TokenFault.BAD_SIGNATURE
        assert asked(with_header({"alg": "EdDSA", name: brought}, stranger)) is TokenFault.UNKNOWN_KEY

    @pytest.mark.anyio
    async def test_forged_key_ids_do_not_become_requests(self):
        reads = []
        ring = KeyRing(KeySource(lambda: reads.append(1) or jwks(KEY), every=300.0, rest=10.0), lambda: 1000.0)
        await ring.keys()
        for _ in range(100):
            await ring.keys_for_stranger()
        assert len(reads) == 1 + 5

    @pytest.mark.parametrize("skew", [CLOCK_SKEW, -CLOCK_SKEW])
    def test_clocks_may_differ_by_a_little_either_way_and_not_by_more(self, skew):
        just = timedelta(milliseconds=1)
        if skew > timedelta(0):  # ours is behind
            assert isinstance(asked(token(), NOW - skew), Caller)
            assert asked(token(), NOW - skew - just) is TokenFault.NOT_YET_VALID
        else:
            end = NOW + timedelta(seconds=600)
            assert isinstance(asked(token(), end - skew - just), Caller)
            assert asked(token(), end - skew) is TokenFault.EXPIRED


class TestUseExplicitTyping:
    @pytest.mark.parametrize(
        "kind", [OFFER_TYPE, RECEIPT_TYPE, "dpop+jwt", "logout+jwt", "secevent+jwt", "", "at", "jws"]
    )
    def test_another_kind_of_token_is_no_access_token(self, kind):
        assert asked(token(kind=kind)) is TokenFault.KIND

    @pytest.mark.parametrize("kind", [["at+jwt"], 7, {}, True])
    def test_a_kind_that_is_no_word_is_malformed(self, kind):
        assert asked(forged(EDDSA | {"typ": kind}, claims(), SIGN)) is TokenFault.MALFORMED

    @pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt", "AT+JWT"])
    def test_where_tokens_are_typed_one_says_that_it_is_an_access_token(self, kind):
        assert isinstance(verified(token(kind=kind), KEYS, TYPED, NOW), Caller)

    @pytest.mark.parametrize("header", [{}, {"typ": None}, {"typ": "JWT"}, {"typ": "jwt"}, {"typ": ""}])
    def test_where_tokens_are_typed_any_other_is_refused(self, header):
        text = forged({"alg": "EdDSA", "kid": KEY.kid, **header}, claims(), SIGN)
        assert verified(text, KEYS, TYPED, NOW) is TokenFault.KIND


class TestUseMutuallyExclusiveValidationRulesForDifferentKindsOfJwts:
    """The worst case: one key signs them all."""

    signer = Ed25519Signer((KEY,))

    def test_what_the_gateway_signs_lets_nobody_in(self):
        for text in (self.signer.sign_offer(offer()), self.signer.sign_receipt(receipt())):
            assert asked(text) is TokenFault.KIND

    def test_what_the_gateway_seals_lets_nobody_in(self):
        cursor = SealedCursors(SECRET).write(Audience.CLIENT, "Query.things", 1)
        seen = SealedConsistency(SECRET).write(Seen(((PartyKind.SUBJECT, "ann", 1),)))
        for text in (cursor, seen):
            assert asked(text) is TokenFault.MALFORMED

    def test_an_access_token_is_no_offer_whatever_it_claims(self):
        whole = json.loads(json.dumps({**claims(), "recipient": "acme"}))
        receipt_of_hers = self.signer.sign_receipt(receipt())
        for text in (minted(KEY, whole), signed(KEY, "JWT", b"{}"), receipt_of_hers):
            with pytest.raises(OfferForged):
                self.signer.read_offer(text)

    def test_an_access_token_is_neither_cursor_nor_consistency_token(self):
        with pytest.raises(BadUserInput):
            SealedCursors(SECRET).read(token(), Audience.CLIENT, "Query.things")
        with pytest.raises(BadUserInput):
            SealedConsistency(SECRET).read(token())

    def test_an_id_token_of_the_same_issuer_is_for_the_app_and_not_for_us(self):
        assert asked(token(kind="JWT", aud="acme-app", cg_audience=None)) is TokenFault.WRONG_AUDIENCE

    @pytest.mark.parametrize("mark", ["at_hash", "c_hash", "s_hash", "events"])
    def test_what_is_marked_as_another_kind_is_refused_unless_it_says_that_it_is_ours(self, mark):
        marked = claims() | {mark: "LDktKdoQak3Pk0cnXxCltA"}
        untyped = [forged(header, marked, SIGN) for header in ({"alg": "EdDSA"}, EDDSA | {"typ": "JWT"})]
        assert [asked(text) for text in untyped] == [TokenFault.KIND] * 2
        assert isinstance(asked(forged(EDDSA, marked, SIGN)), Caller)
