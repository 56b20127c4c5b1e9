"""Every fault a check finds, in a line that begins with where it is."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.checking import MADE, checked
from gateway.keys import secret_jwk
from gateway.otlp import exporters
from graph.sqlite_store.migrations import MIGRATIONS
from tests.support import pack_folder
from tests.support.gateway_running import surroundings
from tests.support.keys import p256
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def faults(operator: Operator, **changes: str | None) -> list[str]:
    return await checked(surroundings(**operator.settings(**changes)), NOW)


async def test_nothing_is_found_where_all_is_well(operator: Operator) -> None:
    assert await faults(operator) == []


async def test_settings_that_do_not_hold_are_told_each(operator: Operator) -> None:
    assert await faults(operator, ISSUER=None, AUDIENCE=" ", REGON="DE") == [
        "settings: `CONSENT_GATEWAY_AUDIENCE` is set but empty; give it a value or remove it",
        "settings: `CONSENT_GATEWAY_REGON` is no setting; did you mean `CONSENT_GATEWAY_REGION`?",
        "settings: `CONSENT_GATEWAY_ISSUER` is not set; give it a value",
    ]


async def test_a_fault_in_the_pack_names_file_line_and_column(operator: Operator, tmp_path: Path) -> None:
    pack = pack_folder.changed(tmp_path / "pack", "law.csv", "365", "-1")
    (found,) = await faults(operator, CATALOGUE=str(pack))
    assert found.startswith("catalogue pack: law.csv:3: column `max_age_days`: ")


async def test_a_pack_is_checked_beside_settings_that_do_not_hold(operator: Operator, tmp_path: Path) -> None:
    pack = pack_folder.changed(tmp_path / "pack", "law.csv", "365", "-1")
    found = await faults(operator, CATALOGUE=str(pack), ISSUER=None)
    assert [one.split(":")[0] for one in found] == ["settings", "catalogue pack"]


async def test_a_list_of_revoked_tokens_that_is_none_is_a_fault(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "revoked").write_text("[")
    (found,) = await faults(operator, REVOKED_TOKENS=str(tmp_path / "revoked"))
    assert found.startswith("revoked tokens: the list of revoked tokens is none; write one `jti` a line")


async def test_a_clock_behind_the_year_this_was_made_in_is_wrong(operator: Operator) -> None:
    environment = surroundings(**operator.settings())
    behind = datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert await checked(environment, behind) == ["clock: it says 2025-12-31; set it, or every token looks unborn"]
    assert await checked(environment, MADE) == []


@pytest.mark.parametrize("key", ["no key at all", json.dumps(secret_jwk(p256()))])
async def test_a_key_that_cannot_sign_receipts_is_a_fault(operator: Operator, key: str) -> None:
    (operator.folder / "signing.jwk").write_text(key)
    (found,) = await faults(operator)
    assert found.startswith("signing key: ")


@pytest.mark.parametrize("document", ["no key set", "{}"])
async def test_an_issuer_without_keys_is_a_fault(operator: Operator, document: str) -> None:
    (operator.folder / "jwks.json").write_text(document)
    assert await faults(operator) == [
        "issuer: the issuer's keys cannot be read; see that `JWKS_URL` answers with a JWK Set"
    ]


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("bolt://127.0.0.1:9", "the store cannot be read or written now; "),
        ("sqlite:////nowhere/store.sqlite", "the store cannot be read or written now; "),
    ],
)
async def test_a_store_that_cannot_be_opened_is_a_fault(operator: Operator, store: str, said: str) -> None:
    (found,) = await faults(operator, STORE=store)
    assert found.startswith(f"store: {said}")


async def test_a_store_is_looked_at_and_left_alone(operator: Operator) -> None:
    assert await faults(operator) == []
    assert not operator.store.exists()
    operator.store.touch()
    assert await faults(operator) == [
        f"store: the store has schema `0`, this program knows `{len(MIGRATIONS)}`; run `consent-gateway migrate`"
    ]
    assert operator.store.stat().st_size == 0


async def test_a_collector_without_the_exporter_is_a_fault(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await faults(operator, OTLP_ENDPOINT="http://127.0.0.1:4318") == []
    monkeypatch.setitem(exporters.__kwdefaults__, "installed", False)
    (found,) = await faults(operator, OTLP_ENDPOINT="http://127.0.0.1:4318")
    assert found.startswith("telemetry: `OTLP_ENDPOINT` is set but the exporter is not installed; ")
