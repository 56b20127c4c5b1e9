"""Input a document carries that cannot be taken: told as a problem, with a code and a path, and nothing is changed."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.support import documents
from tests.support.asking import choice
from tests.support.canaries import IMPOSSIBLE_NUMBER, PLANTED_NUMBER, PLANTED_WORD
from tests.support.gateway_running import GatewayRunning
from tests.support.minting import claims_of, signed, unsealed
from tests.support.newcomer import Newcomer

pytestmark = pytest.mark.journey

COMFORT, PRODUCTS = "personalize.system.comfort", "personalize.recommendation.product"
DISTANCE, TOPICS = "xr.comfort.ui_distance", "interest.topics"


def test_the_same_key_and_input_answer_the_same_and_do_nothing_twice(newcomer: Newcomer) -> None:
    phone, key = newcomer.phone(), uuid4().hex
    offer = phone.offer(PRODUCTS, TOPICS)
    said = {"offerToken": offer["token"], "choices": [choice(cell, None) for cell in offer["cells"]]}

    first, second = (phone.act("giveConsent", key=key, **said) for _ in range(2))

    assert first["__typename"] == "ConsentChanged"
    assert first == second
    assert len([one for one in phone.consents() if one["state"] == "ACTIVE"]) == len(offer["cells"])


def test_the_same_key_with_another_input_is_refused(newcomer: Newcomer) -> None:
    phone, key = newcomer.phone(), uuid4().hex
    phone.act("withdrawConsent", key=key, scope={"purpose": PRODUCTS})

    again = phone.act("withdrawConsent", key=key, scope={"purpose": COMFORT})

    _invalid(again, "IDEMPOTENCY_KEY_REUSED")
    assert not [one for one in phone.consents() if one["purpose"] == COMFORT]
    other = Newcomer(newcomer.gateway).phone().act("withdrawConsent", key=key, scope={"purpose": COMFORT})
    assert other["__typename"] == "ConsentChanged", "somebody else's key is another key"


def test_an_offer_is_good_for_one_answer(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    offer = phone.offer(PRODUCTS, TOPICS)
    phone.answers(offer)

    _invalid(phone.answers(offer), "OFFER_USED")
    _invalid(phone.act("refuseConsent", offerToken=offer["token"]), "OFFER_USED")


def test_an_expired_offer_is_told_so_and_changes_nothing(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    offer = phone.offer(PRODUCTS, TOPICS)
    token = _signed_again(newcomer.gateway, offer["token"], exp=int(time.time()) - 1)

    expired = phone.answers({**offer, "token": token})

    assert (expired["__typename"], expired["code"]) == ("OfferExpired", "OFFER_EXPIRED")
    assert phone.consents() == []
    later = _signed_again(newcomer.gateway, offer["token"], exp=int(time.time()) + 60)
    assert phone.answers({**offer, "token": later})["__typename"] == "ConsentChanged", "only its end was wrong"


def test_somebody_elses_offer_is_foreign(newcomer: Newcomer) -> None:
    offer = Newcomer(newcomer.gateway).phone().offer(PRODUCTS, TOPICS)

    _invalid(newcomer.phone().answers(offer), "OFFER_FOREIGN")
    assert newcomer.phone().consents() == []


def test_an_offer_made_elsewhere_is_none(newcomer: Newcomer) -> None:
    offer = newcomer.phone().offer(PRODUCTS, TOPICS)
    header, payload, signature = offer["token"].split(".")
    issuer = newcomer.gateway.issuer()
    for token in (
        f"{header}.{payload}.{signature[:-4]}AAAA",
        signed(json.loads(unsealed(header)), claims_of(offer["token"]), issuer.key),
        newcomer.token(),
        "nothing",
        "",
    ):
        _invalid(newcomer.phone().answers({**offer, "token": token}), "OFFER_INVALID")


def test_a_choice_that_was_not_offered_is_refused_with_all_others(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    offer = phone.offer(PRODUCTS, TOPICS)
    foreign = {"purpose": PRODUCTS, "category": "user.behavior.basket", "operation": "USE"}

    refused = phone.answers(offer, choices=[choice(offer["cells"][0], None), foreign])

    _invalid(refused, "CHOICE_NOT_OFFERED")
    assert phone.consents() == []
    _invalid(
        phone.answers(offer, choices=[{**choice(offer["cells"][0], None), "purpose": COMFORT}]), "CHOICE_NOT_OFFERED"
    )


def test_a_yes_that_has_ended_already_is_refused(newcomer: Newcomer) -> None:
    offer = newcomer.phone().offer(PRODUCTS, TOPICS)
    refused = newcomer.phone().answers(offer, expiresAt="2026-01-01T00:00:00.000Z")
    assert refused["__typename"] == "InvalidInput"
    assert refused["path"][-1] == "expiresAt"


@pytest.mark.parametrize("field", ["deviceId", "recipientId"])
def test_a_scope_that_names_nobody_known_is_refused(newcomer: Newcomer, field: str) -> None:
    refused = newcomer.phone().act("withdrawConsent", scope={field: "nobody"})
    assert refused["__typename"] == "InvalidInput"
    assert refused["path"][-1] == field


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"key": DISTANCE, "float": IMPOSSIBLE_NUMBER}, "OUT_OF_BOUNDS"),
        ({"key": "xr.comfort.turning", "string": PLANTED_WORD}, "OUT_OF_BOUNDS"),
        ({"key": DISTANCE, "string": PLANTED_WORD}, "WRONG_KIND"),
        ({"key": DISTANCE}, "WRONG_KIND"),
        ({"key": DISTANCE, "float": 1.0, "int": 1}, "WRONG_KIND"),
        ({"key": "xr.comfort.nothing", "float": 1.0}, "UNKNOWN_KEY"),
        ({"key": "motion.head_pose", "floatList": [IMPOSSIBLE_NUMBER, 0.0, 0.0]}, "RAW_SENSOR"),
        ({"key": "social.friend_list", "stringList": [PLANTED_WORD]}, "BYSTANDER"),
    ],
)
def test_one_bad_value_refuses_the_whole_input(newcomer: Newcomer, value: Mapping[str, Any], code: str) -> None:
    headset = newcomer.headset()
    headset.offer(COMFORT, DISTANCE)  # serves the notice: what comfort needs
    good = {"key": "xr.comfort.brightness", "float": 0.5}

    refused = headset.records(COMFORT, good, value)

    _invalid(refused, code)
    assert refused["path"][:2] == ["values", "1"]
    told = json.dumps(refused)
    assert PLANTED_WORD not in told
    assert str(IMPOSSIBLE_NUMBER) not in told
    assert headset.sheet(COMFORT, "xr.comfort.brightness").entries["xr.comfort.brightness"]["outcome"] == "NOT_HELD"


def test_a_good_value_is_recorded_and_given_back(newcomer: Newcomer) -> None:
    headset = newcomer.headset()
    headset.offer(COMFORT, DISTANCE)

    recorded = headset.records(
        COMFORT, {"key": DISTANCE, "float": PLANTED_NUMBER}, {"key": "xr.comfort.flicker", "boolean": True}
    )

    assert recorded["keys"] == [DISTANCE]
    assert [row["key"] for row in recorded["notRecorded"]] == ["xr.comfort.flicker"], (
        "special: an explicit yes is missing"
    )
    assert headset.sheet(COMFORT, DISTANCE).released(DISTANCE)["floatValue"] == PLANTED_NUMBER


def test_an_officer_may_not_speak_for_a_person(demo: GatewayRunning) -> None:
    answer = demo.role("officer").ask(documents.consent_act("withdrawAll"), {"input": {"idempotencyKey": "a"}})
    assert (answer.status, set(answer.codes)) == (422, {"GRAPHQL_VALIDATION_FAILED"})


def _invalid(payload: Mapping[str, Any], code: str) -> None:
    assert (payload["__typename"], payload["code"]) == ("InvalidInput", code), payload
    assert payload["message"]


def _signed_again(gateway: GatewayRunning, token: str, **claims: Any) -> str:
    """Return an offer with other claims, signed with the gateway's own key: nothing but the claims is wrong with it."""
    key = json.loads(Path(gateway.announced["issuer_key_file"]).with_name("signing.jwk").read_text())
    return signed(json.loads(unsealed(token.split(".")[0])), {**claims_of(token), **claims}, key)
