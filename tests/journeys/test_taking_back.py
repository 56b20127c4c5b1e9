"""Taking back: on another device, by an earlier word that stands, by a level, by letting a device go."""

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning
from tests.support.newcomer import Newcomer

pytestmark = pytest.mark.journey

CALIBRATION = "personalize.system.calibration"
PRODUCTS = "personalize.recommendation.product"
COMFORT = "personalize.system.comfort"
HEIGHT, HEIGHTS = "body.height", "user.biometric.body.height"
TOPICS, DECLARED_INTERESTS = "interest.topics", "user.behavior.interest.declared"
TURNING = "xr.comfort.turning"


def test_she_withdraws_on_the_phone_and_the_headsets_next_query_withholds(fresh: GatewayRunning) -> None:
    headset, phone = Asking(fresh.role("noor_headset")), Asking(fresh.role("noor_phone"))
    headset.says_yes(CALIBRATION, HEIGHT)
    before = headset.sheet(CALIBRATION, HEIGHT)
    assert before.released(HEIGHT)["floatValue"] == 172.4

    withdrawn = phone.withdraws(purpose=CALIBRATION, category=HEIGHTS)

    after = headset.sheet(CALIBRATION, HEIGHT)
    assert after.reasons(HEIGHT) == ["CONSENT_WITHDRAWN"]
    assert after.revision != before.revision
    assert withdrawn["boundTo"] == "SUBJECT"


def test_a_late_accept_all_lifts_no_earlier_specific_no(newcomer: Newcomer) -> None:
    phone, headset = newcomer.phone(), newcomer.headset()
    phone.withdraws(purpose=PRODUCTS, category=DECLARED_INTERESTS, channel="mobile")
    offer = phone.offer(PRODUCTS, TOPICS, "commerce.wishlist")

    accepted = phone.answers(offer)

    assert [row["key"] for row in accepted["stillWithheld"]] == [TOPICS, *_others(accepted)]
    assert accepted["stillWithheld"][0]["reasons"] == ["EARLIER_NO_STANDS"]
    assert phone.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["EARLIER_NO_STANDS"]
    assert phone.sheet(PRODUCTS, TOPICS).withheld[TOPICS]["nextAction"] is None
    assert headset.sheet(PRODUCTS, TOPICS).entries[TOPICS]["outcome"] == "NOT_HELD"


def _others(accepted: dict[str, object]) -> list[str]:
    """Return what else is of the category that was said no to."""
    rows = accepted["stillWithheld"]
    assert isinstance(rows, list)
    assert len(rows) <= 2  # topics, and brands followed, which are declared interests too
    return [row["key"] for row in rows[1:]]


def test_a_late_specific_yes_lifts_an_earlier_general_no(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    phone.act("withdrawAll")

    phone.says_yes(PRODUCTS, TOPICS)

    assert phone.sheet(PRODUCTS, TOPICS).entries[TOPICS]["outcome"] == "NOT_HELD"


def test_a_personalization_level_narrows_everything(newcomer: Newcomer) -> None:
    headset = newcomer.headset()
    headset.says_yes(PRODUCTS, TOPICS)
    headset.offer(COMFORT, TURNING)  # serves the notice, which is all that comfort needs
    headset.records(COMFORT, {"key": TURNING, "string": "snap_45"}, {"key": "xr.comfort.flicker", "boolean": True})
    before = headset.sheet(COMFORT, TURNING, "xr.comfort.flicker", "xr.comfort.vignette")
    assert before.released(TURNING)["fidelity"] == "PRECISE"
    assert headset.sheet(PRODUCTS, TOPICS).entries[TOPICS]["outcome"] == "NOT_HELD"

    level = headset.act("setPersonalizationLevel", level="OFF")

    assert level["__typename"] == "ConsentChanged"
    after = headset.sheet(COMFORT, TURNING, "xr.comfort.flicker")
    assert (after.released(TURNING)["fidelity"], after.released(TURNING)["effect"]) == ("EFFECT_ONLY", True)
    assert after.released(TURNING)["stringValue"] is None
    assert after.released("xr.comfort.flicker")["effect"] is True
    assert headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["LEVEL_TOO_LOW"]
    assert headset.sheet(PRODUCTS, TOPICS).withheld[TOPICS]["nextAction"]["kind"] == "RAISE_LEVEL"


def test_a_level_grants_nothing(newcomer: Newcomer) -> None:
    phone = newcomer.phone()

    phone.act("setPersonalizationLevel", level="PREDICTIVE")

    assert phone.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_MISSING"]


def test_unlinking_a_device_ends_its_grants(newcomer: Newcomer) -> None:
    headset, phone = newcomer.headset(), newcomer.phone()
    headset.sheet(COMFORT, TURNING)  # the first signed-in call links it
    device = next(one["id"] for one in _devices(phone) if one["kind"] == "HEADSET")
    headset.says_yes(PRODUCTS, TOPICS, deviceId=device)
    assert headset.sheet(PRODUCTS, TOPICS).entries[TOPICS]["outcome"] == "NOT_HELD"
    assert TOPICS in phone.sheet(PRODUCTS, TOPICS).withheld

    unlinked = phone.device("unlinkDevice", deviceId=device)

    assert unlinked["__typename"] == "DeviceChanged", unlinked
    assert unlinked["device"]["unlinkedAt"] is not None
    assert unlinked["endedSessions"] == 1
    assert "DEVICE_NOT_TRUSTED" in headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS)
    again = phone.device("linkDevice", deviceId=device, name="headset", kind="HEADSET", shared=False)
    assert again["__typename"] == "DeviceChanged", again
    assert "DEVICE_NOT_TRUSTED" not in headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS)


def _devices(asking: Asking) -> list[dict[str, str]]:
    found = asking.client.ask("{ devices { id name kind shared linkedAt unlinkedAt } }").data["devices"]
    return list(found)
