"""A demonstration of another pack: nothing of the built-in one's names, places or people counts in it."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.journeys.conftest import Starting
from tests.support.asking import Asking
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import GraphqlClient
from tests.support.minting import Issuer, subject_of
from tests.support.pack_folder import FILES, written

pytestmark = pytest.mark.journey

ISSUER, AUDIENCE = "https://issuer.example", "another-demo"
LAW = "jurisdiction,purpose,regime\nXX,run,NOTICE_ONLY\nXX,play,CONSENT\nXY,*,PROHIBITED\n"
PACK = FILES | {"law.csv": LAW, "register.csv": FILES["register.csv"] + "house,run,hobby,USE,CONTRACT,30,XX\n"}


@pytest.fixture
def gateway(starting: Starting, tmp_path: Path) -> GatewayRunning:
    return starting(CATALOGUE=str(written(tmp_path, PACK)), ISSUER=ISSUER, AUDIENCE=AUDIENCE)


def test_another_packs_people_are_decided_on_by_its_own_places(gateway: GatewayRunning) -> None:
    ada = {"sub": "ada", "client_id": "front", "cg_channel": "goggles", "cg_device": "d1"}

    sheet = Asking(_client(gateway, ada)).sheet("run", "hobby.level")

    assert sheet.released("hobby.level")["stringValue"] == "able", "her box is shared: a word's group at most"
    assert gateway.announced["subjects"] == {name: subject_of(ISSUER, name) for name in ("ada", "bo")}


def test_another_packs_third_parties_have_documents_and_know_its_people(gateway: GatewayRunning) -> None:
    shop = {"sub": "shop", "client_id": "shop", "cg_audience": "partner", "cg_channel": "backend"}
    documents, pairwise = gateway.announced["documents"], gateway.announced["pairwise"]
    ids = [pairwise["acme"][name] for name in ("ada", "bo")]
    asked = {"documentId": documents["acme_play_match"], "variables": {"ids": ids}}

    shared = _client(gateway, shop).post(asked).answered["subjects"]

    assert [one["id"] for one in shared] == ids
    assert [one["sheet"]["notAvailable"] for one in shared] == [["hobby.level"], ["hobby.level"]]


def _client(gateway: GatewayRunning, claims: Mapping[str, str]) -> GraphqlClient:
    key = json.loads(Path(gateway.announced["issuer_key_file"]).read_text())
    return gateway.client(Issuer(key, ISSUER, AUDIENCE).token(claims))
