import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.issuer import minted
from gateway.jose import payload_of, signed
from gateway.keys import KeyRefused, public_keys
from gateway.signing import EPOCH, Ed25519Signer
from gateway.tokens import TokenFault, verified
from graph.records import NoticeRef, Record, Scope
from graph.terms import Fidelity, Level, Operation, RecordKind, Standing
from resolvers.signer import OFFER_LIFETIME, Offer, OfferCell, OfferForged, ReceiptContent
from tests.support.keys import NOW, TERMS, ed25519, key_set, p256, part

KEY = ed25519("gateway")
SIGNER = Ed25519Signer((KEY,))
CELLS = (
    OfferCell("play.match", "hobby", "acme", Operation.USE, special=False, max_fidelity=Fidelity.PRECISE),
    OfferCell("play.match", "health", "acme", Operation.INFER, special=True, max_fidelity=Fidelity.CATEGORY),
)


def offer(**changes):
    whole = {
        "id": "o1",
        "subject": "s1",
        "recipient": "acme",
        "notice": NoticeRef("n1", 2),
        "catalogue_version": 3,
        "channel": "goggles",
        "cells": CELLS,
        "issued_at": NOW,
        "expires_at": NOW + OFFER_LIFETIME,
    }
    return Offer(**(whole | changes))


def receipt():
    scope = Scope(
        purpose="play", recipient="acme", device="d1", operations=frozenset({Operation.USE, Operation.COLLECT})
    )
    yes = Record(
        "r1",
        RecordKind.GIVEN,
        NOW,
        scope,
        Fidelity.COARSE,
        valid_until=NOW + timedelta(days=1),
        notice=NoticeRef("n1", 2),
    )
    no = Record(
        "r2", RecordKind.OBJECTED, NOW, Scope(group="brands", session="x", operations=frozenset({Operation.SELL}))
    )
    return ReceiptContent("c1", "s1", NOW, (yes, no))


@given(
    level=st.sampled_from([None, *Level]),
    answers=st.booleans(),
    at=st.integers(946_684_800_000_000, 4_102_444_800_000_000).map(lambda us: EPOCH + timedelta(microseconds=us)),
    cells=st.lists(st.sampled_from(CELLS), max_size=4),
)
def test_an_offer_comes_back_whole(level, answers, at, cells):
    sent = offer(
        raises_level_to=level, answers_signal=answers, cells=tuple(cells), issued_at=at, expires_at=at + OFFER_LIFETIME
    )
    assert SIGNER.read_offer(SIGNER.sign_offer(sent)) == sent


def test_one_changed_letter_anywhere_makes_an_offer_a_forgery():
    text = SIGNER.sign_offer(offer())
    for place in range(0, len(text), 5):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(OfferForged):
            SIGNER.read_offer(changed)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "ä.ö.ü", "." * 70_000, "a.b.c.d"])
def test_what_is_no_signature_is_a_forgery(text):
    with pytest.raises(OfferForged):
        SIGNER.read_offer(text)


def test_an_offer_of_another_gateway_is_a_forgery():
    with pytest.raises(OfferForged):
        SIGNER.read_offer(Ed25519Signer((ed25519("other"),)).sign_offer(offer()))


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", "cg-receipt+jwt", "CG-OFFER+JWT"])
def test_only_an_offer_is_read_as_one(kind):
    payload = payload_of(SIGNER.sign_offer(offer()), KEY)
    assert SIGNER.read_offer(signed(KEY, "cg-offer+jwt", payload)) == offer()
    with pytest.raises(OfferForged):
        SIGNER.read_offer(signed(KEY, kind, payload))


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"exp": "x"}', b"{"])
def test_signed_claims_that_are_no_offer_are_a_forgery(payload):
    with pytest.raises(OfferForged):
        SIGNER.read_offer(signed(KEY, "cg-offer+jwt", payload))


@pytest.mark.parametrize(
    "change",
    [
        {"exp": True},
        {"exp": None},
        {"exp": 1e308},
        {"raisesLevelTo": "ANY"},
        {"cells": [["x"]]},
        {"cells": [[9, "a", "b", "USE", False, "PRECISE"]]},
        {"notice": "n1@2"},
    ],
)
def test_a_claim_of_another_form_is_a_forgery(change):
    whole = json.loads(payload_of(SIGNER.sign_offer(offer()), KEY)) | change
    with pytest.raises(OfferForged):
        SIGNER.read_offer(signed(KEY, "cg-offer+jwt", json.dumps(whole).encode()))


