"""Saying yes: by an offer, with a receipt; saying less from now on; and a yes that ends."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning
from tests.support.minting import sealed, unsealed, verified, verifies
from tests.support.newcomer import Newcomer
from tests.support.polling import until

pytestmark = pytest.mark.journey

CALIBRATION = "personalize.system.calibration"
GREETING = "personalize.greeting"
NAME = "profile.given_name"
HEIGHT = "body.height"


def test_the_headset_says_yes_by_offer_and_gets_a_receipt_that_verifies(fresh: GatewayRunning) -> None:
    headset = Asking(fresh.role("noor_headset"))
    assert "CONSENT_MISSING" in headset.sheet(CALIBRATION, HEIGHT).reasons(HEIGHT)
    offer = headset.offer(CALIBRATION, HEIGHT)

    changed = headset.answers(offer)

    claims = verified(changed["receipt"]["jws"], fresh.key_set())
    assert claims["jti"] == changed["receipt"]["id"]
    assert claims["sub"] == fresh.announced["subjects"]["noor"]
    assert claims["iat"]
    assert {record["kind"] for record in claims["records"]} == {"GIVEN"}
    said = {
        (record["scope"]["category"], *record["scope"]["operations"], record["fidelity"])
        for record in claims["records"]
    }
    assert said == {(cell["category"], cell["operation"], cell["maxFidelity"]) for cell in offer["cells"]}
    assert all(
        {"id", "kind", "scope", "fidelity", "validUntil", "notice"} <= record.keys() for record in claims["records"]
    )
    assert {consent["id"] for consent in headset.consents()} >= {record["id"] for record in claims["records"]}
    height = headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)
    assert (height["fidelity"], height["floatValue"]) == ("PRECISE", 172.4)


def test_a_receipt_that_was_touched_does_not_verify(newcomer: Newcomer) -> None:
    changed = newcomer.phone().says_yes(GREETING, NAME)
    header, payload, signature = changed["receipt"]["jws"].split(".")
    touched = sealed(unsealed(payload).replace(b'"GIVEN"', b'"TAKEN"'))

    assert verifies(changed["receipt"]["jws"], newcomer.gateway.key_set())
    assert not verifies(".".join((header, touched, signature)), newcomer.gateway.key_set())


def test_the_headset_says_coarse_from_now_on_and_the_exact_height_becomes_a_rounded_one(fresh: GatewayRunning) -> None:
    headset = Asking(fresh.role("noor_headset"))
    headset.says_yes(CALIBRATION, HEIGHT)
    assert headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 172.4

    headset.says_yes(CALIBRATION, HEIGHT, fidelity="COARSE")

    height = headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)
    assert (height["fidelity"], height["floatValue"]) == ("COARSE", 170.0)


def test_an_expired_yes_ends_at_its_instant(newcomer: Newcomer) -> None:
    phone = newcomer.phone()
    end = _soon(2)
    phone.says_yes(GREETING, NAME, expiresAt=_written(end))
    observed: list[tuple[datetime, bool, datetime]] = []

    def ended() -> bool:
        before = datetime.now(UTC)
        sheet = phone.sheet(GREETING, NAME)
        observed.append((before, NAME in sheet.entries, datetime.now(UTC)))
        if NAME in sheet.withheld:
            assert sheet.reasons(NAME) == ["CONSENT_EXPIRED"]
        else:
            assert sheet.entries[NAME]["validUntil"] == _written(end)
        return NAME in sheet.withheld

    until(ended)

    assert observed[0][1], "the yes was never in force"
    assert not [one for one in observed if one[1] and one[0] >= end], "given after its end"
    assert not [one for one in observed if not one[1] and one[2] < end], "ended before its end"


def test_an_expired_yes_still_limits(fresh: GatewayRunning) -> None:
    headset, phone = Asking(fresh.role("noor_headset")), Asking(fresh.role("noor_phone"))
    headset.says_yes(CALIBRATION, HEIGHT)
    end = _soon(1.5)
    headset.says_yes(CALIBRATION, HEIGHT, fidelity="COARSE", channels=["vr_headset"], expiresAt=_written(end))

    def ended() -> bool:
        assert headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 170.0
        states = [consent["state"] for consent in headset.consents() if consent["fidelity"] == "COARSE"]
        return states == ["EXPIRED"]

    until(ended)

    assert headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 170.0
    assert phone.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 172.4


def _soon(seconds: float) -> datetime:
    """Return an instant a little ahead, in whole milliseconds as the contract writes it."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
