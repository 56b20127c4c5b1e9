"""What each command does, called as an operator calls it."""

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gateway.commands import ALL_HOLDS
from gateway.issuer import WARNING
from gateway.keys import published
from graph.pack import REFERENCE, load
from graph.sqlite_store.migrations import MIGRATIONS
from graph.terms import Audience
from schema.build import contracts
from tests.graph.sqlite_store.unprivileged import NOBODY
from tests.support import pack_folder
from tests.support.command import called
from tests.support.gateway_running import surroundings
from tests.support.keys import ed25519
from tests.support.minting import claims_of, verified
from tests.support.operator import Operator

KNOWN = len(MIGRATIONS)  # the schema this program brings a store to
# Everything is imported before rights are dropped: the checkout may be its owner's alone.
AS_NOBODY = f"""
import os, sys
from gateway.cli import main
if os.geteuid() == 0:
    os.setuid({NOBODY})
sys.exit(main(["migrate"]))
"""


def test_everything_holds_where_nothing_is_wrong(operator: Operator) -> None:
    told = called("check", settings=operator.settings())
    assert (told.code, told.out, told.err) == (0, f"{ALL_HOLDS}\n", "")


def test_a_check_says_every_fault_in_a_line_of_its_own(operator: Operator, tmp_path: Path) -> None:
    pack = pack_folder.changed(tmp_path / "pack", "law.csv", "365", "-1")
    told = called("check", settings=operator.settings(CATALOGUE=str(pack), STORE="neo4j://host", JWKS_URL=None))
    assert told.code == 1
    assert [line.split(":")[0] for line in told.out.splitlines()] == ["settings", "catalogue pack"]


def test_another_distribution_that_claims_a_package_is_a_fault(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyPI has a `schema`: installed beside us it would overwrite ours silently."""
    claims(tmp_path, "schema", "schema")
    monkeypatch.syspath_prepend(tmp_path)
    told = called("check", settings=operator.settings())
    assert told.code == 1
    assert told.out == (
        "packages: `schema` also installs `schema`; install consent-gateway in an environment of its own\n"
    )
    warned = called("serve", settings={})
    assert warned.err.startswith("warning: `schema` also installs `schema`")


def test_a_token_is_signed_over_the_claims_as_they_are(operator: Operator) -> None:
    told = called("token", "--key", operator.folder / "issuer.jwk", "--claims", '{"sub": "ada", "odd": [1]}')
    assert (told.code, told.err) == (0, f"{WARNING}\n")
    assert verified(told.out.strip(), published((ed25519("issuer"),))) == {"sub": "ada", "odd": [1]}
    assert told.out.count("\n") == 1


def test_no_part_of_the_issuers_key_is_printed(operator: Operator) -> None:
    secret = json.loads((operator.folder / "issuer.jwk").read_text())["d"]
    told = called("token", "--key", operator.folder / "issuer.jwk", "--claims", "{}")
    assert claims_of(told.out) == {}
    assert secret not in told.out + told.err


@pytest.mark.parametrize("claims", ["{", "", "[]", '"a"', "null"])
def test_claims_that_are_no_object_are_a_wrong_call(operator: Operator, claims: str) -> None:
    told = called("token", "--key", operator.folder / "issuer.jwk", "--claims", claims)
    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[1:] == [
        "consent-gateway token: `--claims` is no JSON object; write it in braces, in quotes for the shell"
    ]


def test_a_key_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    told = called("token", "--key", tmp_path / "none", "--claims", "{}")
    assert (told.code, told.out) == (2, "")
    assert f"`{tmp_path / 'none'}`: no such file or directory; " in told.err


@pytest.mark.parametrize("audience", list(Audience))
def test_the_schema_of_an_audience_is_that_of_the_built_in_pack(audience: Audience) -> None:
    told = called("schema", audience.value)
    assert (told.code, told.out) == (0, contracts(load(REFERENCE).catalogue)[audience].sdl)
    assert "type Query {" in told.out


def test_the_schema_of_another_pack_has_its_fields(tmp_path: Path) -> None:
    pack = pack_folder.written(tmp_path / "pack")
    told = called("schema", "client", settings={"CATALOGUE": str(pack)})
    assert told.code == 0
    assert told.out == contracts(load(str(pack)).catalogue)[Audience.CLIENT].sdl
    assert "type Hobby {" in told.out


def test_a_schema_of_no_pack_is_a_wrong_call(tmp_path: Path) -> None:
    told = called("schema", "client", settings={"CATALOGUE": str(tmp_path / "nowhere")})
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("consent-gateway schema: nowhere:1: ")


def test_a_new_store_is_made_and_a_made_one_is_left_alone(operator: Operator) -> None:
    for _ in range(2):
        told = called("migrate", settings=operator.settings())
        assert (told.code, told.out) == (0, "the store is at this version\n")
    assert schema_number(operator.store) == KNOWN


def test_an_older_store_is_brought_to_this_version(operator: Operator) -> None:
    operator.store.touch()  # a file before the first migration
    assert called("migrate", settings=operator.settings()).code == 0
    assert schema_number(operator.store) == KNOWN


@pytest.mark.parametrize(("command", "code"), [("migrate", 2), ("serve", 2), ("check", 1)])
def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(operator: Operator, command: str, code: int) -> None:
    called("migrate", settings=operator.settings())
    with changed(operator.store) as connection:
        connection.execute(f"PRAGMA user_version = {KNOWN + 1}")
    told = called(command, settings=operator.settings())
    assert told.code == code
    assert (
        f"the store has schema `{KNOWN + 1}`, this program knows `{KNOWN}`; start a newer program"
        in told.out + told.err
    )
    assert schema_number(operator.store) == KNOWN + 1


def test_a_store_that_may_only_be_read_is_refused() -> None:
    """In a folder anybody may enter, and as nobody: to root no file is read-only."""
    with tempfile.TemporaryDirectory() as folder:
        operator = Operator.at(Path(folder))
        called("migrate", settings=operator.settings())
        for path in (operator.folder, *operator.folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o444)
        environment = surroundings(**operator.settings())
        unmeasured = {name: text for name, text in environment.items() if not name.startswith("COVERAGE_")}
        told = subprocess.run([sys.executable, "-c", AS_NOBODY], env=unmeasured, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        "consent-gateway migrate: the store cannot be read or written now; "
        "try again, and check its file, its disk and its locks\n"
    )


def claims(folder: Path, distribution: str, package: str) -> None:
    """Lay down what an installed distribution looks like that brings a package."""
    about = folder / f"{distribution}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (about / "top_level.txt").write_text(f"{package}\n")
    (about / "RECORD").write_text("")


def schema_number(store: Path) -> int:
    with changed(store) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def changed(store: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(store)) as connection, connection:
        yield connection
