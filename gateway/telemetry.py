"""Spans for an operation and its store calls, metrics by callback; whether to record is decided before either."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import TypeAlias, TypeVar

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags, set_span_in_context

from gateway.metrics import COUNTERS, HISTOGRAMS, OPERATION_SECONDS, OPERATIONS, STORE_SECONDS, Metrics
from gateway.otlp import exporters
from gateway.tracing import Trace, is_sampled

SERVICE = "consent-gateway"
NAMES = frozenset(
    {
        *("graphql.operation.type", "graphql.document.id", "http.response.status_code", "http.request.body.size"),
        *("db.system.name", "db.operation.name", "error.type"),
        *(f"consent_gateway.{name}" for name in ("audience", "recipient", "channel", "purpose", "code")),
        *(f"consent_gateway.{name}" for name in ("released", "withheld", "attributes", "catalogue_version")),
    }
)
LONGEST = 128  # of a text: the longest are ids of documents, 71
Told: TypeAlias = str | int | float | bool
Found = TypeVar("Found")


class AttributeNotAllowed(ValueError):
    """A name that is not on the list, in a test; in production it is dropped."""


class _TraceIds(RandomIdGenerator):
    """Gives a root span the trace id the request has already."""

    def __init__(self) -> None:
        self.wanted: ContextVar[int | None] = ContextVar("wanted", default=None)

    def generate_trace_id(self) -> int:
        """Return the id wanted, or a random one."""
        return self.wanted.get() or super().generate_trace_id()


class Noted:
    """What one operation turned out to be: its span, if it is sampled, and its outcome, which is always counted."""

    __slots__ = ("_span", "_strict", "audience", "code")

    def __init__(self, span: Span | None, *, strict: bool) -> None:
        self._span, self._strict = span, strict
        self.audience, self.code = "unknown", "OK"

    def note(self, name: str, value: Told) -> None:
        """Write an attribute to the span; a name that is not on the list raises in tests and is dropped otherwise."""
        if name not in NAMES and self._strict:
            raise AttributeNotAllowed(f"`{name}` is not on the list of attributes; add it there first")
        if self._span is not None and name in NAMES:
            self._span.set_attribute(name, value[:LONGEST] if isinstance(value, str) else value)


class Telemetry:
    """Times operations and store calls. Not sampled means that OpenTelemetry is not touched."""

    def __init__(
        self,
        metrics: Metrics,
        *,
        spans: SpanProcessor | None = None,
        reader: MetricReader | None = None,
        ratio: float = 0.0,
        strict: bool = False,
    ) -> None:
        self.metrics = metrics
        self._ratio, self._strict = (ratio if spans is not None else 0.0), strict
        self._current: ContextVar[Span | None] = ContextVar("current", default=None)
        self._ids = _TraceIds()
        resource = Resource.create({"service.name": SERVICE})
        self._spans = TracerProvider(sampler=ALWAYS_ON, resource=resource, id_generator=self._ids)
        if spans is not None:
            self._spans.add_span_processor(spans)
        self._tracer = self._spans.get_tracer(SERVICE)
        self._meters = _exported(metrics, resource, reader) if reader is not None else None

    @contextmanager
    def operation(self, trace: Trace) -> Iterator[Noted]:
        """Time one operation and count its outcome; an exception is told by its type alone."""
        span = self._root(trace) if is_sampled(trace, self._ratio) else None
        found, began, before = Noted(span, strict=self._strict), perf_counter(), self._current.set(span)
        try:
            yield found
        except BaseException as fault:
            found.code = type(fault).__name__
            raise
        finally:
            self._current.reset(before)
            audience = ("audience", found.audience)
            self.metrics.count(OPERATIONS, (audience, ("code", found.code)))
            self.metrics.observe(OPERATION_SECONDS, (audience,), perf_counter() - began)
            if span is not None:
                found.note("consent_gateway.audience", found.audience)
                found.note("consent_gateway.code", found.code)
                span.end()

    async def call(self, method: str, answer: Awaitable[Found]) -> Found:
        """Await one call of the store, timed; it is a span of its own within a sampled operation."""
        parent, began, outcome = self._current.get(), perf_counter(), "ok"
        span = self._child(parent, method) if parent is not None else None
        try:
            return await answer
        except BaseException as fault:
            outcome = type(fault).__name__
            if span is not None:
                span.set_attribute("error.type", outcome)
            raise
        finally:
            self.metrics.observe(STORE_SECONDS, (("method", method), ("outcome", outcome)), perf_counter() - began)
            if span is not None:
                span.end()

    def close(self) -> None:
        """Send what is waiting and stop."""
        self._spans.shutdown()
        if self._meters is not None:
            self._meters.shutdown()

    def _root(self, trace: Trace) -> Span:
        if trace.parent is not None:
            caller = SpanContext(int(trace.id, 16), int(trace.parent, 16), is_remote=True, trace_flags=TraceFlags(1))
            above = set_span_in_context(NonRecordingSpan(caller))
            return self._tracer.start_span("operation", context=above, kind=SpanKind.SERVER)
        before = self._ids.wanted.set(int(trace.id, 16))
        try:
            return self._tracer.start_span("operation", kind=SpanKind.SERVER)
        finally:
            self._ids.wanted.reset(before)

    def _child(self, parent: Span, method: str) -> Span:
        above, named = set_span_in_context(parent), {"db.operation.name": method}
        return self._tracer.start_span(f"store {method}", context=above, kind=SpanKind.CLIENT, attributes=named)


def started(endpoint: str | None, ratio: float, *, metrics: Metrics, strict: bool = False) -> Telemetry:
    """Return telemetry that exports to an OTLP collector, or without one only counts; raises `ExporterMissing`."""
    if endpoint is None:
        return Telemetry(metrics, strict=strict)
    spans, numbers = exporters(endpoint)
    reader = PeriodicExportingMetricReader(numbers)
    return Telemetry(metrics, spans=BatchSpanProcessor(spans), reader=reader, ratio=ratio, strict=strict)


def _exported(metrics: Metrics, resource: Resource, reader: MetricReader) -> MeterProvider:
    """Make one instrument a number; each reads ours when the exporter asks, and nothing is done in between."""
    provider = MeterProvider([reader], resource=resource)
    meter = provider.get_meter(SERVICE)
    for name in COUNTERS:
        meter.create_observable_counter(name, [_callback(metrics, name, name)])
    for name in HISTOGRAMS:
        for part in ("bucket", "count", "sum"):
            unit = "s" if part == "sum" else ""
            meter.create_observable_counter(f"{name}.{part}", [_callback(metrics, name, f"{name}.{part}")], unit)
    return provider


def _callback(metrics: Metrics, name: str, part: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observed(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(one.value, dict(one.labels)) for one in metrics.samples(name) if one.name == part]

    return observed
