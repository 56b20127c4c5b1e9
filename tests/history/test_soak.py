"""A short history: three gateways, eight writers and twelve readers on a real Neo4j, each fault at least once."""

import asyncio
from pathlib import Path

import pytest

from tests.history.faults import KINDS
from tests.history.report import lines
from tests.history.soak import Plan, soaked

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.neo4j, pytest.mark.usefixtures("own_server")]

SHORT = Plan(
    operations=1_000,
    seed=1,
    people=8,
    readers=6,
    brand_readers=6,
    at_once=4,
    judge_every=250,
    fault_every=100,
    quick=True,
)


def test_nothing_is_served_after_its_acknowledgement_whatever_is_killed_frozen_or_cut(tmp_path: Path) -> None:
    told = asyncio.run(soaked(SHORT, tmp_path))

    said = "\n".join(lines(SHORT, told))
    assert told.violations == [], said
    assert told.faults.keys() == KINDS.keys(), said
    assert told.operations >= SHORT.operations, said
    assert told.counts["reads withheld"] > 0 < told.counts["reads released"], said
    assert told.counts["acts"] > 0 < told.counts["values written"], said
