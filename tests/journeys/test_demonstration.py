"""The demonstration as it is started: the one line, what it prints to try, its store, its rules, its end (4.7)."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.conftest import Starting
from tests.support.asking import Asking
from tests.support.gateway_running import COMMAND, GatewayRunning, surroundings
from tests.support.heard import Heard

pytestmark = pytest.mark.journey

ROLES = (
    "noor_headset noor_phone pia_headset jon_web living_room_headset studio_app brightwear northfit sunrise_ads officer"
)
PARTNERS = ["brightwear", "northfit", "sunrise_ads"]
CALIBRATION, HEIGHT = "personalize.system.calibration", "body.height"
ROLE = re.compile(r"(\w+)\.token")
DEVICES = "{ devices { id } }"
END_SECONDS = 15

# What a shell finds as `curl`: it takes what the printed lines give it, and needs no curl on this machine.
CURL = f"""#!{sys.executable}
import json, sys, urllib.error, urllib.request
url, words, headers = sys.argv[2], sys.argv[3:], {{}}
assert sys.argv[1] == "-s"
for flag, text in zip(words[::2], words[1::2]):
    if flag == "-H":
        name, _, value = text.partition(": ")
        headers[name] = value
    else:
        assert flag == "-d", flag
        body = text.encode()
try:
    print(urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10).read().decode(), end="")
except urllib.error.HTTPError as refused:
    print(refused.read().decode(), end="")
"""


@contextmanager
def printing(heard: Heard, **settings: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run a demonstration for people; gives the process and the lines it printed."""
    process = subprocess.Popen(
        [str(COMMAND), "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        env=surroundings(OTLP_ENDPOINT=heard.collector, **settings),
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    while not (lines and lines[-1].startswith("# Ctrl-C")):
        lines.append(process.stdout.readline().rstrip("\n"))
        assert process.poll() is None
    try:
        yield process, lines
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(END_SECONDS) == 0, "Ctrl-C is how it is ended"
        process.stdout.close()


@pytest.fixture
def shell(tmp_path: Path) -> Mapping[str, str]:
    """Return the environment of a shell in which `curl` is there."""
    (tmp_path / "curl").write_text(CURL)
    (tmp_path / "curl").chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def pasted(line: str, shell: Mapping[str, str]) -> dict[str, object]:
    told = subprocess.run(["/bin/sh", "-c", line], env=dict(shell), capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))


def test_one_line_says_all_there_is_and_sigterm_ends_it(starting: Starting) -> None:
    demo = starting()
    said = demo.announced
    assert list(said) == ["url", "graphql", "tokens", "subjects", "documents", "pairwise", "issuer_key_file"]
    assert said["graphql"] == f"{said['url']}/graphql"
    assert list(said["tokens"]) == ROLES.split()
    assert sorted(said["subjects"]) == ["jon", "noor", "pia"]
    assert list(said["pairwise"]) == PARTNERS
    assert all(sorted(ids) == ["jon", "noor", "pia"] for ids in said["pairwise"].values())
    assert all(one.startswith("sha256:") for one in said["documents"].values())
    assert demo.stop() == 0
    assert not Path(said["issuer_key_file"]).exists(), "its keys are gone with it"
    assert [content for source, content in demo.heard.pieces if source == "a gateway's stdout"][-1].count(b"\n") == 1


@pytest.mark.parametrize(
    ("development", "roles"), [("1", {"noor_headset", "noor_phone", "officer"}), ("0", {"officer"})]
)
def test_each_line_it_prints_works_when_pasted_into_a_shell(
    heard: Heard, shell: Mapping[str, str], development: str, roles: set[str]
) -> None:
    with printing(heard, DEVELOPMENT=development) as (_, lines):
        tries = [line for line in lines if not line.startswith("#")]
        answers = [pasted(line, shell) for line in tries]
    assert [answer for answer in answers if list(answer) != ["data"] or not _whole(answer["data"])] == []
    assert {ROLE.findall(line)[0] for line in tries} == roles | set(PARTNERS)


def _whole(answer: object) -> bool:
    """Tell whether every root was answered."""
    return isinstance(answer, dict) and bool(answer) and None not in answer.values()


def test_a_store_is_kept_and_a_later_start_adds_nothing_to_it(starting: Starting) -> None:
    first = starting()
    Asking(first.role("noor_phone")).act("withdrawAll")
    said = Asking(first.role("noor_phone")).consents()
    first.stop()
    second = starting()
    assert {**second.announced, **_its_own(first)} == {**first.announced}
    token = first.announced["tokens"]["noor_phone"]
    assert Asking(second.client(token)).consents() == said != []


def test_several_processes_on_one_store_serve_the_same_people(starting: Starting) -> None:
    one, other = starting(), starting()
    token = one.announced["tokens"]["noor_phone"]
    Asking(one.client(token)).act("withdrawAll")
    assert Asking(other.client(token)).consents() == Asking(one.client(token)).consents() != []
    assert one.announced["pairwise"] == other.announced["pairwise"]


def _its_own(demo: GatewayRunning) -> Mapping[str, object]:
    """Return what differs from start to start: where it is, and tokens, which say when they were made."""
    return {name: demo.announced[name] for name in ("url", "graphql", "issuer_key_file", "tokens")}


def test_without_development_a_client_may_send_no_text(starting: Starting) -> None:
    demo = starting(DEVELOPMENT="0")
    refused = demo.role("noor_headset").ask(DEVICES)
    assert (refused.status, refused.codes) == (403, ["PERSISTED_DOCUMENT_REQUIRED"])
    hidden = demo.role("officer").ask("{ __schema { queryType { name } } }")
    assert hidden.answered == {"__schema": {"queryType": {"name": "Query"}}}
    document = demo.announced["documents"]["brightwear_personalize_size_fit"]
    ids = list(demo.announced["pairwise"]["brightwear"].values())
    assert (
        len(demo.role("brightwear").post({"documentId": document, "variables": {"ids": ids}}).answered["subjects"]) == 3
    )


def test_at_start_nobody_has_said_anything(fresh: GatewayRunning) -> None:
    for role in ("noor_phone", "pia_headset", "jon_web"):
        assert Asking(fresh.role(role)).consents() == []
    sheet = Asking(fresh.role("noor_headset")).sheet(CALIBRATION, HEIGHT)
    assert "CONSENT_MISSING" in sheet.reasons(HEIGHT)
