"""What others could see: a headset in the living room."""

import time

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning

pytestmark = pytest.mark.journey

PRODUCTS = "personalize.recommendation.product"
EVENT = "family.life_event"


def test_the_shared_headset_never_shows_a_life_event(fresh: GatewayRunning) -> None:
    own, shared = Asking(fresh.role("noor_headset")), Asking(fresh.role("living_room_headset"))
    trusted = {"cg_channel": "vr_headset", "cg_device": "living_room_headset", "cg_attested": True}
    attested = Asking(fresh.client(fresh.issuer().token({"sub": "noor", **trusted})))
    own.says_yes(PRODUCTS, EVENT)
    shared.says_yes(PRODUCTS, EVENT)
    assert own.sheet(PRODUCTS, EVENT).released(EVENT)["stringValue"] == "expecting"

    for session in (None, {"id": "s1", "occupancy": "PRIVATE", "visibility": "VISIBLE", "place": "HOME"}):
        assert shared.sheet(PRODUCTS, EVENT, session=session).reasons(EVENT)
        withheld = attested.sheet(PRODUCTS, EVENT, session=session).withheld[EVENT]
        assert withheld["reasons"] == ["SHARED_DEVICE"]
        assert withheld["nextAction"]["kind"] == "USE_ANOTHER_DEVICE"
    assert own.sheet(PRODUCTS, EVENT, session={"occupancy": "SHARED"}).reasons(EVENT) == ["SHARED_DEVICE"]


def test_a_step_up_does_not_open_a_life_event_on_a_shared_phone(fresh: GatewayRunning) -> None:
    claims = {"sub": "noor", "cg_channel": "mobile", "cg_device": "noor_phone", "acr": "step-up"}
    phone = Asking(fresh.client(fresh.issuer().token({**claims, "auth_time": int(time.time())})))
    phone.says_yes(PRODUCTS, EVENT)
    assert phone.sheet(PRODUCTS, EVENT).released(EVENT)["stringValue"] == "expecting"

    relinked = phone.device("linkDevice", deviceId="noor_phone", name="Family phone", kind="PHONE", shared=True)

    assert relinked["__typename"] == "DeviceChanged", relinked
    assert phone.sheet(PRODUCTS, EVENT).reasons(EVENT) == ["SHARED_DEVICE"]
