"""The composition of gateway and graph: well formed, of settings that exist, with secrets in files and nowhere else."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway import settings as configuration
from tests.support.house import read

OURS, GRAPHS = "CONSENT_GATEWAY_", "NEO4J_"
ASKED = re.compile(r"\$\{(\w+):\?[^}]+\}")  # of the operator, without any default
SECRETS = "/run/secrets/"
GIVEN = {
    "CONSENT_GATEWAY_ISSUER": "https://issuer.example",
    "CONSENT_GATEWAY_AUDIENCE": "https://gateway.example",
    "CONSENT_GATEWAY_JWKS_URL": "https://issuer.example/keys",
}
# What the driver counts on and what keeps personal data out of logs; each is a setting of Neo4j 5.26.
OF_THE_GRAPH = {
    "server.bolt.connection_keep_alive": "1s",
    "server.bolt.connection_keep_alive_probes": "2",
    "db.transaction.monitor.check.interval": "100ms",
    "db.transaction.timeout": "10s",
    "db.lock.acquisition.timeout": "3s",
    "db.logs.query.enabled": "OFF",
    "dbms.usage_report.enabled": "false",
}


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    return dict(yaml.safe_load(read(Path("compose.yaml"))))


@pytest.fixture
def gateway(composed: dict[str, Any]) -> dict[str, Any]:
    return dict(composed["services"]["gateway"])


@pytest.fixture
def graph(composed: dict[str, Any]) -> dict[str, Any]:
    return dict(composed["services"]["neo4j"])


def setting(variable: str) -> str:
    """Return the setting a variable of Neo4j's image is for."""
    return variable.removeprefix(GRAPHS).replace("__", "\0").replace("_", ".").replace("\0", "_")


def test_the_gateways_variables_are_settings_and_enough_to_start_with(gateway: dict[str, Any], tmp_path: Path) -> None:
    environment = {name: _filled(text, tmp_path) for name, text in gateway["environment"].items()}

    settings = configuration.read(environment)

    assert settings.store == "bolt://neo4j:7687"
    assert (settings.store_user, settings.store_password_file) == ("neo4j", tmp_path / "neo4j_password")
    assert settings.signing_key_file == tmp_path / "signing_key"
    assert {name.removeprefix(OURS) for name in environment} >= set(configuration.NEEDED)


def test_the_graphs_variables_are_settings_of_its_version(graph: dict[str, Any]) -> None:
    assert graph["image"] == "neo4j:5.26-community"
    variables = {name: text for name, text in graph["environment"].items() if name != "NEO4J_AUTH_FILE"}

    assert {setting(name): text for name, text in variables.items()} == OF_THE_GRAPH


def test_a_secret_is_in_a_file_and_every_file_has_its_use(composed: dict[str, Any]) -> None:
    named = {name: f"secrets/{name}" for name in ("neo4j_auth", "neo4j_password", "signing_key")}
    assert {name: one["file"] for name, one in composed["secrets"].items()} == named

    for service in composed["services"].values():
        paths = [text for text in service["environment"].values() if str(text).startswith(SECRETS)]
        assert sorted(path.removeprefix(SECRETS) for path in paths) == sorted(service["secrets"])
    assert not [name for name in composed["services"]["neo4j"]["environment"] if name == "NEO4J_AUTH"]
    assert ":-" not in read(Path("compose.yaml"))


def test_no_secret_can_be_committed_by_mistake() -> None:
    assert "secrets/" in read(Path(".gitignore")).splitlines()


def test_the_gateway_can_write_to_its_volume_alone(gateway: dict[str, Any]) -> None:
    assert gateway["read_only"] is True
    assert gateway["cap_drop"] == ["ALL"]
    assert gateway["volumes"] == ["gateway:/data"]
    assert gateway["tmpfs"] == ["/tmp"]


def test_both_tell_whether_they_are_well_and_the_gateway_waits_for_the_graph(
    gateway: dict[str, Any], graph: dict[str, Any]
) -> None:
    assert gateway["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert str(gateway["healthcheck"]["test"])[1:].split(", ", 1)[1] == _image_check()
    assert graph["healthcheck"]["test"][:2] == ["CMD", "wget"]


def test_nothing_but_the_gateway_on_this_machine_is_reached_from_outside(composed: dict[str, Any]) -> None:
    published = {name: service.get("ports") for name, service in composed["services"].items()}

    assert published == {"gateway": ["127.0.0.1:8080:8080"], "neo4j": None}
    assert composed["networks"]["graph"] == {"internal": True}
    assert composed["services"]["neo4j"]["networks"] == ["graph"]


def test_every_volume_that_is_used_is_one(composed: dict[str, Any]) -> None:
    used = {volume.partition(":")[0] for one in composed["services"].values() for volume in one["volumes"]}

    assert used == set(composed["volumes"])


def _filled(text: str, folder: Path) -> str:
    """Return a variable's text as the container has it: what the operator gives, and files for secrets."""
    if text.startswith(SECRETS):
        path = folder / text.removeprefix(SECRETS)
        path.touch()
        return str(path)
    asked = ASKED.fullmatch(text)
    return GIVEN[asked[1]] if asked else text


def _image_check() -> str:
    """Return the health check the image has, as Python writes such a list."""
    found = re.search(r"^HEALTHCHECK.*\n\s+CMD \[(.+)\]$", read(Path("Dockerfile")), re.MULTILINE)
    assert found is not None
    return found[1].replace('"', "'") + "]"
