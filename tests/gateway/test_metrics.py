import pytest

from gateway.metrics import BOUNDS, MOST_SERIES, OPERATION_SECONDS, OPERATIONS, OTHER, STORE_SECONDS, Metrics, Sample

LABELS = (("audience", "client"), ("code", "OK"))


def test_counts_add_up_by_label():
    metrics = Metrics()
    metrics.count(OPERATIONS, LABELS)
    metrics.count(OPERATIONS, LABELS, 2)
    metrics.count(OPERATIONS, (("code", "TIMEOUT"),))
    assert metrics.samples(OPERATIONS) == (Sample(OPERATIONS, LABELS, 3), Sample(OPERATIONS, (("code", "TIMEOUT"),), 1))


def test_a_duration_falls_into_the_bound_it_stays_within():
    metrics = Metrics()
    for seconds in (0.0005, 0.0006, 9.0):
        metrics.observe(OPERATION_SECONDS, (), seconds)
    found = {
        (one.name.removeprefix(OPERATION_SECONDS), dict(one.labels).get("le")): one.value
        for one in metrics.samples(OPERATION_SECONDS)
    }
    assert (found[".bucket", "0.0005"], found[".bucket", "0.001"], found[".bucket", "5.0"]) == (1, 2, 2)
    assert (found[".bucket", "+Inf"], found[".count", None]) == (3, 3)
    assert found[".sum", None] == pytest.approx(9.0011)
    assert len(found) == len(BOUNDS) + 3


def test_labels_cannot_make_memory_grow():
    metrics = Metrics()
    for number in range(MOST_SERIES * 2):
        metrics.count(OPERATIONS, (("code", str(number)),))
        metrics.observe(STORE_SECONDS, (("method", str(number)),), 0.1)
    counts = metrics.samples(OPERATIONS)
    assert len(counts) == MOST_SERIES + 1
    assert counts[-1] == Sample(OPERATIONS, OTHER, MOST_SERIES)
    assert len(metrics.samples(STORE_SECONDS)) == (MOST_SERIES + 1) * (len(BOUNDS) + 3)


def test_a_metric_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        Metrics().count("nothing", ())
