import pytest

from gateway.otlp import ExporterMissing, exporters


def test_an_endpoint_without_the_exporter_is_a_clear_refusal():
    with pytest.raises(ExporterMissing, match=r"install `consent-gateway\[otlp\]` or remove it"):
        exporters("http://127.0.0.1:4318", installed=False)


def test_spans_and_metrics_go_to_the_two_addresses_of_one_collector():
    spans, metrics = exporters("http://127.0.0.1:4318")
    found = [spans._endpoint, metrics._endpoint]
    spans.shutdown()
    metrics.shutdown()
    assert found == ["http://127.0.0.1:4318/v1/traces", "http://127.0.0.1:4318/v1/metrics"]
