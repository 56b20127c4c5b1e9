"""The exporters to an OTLP collector, where the `otlp` extra is installed; nothing else of OpenTelemetry's wire."""

from opentelemetry.sdk.metrics.export import MetricExporter
from opentelemetry.sdk.trace.export import SpanExporter

try:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
except ImportError:  # pragma: no cover  the tests' environment has the extra
    INSTALLED = False
else:
    INSTALLED = True

# Tries and waits of one export together: two are made at the end, and a container is killed 10 s after it is told to.
EXPORT_SECONDS = 2


class ExporterMissing(Exception):
    """An endpoint is set and the extra that speaks to it is not installed; the text says what to do."""


def exporters(endpoint: str, *, installed: bool = INSTALLED) -> tuple[SpanExporter, MetricExporter]:
    """Return what sends spans and metrics to a collector; raises `ExporterMissing` without the extra."""
    if not installed:
        raise ExporterMissing(
            "`OTLP_ENDPOINT` is set but the exporter is not installed; install `consent-gateway[otlp]` or remove it"
        )
    return (
        OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=EXPORT_SECONDS),
        OTLPMetricExporter(endpoint=f"{endpoint}/v1/metrics", timeout=EXPORT_SECONDS),
    )