def test_a_header_that_must_be_understood_is_a_forgery():
    payload = payload_of(SIGNER.sign_offer(offer()), KEY)
    text = f"{part({'alg': 'EdDSA', 'kid': KEY.kid, 'typ': 'cg-offer+jwt', 'crit': ['exp']})}.{part(payload)}"
    with pytest.raises(OfferForged):
        SIGNER.read_offer(f"{text}.{part(KEY.private_key.sign(text.encode()))}")


def test_an_offer_outlives_the_change_of_keys():
    text = SIGNER.sign_offer(offer())
    rotated = Ed25519Signer((ed25519("new"), KEY))
    assert rotated.read_offer(text) == offer()
    assert rotated.sign_offer(offer()) == Ed25519Signer((ed25519("new"),)).sign_offer(offer())
    assert [row["kid"] for row in rotated.jwks()["keys"]] == [ed25519("new").kid, KEY.kid]


def test_neither_offer_nor_receipt_opens_the_door():
    for text in (SIGNER.sign_offer(offer()), SIGNER.sign_receipt(receipt())):
        assert verified(text, key_set(KEY), TERMS, NOW) is TokenFault.KIND
    with pytest.raises(OfferForged):
        SIGNER.read_offer(minted(KEY, {"sub": "s1"}))


def test_a_receipt_is_checked_offline_with_the_published_keys():
    text = SIGNER.sign_receipt(receipt())
    header, payload, signature = text.split(".")
    published = public_keys(json.dumps(SIGNER.jwks()).encode(), b"")
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    (key,) = published.fitting("EdDSA", kid)
    key.public_key.verify(base64.urlsafe_b64decode(signature + "=="), f"{header}.{payload}".encode())


def test_a_receipt_says_what_was_recorded_in_canonical_json():
    assert payload_of(SIGNER.sign_receipt(receipt()), KEY).decode() == (
        '{"iat":1772366400,"jti":"c1","records":['
        '{"consentStatus":"https://w3id.org/dpv#ConsentGiven","fidelity":"COARSE","id":"r1","kind":"GIVEN",'
        '"notice":"n1@2","scope":{"deviceId":"d1","operations":["COLLECT","USE"],"purpose":"play","recipientId":"acme"},'
        '"validUntil":"2026-03-02T12:00:00.000Z"},'
        '{"fidelity":null,"id":"r2","kind":"OBJECTED","notice":null,'
        '"scope":{"operations":["SELL"],"recipientGroup":"brands","sessionId":"x"},"validUntil":null}],"sub":"s1"}'
    )


def test_a_receipt_of_an_officers_act_says_how_the_subject_stands_and_for_which_case():
    erased = ReceiptContent("c1", "s1", NOW, (), Standing.ERASED, "case 7")
    assert payload_of(SIGNER.sign_receipt(erased), KEY).decode() == (
        '{"caseReference":"case 7","iat":1772366400,"jti":"c1","records":[],"state":"ERASED","sub":"s1"}'
    )


def test_the_same_receipt_has_the_same_bytes():
    assert SIGNER.sign_receipt(receipt()) == Ed25519Signer((KEY,)).sign_receipt(receipt())


def test_published_keys_hold_nothing_private():
    assert [row.keys() for row in SIGNER.jwks()["keys"]] == [{"kty", "crv", "x", "kid", "use", "alg"}]


def test_only_private_ed25519_keys_sign():
    (public,) = key_set(KEY).fitting("EdDSA", KEY.kid)
    for keys in ((), (p256(),), (public,), (KEY, p256())):
        with pytest.raises(KeyRefused):
            Ed25519Signer(keys)


def test_an_offer_of_two_hundred_cells_fits_a_request_with_its_choices():
    purpose, category = "personalize.recommendation.product", "user.account.settings.comfort.locomotion.{}"
    cells = tuple(
        OfferCell(purpose, category.format(n), "acme", Operation.USE, False, Fidelity.PRECISE) for n in range(200)
    )
    assert len(SIGNER.sign_offer(offer(cells=cells))) < 32_768
