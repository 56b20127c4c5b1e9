"""Node, with the client libraries of `tests/clients`: runs a script, or one of their tools, and says what it said."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.support.house import ROOT

CLIENTS = ROOT / "tests" / "clients"
INSTALLED = CLIENTS / "node_modules"
STAMP = INSTALLED / ".installed"
SCRIPT_SECONDS = 60  # two are usual; a machine that runs the whole suite beside it is slower


def run(script: str | Path, given: Mapping[str, Any]) -> str:
    """Run a script with what it is given as JSON in `GIVEN`; it must end well."""
    return tool("node", CLIENTS / script, folder=CLIENTS, GIVEN=json.dumps(given))


def tool(*command: str | Path, folder: Path, **more: str) -> str:
    """Run a command in a folder, with more variables in its environment; it must end well, and what it said is told."""
    if not STAMP.is_file() or shutil.which("node") is None:
        untested()
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=SCRIPT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command[-1]}:\n{done.stdout}{done.stderr}"
    return done.stdout


def untested() -> NoReturn:
    """Say aloud that no client library was tested, and what to do to have them tested; a failure if `CI` is set."""
    told = "the client libraries were NOT tested: install Node 18 or newer with npm, then call `make clients`"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)
