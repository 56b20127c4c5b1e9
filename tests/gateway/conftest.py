"""An operator's folder, for tests of what an operator calls."""

from pathlib import Path

import pytest

from tests.support.operator import Operator


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Return an operator with settings that hold."""
    return Operator.at(tmp_path)
