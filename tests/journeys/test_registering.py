"""Documents registered on the command line run by hash at a gateway that was there before, as in production."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from tests.journeys.conftest import Starting
from tests.support.gateway_running import COMMAND, GatewayRunning, surroundings
from tests.support.places import Kept

pytestmark = pytest.mark.journey

COMFORT, SIZES = "personalize.system.comfort", "personalize.size_fit"
TURNING = f'query Turning {{ me(purpose: "{COMFORT}") {{ comfort {{ turning {{ outcome value }} }} }} }}'
SHOES = f"""query Shoes($ids: [ID!]!) {{
  subjects(ids: $ids, purpose: "{SIZES}") {{ sheet(keys: ["commerce.shoe_size"]) {{ notAvailable }} }}
}}"""
COMMAND_SECONDS = 30


def test_a_manifest_registered_on_the_command_line_is_run_by_hash_at_a_gateway_started_before(
    starting: Starting, kept: Kept, tmp_path: Path
) -> None:
    gateway = starting(DEVELOPMENT="0")
    headset, brand = gateway.role("noor_headset"), gateway.role("brightwear")
    turning, shoes = (manifest(tmp_path, body) for body in (TURNING, SHOES))
    asked = {"documentId": f"sha256:{turning.stem}"}
    known = {
        "documentId": f"sha256:{shoes.stem}",
        "variables": {"ids": [gateway.announced["pairwise"]["brightwear"]["noor"]]},
    }
    assert headset.post(asked).codes == ["PERSISTED_DOCUMENT_NOT_FOUND"]
    assert headset.ask(TURNING).codes == ["PERSISTED_DOCUMENT_REQUIRED"]

    for file, recipient, purpose in ((turning, "controller", COMFORT), (shoes, "brightwear", SIZES)):
        printed = registered(gateway, kept, file, "--recipient", recipient, "--purpose", purpose)
        assert printed.split()[0] == f"sha256:{file.stem}"

    assert headset.post(asked).answered == {"me": {"comfort": {"turning": {"outcome": "RELEASED", "value": "snap_45"}}}}
    by_apollo = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": turning.stem}}}
    assert headset.post(by_apollo).answered == headset.post(asked).answered
    assert brand.post(known).answered == {"subjects": [{"sheet": {"notAvailable": ["commerce.shoe_size"]}}]}
    assert brand.post(asked).codes == ["PERSISTED_DOCUMENT_NOT_FOUND"], "it is another recipient's"
    assert headset.ask(TURNING).codes == ["PERSISTED_DOCUMENT_REQUIRED"]


def test_a_document_that_was_used_is_bound_to_something_else_only_if_that_is_meant(
    starting: Starting, kept: Kept, tmp_path: Path
) -> None:
    gateway = starting(DEVELOPMENT="0")
    turning = manifest(tmp_path, TURNING)
    asked = ("register", turning, "--recipient", "controller", "--purpose", COMFORT)
    assert ran(gateway, kept, *asked).returncode == 0
    assert gateway.role("noor_headset").post({"documentId": f"sha256:{turning.stem}"}).answered is not None

    refused = ran(gateway, kept, *asked, "--operation", "COLLECT")
    meant = ran(gateway, kept, *asked, "--operation", "COLLECT", "--breaking")

    assert (refused.returncode, meant.returncode) == (1, 0)
    first, why = refused.stdout.splitlines()
    assert first.startswith(f"sha256:{turning.stem} Turning, registered for controller, last used 20")
    assert why == f"  would break: it is run for USE of `{COMFORT}`, not for COLLECT of `{COMFORT}`"


def manifest(folder: Path, body: str) -> Path:
    """Write a manifest as graphql-codegen does, with SHA-256; it is called as the hash."""
    digest = hashlib.sha256(body.encode()).hexdigest()
    path = folder / f"{digest}.json"
    path.write_text(json.dumps({digest: body}))
    return path


def registered(gateway: GatewayRunning, kept: Kept, *arguments: object) -> str:
    """Register documents."""
    done = ran(gateway, kept, "register", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def ran(gateway: GatewayRunning, kept: Kept, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command of its own, which shares the gateway's store and keys."""
    return subprocess.run(
        [str(COMMAND), "documents", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=surroundings(**gateway.settings(kept.settings)),
        timeout=COMMAND_SECONDS,
        check=False,
    )
