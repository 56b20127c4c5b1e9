"""The documents client tools compile: their manifests are checked and registered, and run by hash as in production."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.clients.conftest import running
from tests.support.command import called
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN
from tests.support.heard import Heard
from tests.support.house import ROOT
from tests.support.node import CLIENTS, INSTALLED, run, tool
from tests.support.places import Kept, Place

pytestmark = pytest.mark.journey

SDL = ROOT / "schema" / "client.graphql"
PURPOSES = ("personalize.system.comfort", "personalize.system.calibration")
BINARIES = INSTALLED / ".bin"


@dataclass(frozen=True, slots=True)
class Production:
    """A gateway under production's rules, and the store it shares with the command."""

    gateway: GatewayRunning
    kept: Kept

    def takes(self, manifest: Path) -> None:
        """Check a manifest and register it for the controller's own app."""
        asked = ("--recipient", "controller", *(word for one in PURPOSES for word in ("--purpose", one)))
        for act in ("check", "register"):
            done = called("documents", act, manifest, *asked, settings=self.gateway.settings(self.kept.settings))
            assert (done.code, done.err) == (0, ""), done.out + done.err

    def given(self, **more: object) -> dict[str, Any]:
        """Return what a script needs to ask as Noor in her headset."""
        token = self.gateway.announced["tokens"]["noor_headset"]
        return {"graphql": self.gateway.graphql, "token": token, "modern": MODERN, **more}


@pytest.fixture(scope="module")
def production(heard: Heard, place: Place) -> Iterator[Production]:
    kept = place.empty()
    for gateway in running(heard, kept, DEVELOPMENT="0"):
        yield Production(gateway, kept)


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a client's project, which its tools may write into."""
    folder = tmp_path / str(request.param)
    shutil.copytree(CLIENTS / str(request.param), folder)
    (folder / "node_modules").symlink_to(INSTALLED)
    return folder


@pytest.mark.parametrize("project", ["relay"], indirect=True)
@pytest.mark.parametrize("algorithm", ["SHA256", "MD5"])
def test_what_relays_compiler_makes_of_our_schema_runs_by_doc_id(
    production: Production, project: Path, algorithm: str
) -> None:
    config = project / "relay.config.json"
    config.write_text(config.read_text().replace('"SHA256"', f'"{algorithm}"'))
    shutil.copy(SDL, project)
    tool(BINARIES / "relay-compiler", folder=project)

    production.takes(project / "persisted.json")

    run("relay.mjs", production.given(folder=str(project)))


@pytest.mark.parametrize("project", ["codegen"], indirect=True)
def test_the_typed_documents_of_graphql_codegen_compile_and_run_by_their_ids(
    production: Production, project: Path
) -> None:
    tool(
        "node",
        CLIENTS / "codegen" / "generate.mjs",
        SDL,
        project / "comfort.graphql",
        project / "generated",
        folder=CLIENTS,
    )
    tool(BINARIES / "tsc", "--project", project, folder=project)

    production.takes(project / "generated" / "persisted-documents.json")

    given = production.given(key=uuid4().hex)
    tool("node", project / "compiled" / "client.js", folder=project, GIVEN=json.dumps(given))


@pytest.mark.parametrize("project", ["apollo"], indirect=True)
def test_apollos_manifest_runs_by_hashes_without_a_text(production: Production, project: Path) -> None:
    tool(BINARIES / "generate-persisted-query-manifest", folder=project)

    production.takes(project / "persisted-query-manifest.json")

    run("apollo_documents.mjs", production.given(folder=str(project)))


@pytest.mark.parametrize("project", ["apollo"], indirect=True)
def test_the_older_output_of_apollos_phone_tools_is_the_same_registration(
    production: Production, project: Path
) -> None:
    tool(BINARIES / "generate-persisted-query-manifest", folder=project)
    rows = json.loads((project / "persisted-query-manifest.json").read_text())["operations"]
    older = project / "operationOutput.json"
    older.write_text(json.dumps({row["id"]: {"name": row["name"], "source": row["body"]} for row in rows}))

    production.takes(older)

    run("apollo_documents.mjs", production.given(folder=str(project)))
