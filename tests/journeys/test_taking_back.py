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
TURNING, FLICKER = "xr.comfort.turning", "xr.comfort.flicker"


def test_she_withdraws_on_the_phone_and_the_headsets_next_query_withholds(fresh: GatewayRunning) -> None:
    headset, phone = Asking(fresh.role("noor_headset")), Asking(fresh.role("noor_phone"))
    headset.says_yes(CALIBRATION, HEIGHT)
    before = headset.sheet(CALIBRATION, HEIGHT)
    assert before.released(HEIGHT)["floatValue"] == 172.4

    withdrawn = phone.withdraws(purpose=CALIBRATION, category=HEIGHTS)

    after = headset.sheet(CALIBRATION, HEIGHT)
    assert after.reasons(HEIGHT)[0] == "CONSENT_WITHDRAWN"
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


def test_a_personalization_level_narrows_everything(fresh: GatewayRunning) -> None:
    headset = Asking(fresh.role("noor_headset"))
    headset.says_yes(CALIBRATION, HEIGHT)
    headset.says_yes(PRODUCTS, TOPICS)
    assert headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 172.4
    assert headset.sheet(PRODUCTS, TOPICS).released(TOPICS)["fidelity"] == "PRECISE"
    assert headset.sheet(COMFORT, TURNING).released(TURNING)["stringValue"] == "snap_45"

    assert headset.act("setPersonalizationLevel", level="OFF")["__typename"] == "ConsentChanged"

    for purpose, key in ((CALIBRATION, HEIGHT), (PRODUCTS, TOPICS)):
        withheld = headset.sheet(purpose, key).withheld[key]
        assert withheld["reasons"] == ["LEVEL_TOO_LOW"]
        assert withheld["nextAction"]["kind"] == "RAISE_LEVEL"
    comfort = headset.sheet(COMFORT, TURNING, FLICKER)
    assert (comfort.released(TURNING)["fidelity"], comfort.released(TURNING)["effect"]) == ("EFFECT_ONLY", True)
    assert comfort.released(TURNING)["stringValue"] is None
    assert comfort.released(FLICKER)["effect"] is True, "a safety effect is never too far"


def test_a_level_for_one_channel_leaves_the_others(fresh: GatewayRunning) -> None:
    headset, phone = Asking(fresh.role("noor_headset")), Asking(fresh.role("noor_phone"))
    headset.says_yes(PRODUCTS, TOPICS)

    headset.act("setPersonalizationLevel", level="CONTEXTUAL", channel="vr_headset")

    assert headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["LEVEL_TOO_LOW"]
    assert phone.sheet(PRODUCTS, TOPICS).released(TOPICS)["fidelity"] == "PRECISE"


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
    assert headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_WITHDRAWN"]
    again = phone.device("linkDevice", deviceId=device, name="headset", kind="HEADSET", shared=False)
    assert again["__typename"] == "DeviceChanged", again
    assert headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_WITHDRAWN"], "linking again gives nothing back"


def test_unlinking_a_device_takes_nothing_from_the_others(fresh: GatewayRunning) -> None:
    headset, phone = Asking(fresh.role("noor_headset")), Asking(fresh.role("noor_phone"))
    headset.says_yes(PRODUCTS, TOPICS)
    assert headset.sheet(PRODUCTS, TOPICS).released(TOPICS)["fidelity"] == "PRECISE"

    phone.device("unlinkDevice", deviceId="noor_headset")

    assert headset.sheet(PRODUCTS, TOPICS).reasons(TOPICS) == ["CONSENT_WITHDRAWN"]
    assert phone.sheet(PRODUCTS, TOPICS).released(TOPICS)["fidelity"] == "PRECISE", "a yes for all stands elsewhere"


def _devices(asking: Asking) -> list[dict[str, str]]:
    found = asking.client.ask("{ devices { id name kind shared linkedAt unlinkedAt } }").answered["devices"]
    return list(found)
