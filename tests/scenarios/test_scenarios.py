"""The standing set is run as anybody runs it: by the command, every file, every case."""

import json
import re
from pathlib import Path

import pytest

from tests.support.command import called

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
FEWEST = 120  # cases, each showing what no other shows


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_case_of_a_file_holds(file: Path) -> None:
    told = called("test", file)
    assert told.code == 0, told.err + told.out


def test_the_standing_set_is_whole_and_no_name_stands_twice() -> None:
    found = json.loads(called("test", "--json", *FILES).out)
    names = [case["name"] for file in found["files"] for case in file["cases"]]
    assert len(found["files"]) == len(FILES)
    assert len(names) >= FEWEST
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if not re.search(r"\w+ \w+ \w+", name)] == [], "a name is a sentence"
