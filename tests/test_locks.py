"""What is installed is what was looked at: every package of every lock file has its version and its hash."""

import json
import re
from pathlib import Path

import pytest

from tests.support.house import read, tracked

PYTHON = [path for path in tracked() if re.fullmatch(r"requirements(-\w+)?\.txt", str(path))]
NODE = [path for path in tracked() if path.name == "package-lock.json"]
PIN = re.compile(r"[\w.-]+(\[[\w,-]+\])?==\S+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+( +#.*\n)*")


def test_all_of_them_are_looked_at() -> None:
    assert len(PYTHON) >= 6
    assert {path.parent for path in NODE} == {Path("clients/graphiql"), Path("tests/clients")}


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_every_python_package_is_pinned_by_its_hash(path: Path) -> None:
    rows = re.split(r"^(?=[^ #\n])", read(path), flags=re.MULTILINE)[1:]
    assert [row for row in rows if not PIN.fullmatch(row)] == []
    assert rows


@pytest.mark.parametrize("path", NODE, ids=str)
def test_every_node_package_is_pinned_by_its_hash_and_names_no_place(path: Path) -> None:
    packages = {name: row for name, row in json.loads(read(path))["packages"].items() if name}
    loose = [name for name, row in packages.items() if not row.get("integrity", "").startswith("sha512-")]
    assert (loose, [name for name, row in packages.items() if "resolved" in row]) == ([], [])
    assert packages


@pytest.mark.parametrize("path", NODE, ids=str)
def test_nothing_a_node_package_brings_is_run_when_it_is_installed(path: Path) -> None:
    assert "ignore-scripts=true" in read(path.parent / ".npmrc").splitlines()
