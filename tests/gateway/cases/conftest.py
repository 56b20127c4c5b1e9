"""The folder case files are written to."""

from pathlib import Path

import pytest

from tests.support.case_files import CaseFiles


@pytest.fixture
def files(tmp_path: Path) -> CaseFiles:
    return CaseFiles.at(tmp_path)
