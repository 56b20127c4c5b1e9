"""A child: she may say no, somebody else says yes."""

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning

pytestmark = pytest.mark.journey

CALIBRATION = "personalize.system.calibration"
HEIGHT = "body.height"


def test_a_child_cannot_say_yes_her_guardian_can_for_a_third_party_only_separately(fresh: GatewayRunning) -> None:
    pia, noor = Asking(fresh.role("pia_headset")), Asking(fresh.role("noor_phone"))
    studio = Asking(fresh.client(_pia_in_the_studios_app(fresh)))
    offer = pia.offer(CALIBRATION, HEIGHT)

    assert pia.answers(offer)["__typename"] == "GuardianRequired"
    assert "GUARDIAN_REQUIRED" in pia.sheet(CALIBRATION, HEIGHT).reasons(HEIGHT)
    assert pia.sheet(CALIBRATION, HEIGHT).withheld[HEIGHT]["nextAction"]["kind"] == "ASK_GUARDIAN"

    assert noor.answers(offer)["__typename"] == "ConsentChanged"
    assert pia.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 141.2
    assert studio.sheet(CALIBRATION, HEIGHT).reasons(HEIGHT) == ["CONSENT_MISSING"]

    separate = noor.answers(pia.offer(CALIBRATION, HEIGHT, recipient="studio"))
    assert separate["__typename"] == "ConsentChanged", separate
    assert studio.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 141.2


def test_a_stranger_cannot_answer_for_a_child(fresh: GatewayRunning) -> None:
    offer = Asking(fresh.role("pia_headset")).offer(CALIBRATION, HEIGHT)

    answered = Asking(fresh.role("jon_web")).answers(offer)

    assert (answered["__typename"], answered["code"]) == ("InvalidInput", "OFFER_FOREIGN")


def test_a_childs_no_counts(fresh: GatewayRunning) -> None:
    pia, noor = Asking(fresh.role("pia_headset")), Asking(fresh.role("noor_phone"))
    noor.answers(pia.offer(CALIBRATION, HEIGHT))

    pia.withdraws(purpose=CALIBRATION)

    assert pia.sheet(CALIBRATION, HEIGHT).reasons(HEIGHT)[0] == "CONSENT_WITHDRAWN"


def _pia_in_the_studios_app(gateway: GatewayRunning) -> str:
    claims = {"sub": "pia", "cg_channel": "vr_headset", "cg_device": "pia_headset", "client_id": "studio-app"}
    return gateway.issuer().token(claims)
