"""A store moved while nobody serves it: who was known before is known after, by the same tokens, ids and cursors."""

import subprocess
from pathlib import Path

import pytest

from tests.journeys.conftest import Starting
from tests.support import documents
from tests.support.asking import Asking, choice
from tests.support.gateway_running import COMMAND, GatewayRunning, surroundings
from tests.support.partner import Brand

pytestmark = pytest.mark.journey

SIZES, CALIBRATION = "personalize.size_fit", "personalize.system.calibration"
SHOES, HEIGHT, HEIGHTS = "commerce.shoe_size", "body.height", "user.biometric.body.height"
COMMAND_SECONDS = 30.0
RECORDS = """query Records($id: ID!, $after: String) {
  subject(id: $id) { revision records(first: 2, after: $after) {
    totalCount edges { cursor node { id kind recordedAt endedAt } } pageInfo { hasNextPage endCursor }
  } }
}"""


def moved(folder: Path, source: str, target: str) -> None:
    archive = str(folder / "moved.archive")
    for command, store in (("export", source), ("import", target)):
        subprocess.run(
            [str(COMMAND), command, "--store", store, archive],
            env=surroundings(),
            timeout=COMMAND_SECONDS,
            check=True,
            stderr=subprocess.DEVNULL,
        )


def listed(gateway: GatewayRunning, after: str | None = None) -> dict[str, object]:
    asked = {"id": gateway.announced["subjects"]["noor"], "after": after}
    return dict(gateway.role("officer").ask(RECORDS, asked).answered["subject"])


def test_who_was_known_before_the_move_is_known_after_it(starting: Starting, tmp_path: Path) -> None:
    stores = [f"sqlite:///{tmp_path / name}" for name in ("before.sqlite", "after.sqlite")]
    first = starting("--store", stores[0])
    headset, phone = Asking(first.role("noor_headset")), Asking(first.role("noor_phone"))
    headset.says_yes(CALIBRATION, HEIGHT)
    offer = headset.offer(SIZES, SHOES, recipient="brightwear")
    yes = {"offerToken": offer["token"], "choices": [choice(cell, None) for cell in offer["cells"]]}
    answer = headset.act("giveConsent", key="the yes", **yes)
    brand = Brand.of(first, "brightwear", SIZES)
    shared = brand.sheet(brand.knows("noor"), SHOES)
    phone.withdraws(purpose=CALIBRATION, category=HEIGHTS)
    ledger = first.role("officer").ask(documents.LEDGER).answered
    page = listed(first)
    cursor = page["records"]["pageInfo"]["endCursor"]  # type: ignore[index]  # what a connection answers
    rest = listed(first, cursor)
    tokens, pairwise = first.announced["tokens"], first.announced["pairwise"]
    assert first.stop() == 0

    moved(tmp_path, *stores)
    second = starting("--store", stores[1])

    assert second.announced["pairwise"] == pairwise
    assert second.role("officer").ask(documents.LEDGER).answered == ledger
    assert ledger["ledger"]["intact"]
    assert (listed(second), listed(second, cursor)) == (page, rest)
    noor = Asking(second.client(tokens["noor_headset"]))
    assert noor.sheet(CALIBRATION, HEIGHT).reasons(HEIGHT)[0] == "CONSENT_WITHDRAWN"
    assert noor.act("giveConsent", key="the yes", **yes) == answer
    assert noor.act("giveConsent", key="another", **yes)["code"] == "OFFER_USED"
    known = Brand(second.client(tokens["brightwear"]), brand.document_id, brand.people)
    assert known.sheet(pairwise["brightwear"]["noor"], SHOES) == shared
    assert second.role("officer").ask(documents.LEDGER).answered["ledger"]["length"] > ledger["ledger"]["length"]
