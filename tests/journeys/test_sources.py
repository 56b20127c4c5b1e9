"""What was inferred stands on every one of its sources."""

import pytest

from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning

pytestmark = pytest.mark.journey

PRODUCTS = "personalize.recommendation.product"
INFERRED = "interest.inferred_topics"
SOURCES = (
    "user.behavior.media_consumption",
    "user.behavior.purchase_history",
    "user.behavior.attention",
    "user.telemetry.usage",
)


def test_an_inferred_attribute_falls_with_any_one_of_its_sources(fresh: GatewayRunning) -> None:
    headset = Asking(fresh.role("noor_headset"))
    assert "SOURCE_WITHHELD" in headset.sheet(PRODUCTS, INFERRED).reasons(INFERRED)
    offer = headset.offer(PRODUCTS, INFERRED)
    assert set(SOURCES) <= {cell["category"] for cell in offer["cells"] if cell["operation"] == "INFER"}
    assert headset.answers(offer)["__typename"] == "ConsentChanged"

    for source in SOURCES:
        topics = headset.sheet(PRODUCTS, INFERRED).released(INFERRED)
        assert (topics["fidelity"], topics["stringListValue"]) == ("COARSE", ["running", "hiking", "astronomy"])
        headset.withdraws(purpose=PRODUCTS, category=source, operations=["INFER"])
        assert headset.sheet(PRODUCTS, INFERRED).reasons(INFERRED) == ["SOURCE_WITHHELD"], source
        headset.says_yes(PRODUCTS, INFERRED)


def test_a_yes_to_the_inference_alone_is_half_an_answer(fresh: GatewayRunning) -> None:
    headset = Asking(fresh.role("noor_headset"))
    offer = headset.offer(PRODUCTS, INFERRED)
    uses = [cell for cell in offer["cells"] if cell["operation"] == "USE"]

    assert headset.answers({**offer, "cells": uses})["__typename"] == "ConsentChanged"

    withheld = headset.sheet(PRODUCTS, INFERRED).withheld[INFERRED]
    assert withheld["reasons"] == ["SOURCE_WITHHELD"]
    assert withheld["nextAction"]["kind"] == "ASK_CONSENT"
