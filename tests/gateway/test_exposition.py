"""Prometheus's text and OpenMetrics, read by Prometheus's own parsers."""

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from gateway.exposition import OPEN_METRICS, TEXT, TOLD, exposition, media_type
from gateway.metrics import (
    BOUNDS,
    COUNTERS,
    HISTOGRAMS,
    OPERATION_SECONDS,
    OPERATIONS,
    STORE_SECONDS,
    TOKENS_REFUSED,
    Metrics,
)

GAUGES = {"consent_gateway.in_flight": ("operations in flight", 3.0)}
PARSERS = {TEXT: text_string_to_metric_families, OPEN_METRICS: openmetrics.text_string_to_metric_families}


@pytest.fixture
def metrics() -> Metrics:
    found = Metrics()
    found.count(OPERATIONS, (("audience", "client"), ("code", "OK")), 2)
    found.count(TOKENS_REFUSED, (("fault", 'a "b\\c\nd'),))
    for seconds in (0.0004, 0.3, 9.0):
        found.observe(STORE_SECONDS, (("method", "snapshot"), ("outcome", "ok")), seconds)
    found.observe(OPERATION_SECONDS, (), 0.002)
    return found


def read(media: str, text: str) -> dict[str, tuple[str, str, list[tuple[str, dict[str, str], float]]]]:
    return {
        family.name: (family.type, family.documentation, [(one.name, one.labels, one.value) for one in family.samples])
        for family in PARSERS[media](text)
    }


@pytest.mark.parametrize("media", PARSERS)
def test_a_parser_that_is_not_ours_reads_every_number(metrics: Metrics, media: str) -> None:
    found = read(media, exposition(metrics, GAUGES, media))
    assert found["consent_gateway_operations"] == (
        "counter",
        TOLD[OPERATIONS],
        [("consent_gateway_operations_total", {"audience": "client", "code": "OK"}, 2.0)],
    )
    assert found["consent_gateway_tokens_refused"][2] == [
        ("consent_gateway_tokens_refused_total", {"fault": 'a "b\\c\nd'}, 1.0)
    ]
    assert found["consent_gateway_in_flight"] == (
        "gauge",
        "operations in flight",
        [("consent_gateway_in_flight", {}, 3.0)],
    )


@pytest.mark.parametrize("media", PARSERS)
def test_a_histogram_is_cumulative_and_in_seconds(metrics: Metrics, media: str) -> None:
    kind, said, samples = read(media, exposition(metrics, GAUGES, media))["consent_gateway_store_duration_seconds"]
    labels, name = {"method": "snapshot", "outcome": "ok"}, "consent_gateway_store_duration_seconds"
    assert (kind, said) == ("histogram", TOLD[STORE_SECONDS])
    assert [float(one[1]["le"]) for one in samples[: len(BOUNDS)]] == list(BOUNDS)
    assert [one[2] for one in samples if one[0] == f"{name}_bucket"] == [1.0] * 8 + [1.0, 2.0, 2.0, 2.0, 2.0, 3.0]
    assert samples[-2:] == [(f"{name}_count", labels, 3.0), (f"{name}_sum", labels, pytest.approx(9.3004))]


@pytest.mark.parametrize("media", PARSERS)
def test_a_gateway_nobody_asked_yet_tells_its_families(media: str) -> None:
    found = read(media, exposition(Metrics(), {}, media))
    assert len(found) == len(COUNTERS) + len(HISTOGRAMS)
    assert [samples for _, _, samples in found.values()] == [[]] * len(found)


def test_every_metric_there_is_is_told() -> None:
    assert set(TOLD) == {*COUNTERS, *HISTOGRAMS}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", TEXT),
        ("*/*", TEXT),
        ("text/plain;version=0.0.4", TEXT),
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OPEN_METRICS),
    ],
)
def test_the_format_is_the_one_asked_for(accept: str, media: str) -> None:
    assert media_type(accept) == media
