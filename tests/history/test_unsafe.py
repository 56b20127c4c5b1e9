"""The checker can fail: with each unsafe way to read or write, a short history on a real Neo4j breaks a rule."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.history.gateways import UNSAFE
from tests.history.soak import Plan, soaked
from tests.history.unsafe import VARIANTS

pytestmark = [pytest.mark.soak, pytest.mark.neo4j, pytest.mark.usefixtures("own_server")]

CROWDED = Plan(
    operations=20_000, people=2, readers=4, brand_readers=4, at_once=2, judge_every=50, faults=(), quick=True
)
BREAKS = {
    "revision-first": replace(CROWDED, ends_at="value newer than its consent"),
    "ttl-cache": replace(CROWDED, ends_at="released after a withdrawal"),
    "no-lock": replace(CROWDED, ends_at="two commands made one revision", operations=200),  # judged at the end alone
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_unsafe_gateway_is_found_out(variant: str, tmp_path: Path) -> None:
    told = asyncio.run(soaked(replace(BREAKS[variant], command=(*UNSAFE, variant)), tmp_path))

    assert BREAKS[variant].ends_at in {one.rule for one in told.violations}
