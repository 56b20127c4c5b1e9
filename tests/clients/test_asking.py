"""Client libraries nobody here wrote ask a gateway: the demonstration's, a slow one, and one of another catalogue."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import running
from tests.support.gateway_running import GatewayRunning
from tests.support.heard import Heard
from tests.support.minting import Issuer
from tests.support.node import run
from tests.support.pack_folder import FILES, written
from tests.support.places import Place

pytestmark = pytest.mark.journey

HEIGHT = {
    "attribute": "body.height",
    "category": "user.biometric.body.height",
    "purpose": "personalize.system.calibration",
    "otherPurpose": "personalize.system.comfort",
    "domain": "body",
    "field": "heightCm",
    "beside": "wingspanCm",
}
LEVEL = {
    "attribute": "hobby.level",
    "category": "hobby.skill",
    "purpose": "play.match",
    "otherPurpose": "run",
    "domain": "hobby",
    "field": "level",
}
ISSUER, AUDIENCE = "https://issuer.example", "another-demo"
LAW = "jurisdiction,purpose,regime\nXX,run,NOTICE_ONLY\nXX,play,CONSENT\nXY,*,PROHIBITED\n"
ADA = {"sub": "ada", "client_id": "front", "cg_channel": "goggles", "cg_device": "d1"}
CALLERS = {"apollo.mjs": "noor_headset", "urql.mjs": "noor_phone", "graphql_request.mjs": "jon_web"}


@pytest.fixture(scope="module")
def slow(heard: Heard, place: Place) -> Iterator[GatewayRunning]:
    """Run a demonstration that answers each caller once an hour."""
    yield from running(heard, place.empty(), RATE="1/hour")


@pytest.fixture(scope="module")
def another(heard: Heard, place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayRunning]:
    """Run a demonstration of a catalogue that shares no name with ours."""
    pack = written(tmp_path_factory.mktemp("pack"), FILES | {"law.csv": LAW})
    yield from running(heard, place.empty(), CATALOGUE=str(pack), ISSUER=ISSUER, AUDIENCE=AUDIENCE)


def test_every_audit_of_graphql_http_passes_but_those_named(demo: GatewayRunning) -> None:
    run("audit.mjs", as_role(demo, "noor_headset"))


@pytest.mark.parametrize("script", CALLERS)
def test_a_client_library_asks_says_yes_takes_it_back_and_understands_every_error(
    demo: GatewayRunning, slow: GatewayRunning, script: str
) -> None:
    run(script, {**as_role(demo, "noor_headset"), "asked": HEIGHT, "slow": as_role(slow, CALLERS[script])})


def test_the_old_way_is_answered_with_200_and_the_headers_of_mobile_clients_are_understood(
    demo: GatewayRunning, slow: GatewayRunning
) -> None:
    run("old_way.mjs", {**as_role(demo, "noor_phone"), "asked": HEIGHT, "slow": as_role(slow, "pia_headset")})


@pytest.mark.parametrize("script", ["audit.mjs", "apollo.mjs"])
def test_nothing_of_it_leans_on_the_demonstrations_catalogue(another: GatewayRunning, script: str) -> None:
    key = json.loads(Path(another.announced["issuer_key_file"]).read_text())

    run(script, {"graphql": another.graphql, "token": Issuer(key, ISSUER, AUDIENCE).token(ADA), "asked": LEVEL})


def as_role(gateway: GatewayRunning, role: str) -> Mapping[str, Any]:
    """Return where to ask, and the token of one of the demonstration's roles."""
    return {"graphql": gateway.graphql, "token": gateway.announced["tokens"][role]}
