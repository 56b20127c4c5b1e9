"""A store that is traced is the store inside, seen as its caller has seen it too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.metrics import STORE_SECONDS, Metrics
from gateway.telemetry import Telemetry
from gateway.traced_store import TracedStore
from graph.errors import StoreUnavailable
from graph.sqlite_store import open_store
from graph.store import Parties, Seen, Store
from graph.terms import PartyKind
from tests.conformance.builders import given
from tests.support.resting import Counting

pytestmark = pytest.mark.anyio


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def traced(tmp_path: Path, metrics: Metrics) -> AsyncIterator[Store]:
    telemetry = Telemetry(metrics)
    store = await open_store(tmp_path / "store.sqlite3")
    yield TracedStore(store, telemetry)
    await store.aclose()
    telemetry.close()


async def test_what_was_seen_counts_inside_and_the_calls_after_it_are_timed(traced: Store, metrics: Metrics) -> None:
    await traced.append(given("ann", 0, "a"))
    there, lacking = (traced.after(Seen(((PartyKind.SUBJECT, "ann", revision),))) for revision in (1, 2))
    assert (await there.snapshot("ann", Parties())).own.revision == 1
    with pytest.raises(StoreUnavailable):
        await lacking.snapshot("ann", Parties())
    timed = {dict(one.labels)["method"] for one in metrics.samples(STORE_SECONDS)}
    assert timed == {"append", "snapshot"}


async def test_the_check_of_the_ledger_rests_inside(traced: Store) -> None:
    rests = Counting()
    await traced.ledger(0, rests.rest)

    assert rests.rests == 1
