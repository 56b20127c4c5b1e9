"""A demonstration of another pack: nothing of the built-in one's names, places or people counts in it."""

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import Starting
from tests.support.asking import Asking
from tests.support.minting import Issuer, subject_of
from tests.support.pack_folder import FILES, written

pytestmark = pytest.mark.journey

ISSUER, AUDIENCE = "https://issuer.example", "another-demo"
LAW = "jurisdiction,purpose,regime\nXX,run,NOTICE_ONLY\nXX,play,CONSENT\nXY,*,PROHIBITED\n"
PACK = FILES | {"law.csv": LAW, "register.csv": FILES["register.csv"] + "house,run,hobby,USE,CONTRACT,30,XX\n"}


def test_another_packs_people_are_decided_on_by_its_own_places(starting: Starting, tmp_path: Path) -> None:
    settings = {"CATALOGUE": str(written(tmp_path, PACK)), "ISSUER": ISSUER, "AUDIENCE": AUDIENCE}
    gateway = starting(settings=settings)
    key = json.loads(Path(gateway.announced["issuer_key_file"]).read_text())
    ada = {"sub": "ada", "client_id": "front", "cg_channel": "goggles", "cg_device": "d1"}

    sheet = Asking(gateway.client(Issuer(key, ISSUER, AUDIENCE).token(ada))).sheet("run", "hobby.level")

    assert sheet.released("hobby.level")["stringValue"] == "able", "her box is shared: a word's group at most"
    assert gateway.announced["subjects"] == {name: subject_of(ISSUER, name) for name in ("ada", "bo")}
