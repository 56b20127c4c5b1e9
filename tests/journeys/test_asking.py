"""Asking: what the permitted ones are, why the rest is withheld, and for which one purpose an answer is good."""

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning
from tests.support.newcomer import Newcomer

pytestmark = pytest.mark.journey

COMFORT = "personalize.system.comfort"
PRODUCTS = "personalize.recommendation.product"
BENEFITS = "personalize.offer.benefit"
PURCHASES = "commerce.purchase_history"

HELD = ("xr.comfort.turning", "xr.comfort.posture", "xr.comfort.flicker")
NOT_HELD = (
    "xr.comfort.locomotion",
    "xr.comfort.snap_angle",
    "xr.comfort.vignette",
    "xr.comfort.move_speed",
    "xr.comfort.dominant_hand",
    "xr.comfort.personal_boundary",
    "xr.comfort.brightness",
    "xr.comfort.world_scale",
    "xr.comfort.ui_distance",
    "xr.comfort.menu_hand",
    "xr.comfort.audio_volume",
)
NOT_ENOUGH = ("health.cybersickness", "motion.activity_level")
OTHER_PURPOSES = ("body.height", "commerce.shoe_size", "profile.given_name", "interest.topics")
TWENTY = (*HELD, *NOT_HELD, *NOT_ENOUGH, *OTHER_PURPOSES)


def test_the_headset_asks_twenty_attributes_and_gets_the_permitted_ones_with_reasons_for_the_rest(
    demo: GatewayRunning,
) -> None:
    assert len(set(TWENTY)) == 20

    sheet = Asking(demo.role("noor_headset")).sheet(COMFORT, *TWENTY)

    assert list(sheet.entries) == [*HELD, *NOT_HELD]
    assert list(sheet.withheld) == [*NOT_ENOUGH, *OTHER_PURPOSES]
    turning, posture, flicker = (sheet.released(key) for key in HELD)
    assert (turning["fidelity"], turning["stringValue"]) == ("PRECISE", "snap_45")
    assert (posture["fidelity"], posture["stringValue"]) == ("PRECISE", "seated")
    assert (flicker["fidelity"], flicker["effect"], flicker["booleanValue"]) == ("EFFECT_ONLY", True, None)
    assert {sheet.entries[key]["outcome"] for key in NOT_HELD} == {"NOT_HELD"}
    assert all(sheet.reasons(key) for key in sheet.withheld)
    assert "CONSENT_MISSING" in sheet.reasons("health.cybersickness") + sheet.reasons("motion.activity_level")
    for key in OTHER_PURPOSES:
        assert "NOT_FOR_THIS_PURPOSE" in sheet.reasons(key)


def test_one_purposes_answer_cannot_serve_another(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    views = "query($purpose: PurposeKey!) { me(purpose: $purpose) { id purpose } }"

    phone.says_yes(PRODUCTS, PURCHASES)

    assert PURCHASES in phone.sheet(PRODUCTS, PURCHASES).entries
    assert "CONSENT_MISSING" in phone.sheet(BENEFITS, PURCHASES).reasons(PURCHASES)
    ids = [phone.client.ask(views, {"purpose": purpose}).answered["me"]["id"] for purpose in (PRODUCTS, BENEFITS)]
    assert ids[0] != ids[1]
    assert ids[0] == phone.client.ask(views, {"purpose": PRODUCTS}).answered["me"]["id"]
    assert ids[0] != newcomer.headset().client.ask(views, {"purpose": PRODUCTS}).answered["me"]["id"]
