"""A store moved while nobody serves it: who was known before is known after, by the same tokens, ids and cursors."""

import shutil
import subprocess
from pathlib import Path

import pytest

from graph.neo4j_store.restoring import HALF_DONE
from tests.journeys.conftest import Starting
from tests.support import documents
from tests.support.asking import Asking, choice
from tests.support.gateway_running import COMMAND, GatewayRunning, started, surroundings
from tests.support.heard import Heard
from tests.support.neo4j_server import each_store
from tests.support.partner import Brand
from tests.support.places import PLACES, Kept, Servers
from tests.support.polling import until

pytestmark = pytest.mark.journey

SIZES, CALIBRATION = "personalize.size_fit", "personalize.system.calibration"
SHOES, HEIGHT, HEIGHTS = "commerce.shoe_size", "body.height", "user.biometric.body.height"
COMMAND_SECONDS = 30.0
RECORDS = """query Records($id: ID!, $after: String) {
  subject(id: $id) { revision records(first: 2, after: $after) {
    totalCount edges { cursor node { id kind recordedAt endedAt } } pageInfo { hasNextPage endCursor }
  } }
}"""


def moved(folder: Path, source: Kept, target: Kept) -> None:
    archive = str(folder / "moved.archive")
    said = []
    for command, kept in (("export", source), ("import", target)):
        done = ran(command, kept, archive)
        assert done.returncode == 0, done.stderr
        said.append(done.stderr.splitlines()[-1].removeprefix(f"{command}: "))
    assert said[0] == said[1]


def ran(command: str, kept: Kept, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(COMMAND), command, *arguments],
        env=surroundings(**kept.settings),
        timeout=COMMAND_SECONDS,
        check=False,
        capture_output=True,
        text=True,
    )


def listed(gateway: GatewayRunning, after: str | None = None) -> dict[str, object]:
    asked = {"id": gateway.announced["subjects"]["noor"], "after": after}
    return dict(gateway.role("officer").ask(RECORDS, asked).answered["subject"])


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Servers:
    return Servers(tmp_path_factory.mktemp("target"))


@pytest.fixture(params=each_store(PLACES))
def another(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Kept:
    """Return a store with nothing in it, of each kind, for what is moved."""
    return servers.empty() if request.param == "neo4j" else PLACES[request.param](tmp_path).empty()


def test_who_was_known_before_the_move_is_known_after_it(
    heard: Heard, starting: Starting, kept: Kept, another: Kept, tmp_path: Path
) -> None:
    first = starting()
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

    moved(tmp_path, kept, another)
    second = started(heard, another.arguments, settings=another.settings)

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
    assert Asking(second.role("noor_phone")).withdraws(purpose=SIZES)["revision"]
    assert second.stop() == 0


@pytest.mark.neo4j
def test_an_import_into_a_server_that_is_killed_is_served_by_nobody_and_done_again(
    starting: Starting, kept: Kept, servers: Servers, tmp_path: Path
) -> None:
    first = starting()
    settings = first.settings({})
    for name in ("JWKS_URL", "SIGNING_KEY_FILE"):  # they end with the demonstration
        settings[name] = shutil.copy(settings[name], tmp_path)
    Asking(first.role("noor_headset")).says_yes(CALIBRATION, HEIGHT)
    first.stop()
    archive, target = tmp_path / "moved.archive", servers.empty()
    assert ran("export", kept, str(archive)).returncode == 0
    command = [str(COMMAND), "import", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=surroundings(**target.settings)) as importing:
        assert importing.stdin is not None
        importing.stdin.write(archive.read_bytes()[:-100])
        importing.stdin.flush()
        until(lambda: "taken in" in ran("migrate", target).stderr)
        importing.kill()

    served = ran("serve", Kept({**settings, **target.settings}))
    assert (served.returncode, served.stderr.splitlines()[-1]) == (2, f"consent-gateway serve: {HALF_DONE}")
    assert ran("import", target, str(archive)).returncode == 0
    again = tmp_path / "again.archive"
    assert ran("export", target, str(again)).returncode == 0
    assert again.read_bytes().splitlines()[1:-1] == archive.read_bytes().splitlines()[1:-1]
