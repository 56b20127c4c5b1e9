"""Every gate of a decision, told in order."""

import pytest

from graph.terms import Fidelity
from tests.support.officer import asked
from tests.support.worlds_governance import record
from tests.support.worlds_resolvers import HEIGHT, HOBBY, NOTE, PLAY

pytestmark = pytest.mark.anyio

TEXT = """query Q($input: ExplainInput!) { explain(input: $input) { key ceiling wouldChangeIf
  gates { gate ceiling reason recordIds rule decisive } } }"""


async def test_every_gate_is_told_in_order_with_what_it_rests_on(here):
    await here.person()
    await here.told("noor", record("yes", here.now, cap=Fidelity.COARSE))
    said = {
        "subjectId": "noor",
        "recipientId": "app",
        "purpose": PLAY,
        "channel": "headset",
        "keys": [HEIGHT, NOTE],
    }

    height, note = (await asked(here, TEXT, {"input": said}))["explain"]

    gates = ["SCOPE", "PURPOSE", "STANDING", "LAW", "CONSENT", "LINEAGE", "LEVEL", "CONTEXT"]
    assert [[row["gate"] for row in one["gates"]] for one in (height, note)] == [gates, gates]
    assert (height["key"], height["ceiling"], note["key"], note["ceiling"]) == (HEIGHT, "COARSE", NOTE, None)
    consent = height["gates"][4]
    assert (consent["ceiling"], consent["recordIds"], consent["decisive"]) == ("COARSE", ["yes"], True)


async def test_operation_device_and_instant_can_be_named(here):
    await here.person()
    said = {"subjectId": "noor", "recipientId": "app", "purpose": PLAY, "channel": "headset", "keys": [HOBBY]}
    more = {"operation": "TRAIN", "deviceId": "d1", "at": "2026-02-01T00:00:00Z"}

    found = (await asked(here, TEXT, {"input": said | more}))["explain"]

    assert [row["reason"] for row in found[0]["gates"] if row["gate"] == "PURPOSE"] == ["NOT_FOR_THIS_PURPOSE"]
