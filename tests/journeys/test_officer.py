"""The governance officer: explains, traces, foresees, proves, and never sees a value."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support import documents
from tests.support.asking import Asking, paged
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import GraphqlClient

pytestmark = pytest.mark.journey

CALIBRATION = "personalize.system.calibration"
PRODUCTS = "personalize.recommendation.product"
HEIGHT, HEIGHTS = "body.height", "user.biometric.body.height"
INFERRED = "interest.inferred_topics"
VALUES = (b"172.4", b"snap_45", b"39.5", b"ceramics", b"deep_blue_orbit", b"expecting", b"seated", b"fermentation")
# A number by itself: the seconds of an instant may be the same digits.
VALUE = re.compile(rb"(?<!\d:)(?:" + b"|".join(map(re.escape, VALUES)) + b")")

EXPLAIN = """query($input: ExplainInput!) { explain(input: $input) {
  key ceiling wouldChangeIf gates { gate ceiling reason recordIds rule decisive }
} }"""
LINEAGE = """query($key: AttributeKey!, $direction: LineageDirection!) { lineage(key: $key, direction: $direction) {
  truncated nodes { key category origin sensitivity } edges { from to rule masks }
} }"""
IMPACT = """query($withdraw: GovernanceScopeInput!) { impact(withdraw: $withdraw) { subjects recipients keys } }"""
OWN_IMPACT = "query($withdraw: ScopeInput!) { impact(withdraw: $withdraw) { attributesStopped } }"
DISCLOSURES = """query($filter: DisclosureFilter!, $after: String) { disclosures(filter: $filter, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  edges { node { id subjectId recipientId purpose operation keys recordIds catalogueVersion documentId traceId at } }
} }"""


@dataclass(slots=True)
class Desk:
    """The officer at work; keeps every byte she was shown."""

    client: GraphqlClient
    shown: list[bytes] = field(default_factory=list)

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Ask, and keep what came."""
        answer = self.client.ask(document, variables)
        self.shown.append(answer.content)
        return answer.answered


def test_the_officer_explains_traces_foresees_lists_verifies_and_never_sees_a_value(fresh: GatewayRunning) -> None:
    headset, desk = Asking(fresh.role("noor_headset")), Desk(fresh.role("officer"))
    noor = fresh.announced["subjects"]["noor"]
    headset.says_yes(CALIBRATION, HEIGHT)
    headset.says_yes(PRODUCTS, INFERRED)
    assert headset.sheet(CALIBRATION, HEIGHT).released(HEIGHT)["floatValue"] == 172.4
    headset.sheet(PRODUCTS, INFERRED)

    _explains(desk, noor)
    _traces(desk)
    _foresees(desk, headset)
    _lists(desk, noor)
    _verifies(desk)
    record = desk.ask(documents.RECORDS, id=noor)["subject"]
    assert HEIGHT in {row["key"] for row in record["values"]}
    assert {"GIVEN", "WITHDRAWN", "NOTICE_SERVED"} <= {edge["node"]["kind"] for edge in record["records"]["edges"]}
    assert not [shown for shown in desk.shown if VALUE.search(shown)]


def test_an_instant_that_was_told_finds_what_was_recorded_at_it(fresh: GatewayRunning) -> None:
    desk, noor = Desk(fresh.role("officer")), fresh.announced["subjects"]["noor"]
    receipt = Asking(fresh.role("noor_headset")).says_yes(CALIBRATION, HEIGHT)["receipt"]
    records = desk.ask(documents.RECORDS, id=noor)["subject"]["records"]

    at_once = "query($id: ID!, $at: DateTime!) { subject(id: $id) { records(asOf: $at, knownAt: $at) { totalCount } } }"
    then = desk.ask(at_once, id=noor, at=receipt["issuedAt"])["subject"]["records"]
    asked = {"subjectId": noor, "recipientId": "controller", "purpose": CALIBRATION, "channel": "vr_headset"}
    explained = desk.ask(EXPLAIN, input={**asked, "keys": [HEIGHT], "at": receipt["issuedAt"]})["explain"]

    assert then["totalCount"] == records["totalCount"]
    assert [one["ceiling"] for one in explained] == ["PRECISE"]


def _explains(desk: Desk, noor: str) -> None:
    where = {"subjectId": noor, "recipientId": "controller", "channel": "vr_headset", "deviceId": "noor_headset"}
    asked = {**where, "purpose": CALIBRATION, "keys": [HEIGHT, "body.wingspan"]}
    given, withheld = desk.ask(EXPLAIN, input=asked)["explain"]
    gates = ["SCOPE", "PURPOSE", "STANDING", "LAW", "CONSENT", "LINEAGE", "LEVEL", "CONTEXT"]
    assert [gate["gate"] for gate in given["gates"]] == gates
    assert (given["key"], given["ceiling"]) == (HEIGHT, "PRECISE")
    proof = next(gate for gate in given["gates"] if gate["gate"] == "CONSENT")
    assert proof["recordIds"], "a release names the yes that proved it"
    assert withheld["ceiling"] is None
    decisive = {gate["gate"] for gate in withheld["gates"] if gate["decisive"]}
    assert "CONSENT" in decisive
    assert "SCOPE" not in decisive


def _traces(desk: Desk) -> None:
    up = desk.ask(LINEAGE, key=INFERRED, direction="UP")["lineage"]
    sources = {"media.viewing_history", "commerce.purchase_history", "eye.aoi_dwell", "app.usage_pattern"}
    assert sources | {INFERRED, "eye.gaze_stream"} <= {node["key"] for node in up["nodes"]}
    assert {(source, INFERRED) for source in sources} <= {(edge["from"], edge["to"]) for edge in up["edges"]}
    assert all(edge["rule"] for edge in up["edges"])
    down = desk.ask(LINEAGE, key="eye.gaze_stream", direction="DOWN")["lineage"]
    assert {"eye.aoi_dwell", INFERRED} <= {node["key"] for node in down["nodes"]}
    assert not up["truncated"]


def _foresees(desk: Desk, headset: Asking) -> None:
    scope = {"purpose": CALIBRATION, "category": HEIGHTS}
    before = desk.ask(IMPACT, withdraw=scope)["impact"]
    assert before["subjects"] == 1
    assert before["recipients"] == 1
    assert HEIGHT in before["keys"]
    assert desk.ask(IMPACT, withdraw=scope)["impact"] == before, "looking changes nothing"
    foreseen = headset.client.ask(OWN_IMPACT, {"withdraw": scope}).answered["impact"]
    headset.withdraws(**scope)
    assert HEIGHT in headset.sheet(CALIBRATION, *foreseen["attributesStopped"]).withheld
    assert set(foreseen["attributesStopped"]) == {HEIGHT}


def _lists(desk: Desk, noor: str) -> None:
    rows = paged(desk.client, DISCLOSURES, {"filter": {"key": HEIGHT}}, ("disclosures",))
    assert [(row["subjectId"], row["recipientId"], row["purpose"], row["operation"]) for row in rows] == [
        (noor, "controller", CALIBRATION, "USE")
    ]
    assert rows[0]["recordIds"]
    desk.ask(DISCLOSURES, filter={"subjectId": noor})


def _verifies(desk: Desk) -> None:
    ledger = desk.ask(documents.LEDGER)["ledger"]
    assert (ledger["intact"], ledger["firstBroken"]) == (True, None)
    assert ledger["length"] >= 2
    assert ledger["head"]
