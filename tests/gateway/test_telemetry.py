import inspect

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway import telemetry as room
from gateway.metrics import OPERATION_SECONDS, OPERATIONS, STORE_SECONDS, Metrics
from gateway.telemetry import AttributeNotAllowed, Telemetry, started
from gateway.traced_store import TracedStore
from gateway.tracing import Trace
from graph.errors import StoreUnavailable
from graph.store import Store

pytestmark = pytest.mark.anyio
TRACE = Trace("4bf92f3577b34da6a3ce929d0e0e4736")
CALLED = Trace(TRACE.id, "00f067aa0ba902b7", sampled=True)
CANARY = "canary-172.4"


@pytest.fixture
def exporter():
    return InMemorySpanExporter()


@pytest.fixture
def telemetry(exporter):
    found = Telemetry(Metrics(), spans=SimpleSpanProcessor(exporter), ratio=1.0, strict=True)
    yield found
    found.close()


async def answered(value):
    return value


async def failed():
    raise StoreUnavailable(CANARY)


def counted(metrics, name):
    return {one.labels: one.value for one in metrics.samples(name)}


async def test_an_operation_is_a_span_with_its_store_calls_below(telemetry, exporter):
    with telemetry.operation(TRACE) as operation:
        operation.audience = "client"
        operation.note("graphql.operation.type", "query")
        assert await telemetry.call("snapshot", answered(7)) == 7
        await telemetry.call("values", answered(8))
    snapshot, values, above = exporter.get_finished_spans()
    assert [snapshot.name, values.name, above.name] == ["store snapshot", "store values", "operation"]
    assert {f"{span.context.trace_id:032x}" for span in (snapshot, values, above)} == {TRACE.id}
    assert above.parent is None
    assert snapshot.parent.span_id == values.parent.span_id == above.context.span_id
    assert dict(above.attributes) == {
        "graphql.operation.type": "query",
        "consent_gateway.audience": "client",
        "consent_gateway.code": "OK",
    }
    assert dict(values.attributes) == {"db.operation.name": "values"}


async def test_an_operation_goes_on_with_its_callers_trace(telemetry, exporter):
    with telemetry.operation(CALLED):
        pass
    (span,) = exporter.get_finished_spans()
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (CALLED.id, CALLED.parent)


async def test_a_fault_is_told_by_its_type_and_not_by_its_text(telemetry, exporter):
    with pytest.raises(StoreUnavailable), telemetry.operation(TRACE):
        await telemetry.call("snapshot", failed())
    call, above = exporter.get_finished_spans()
    assert call.attributes["error.type"] == above.attributes["consent_gateway.code"] == "StoreUnavailable"
    assert not call.events
    assert not above.events
    assert CANARY not in call.to_json() + above.to_json()


async def test_not_sampled_means_no_span_and_still_a_count(telemetry, exporter, monkeypatch):
    def never(*_, **__):
        raise AssertionError("opentelemetry was touched")

    monkeypatch.setattr(room, "set_span_in_context", never)
    monkeypatch.setattr(telemetry, "_tracer", None)
    with telemetry.operation(Trace(TRACE.id, CALLED.parent, sampled=False)) as operation:
        operation.note("graphql.operation.type", "query")
        await telemetry.call("snapshot", answered(7))
    assert exporter.get_finished_spans() == ()
    assert counted(telemetry.metrics, OPERATIONS) == {(("audience", "unknown"), ("code", "OK")): 1}
    seconds = counted(telemetry.metrics, STORE_SECONDS)
    assert seconds[("method", "snapshot"), ("outcome", "ok"), ("le", "+Inf")] == 1


async def test_a_call_outside_an_operation_is_counted_only(telemetry, exporter):
    await telemetry.call("sweep", answered(1))
    assert exporter.get_finished_spans() == ()
    assert any(labels[0] == ("method", "sweep") for labels in counted(telemetry.metrics, STORE_SECONDS))


async def test_an_attribute_that_is_not_on_the_list_raises_in_tests(telemetry):
    with telemetry.operation(TRACE) as operation, pytest.raises(AttributeNotAllowed):
        operation.note("user.height", CANARY)
    with telemetry.operation(Trace(TRACE.id, None, sampled=False)) as operation, pytest.raises(AttributeNotAllowed):
        operation.note("user.height", CANARY)


async def test_an_attribute_that_is_not_on_the_list_is_dropped_in_production(exporter):
    telemetry = Telemetry(Metrics(), spans=SimpleSpanProcessor(exporter), ratio=1.0)
    with telemetry.operation(TRACE) as operation:
        operation.note("user.height", CANARY)
        operation.note("consent_gateway.purpose", "x" * 500)
    (span,) = exporter.get_finished_spans()
    telemetry.close()
    assert "user.height" not in span.attributes
    assert len(span.attributes["consent_gateway.purpose"]) == 128


async def test_metrics_are_read_by_the_exporter_when_it_asks():
    reader = InMemoryMetricReader()
    telemetry = Telemetry(Metrics(), reader=reader)
    with telemetry.operation(TRACE) as operation:
        operation.audience = "partner"
    found = {
        metric.name: list(metric.data.data_points)
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    telemetry.close()
    (point,) = found[OPERATIONS]
    assert (dict(point.attributes), point.value) == ({"audience": "partner", "code": "OK"}, 1)
    assert found[f"{OPERATION_SECONDS}.count"][0].value == 1
    assert any(dict(one.attributes)["le"] == "+Inf" for one in found[f"{OPERATION_SECONDS}.bucket"])


async def test_without_an_endpoint_nothing_leaves(exporter):
    telemetry = started(None, 1.0, metrics=Metrics())
    with telemetry.operation(CALLED):
        await telemetry.call("snapshot", answered(1))
    telemetry.close()
    assert exporter.get_finished_spans() == ()


class Everything:
    """Answers each call of the port with its name and arguments."""

    def __getattr__(self, name):
        async def call(*arguments, **named):
            return (name, arguments, named)

        return call


def port_methods():
    return dict(inspect.getmembers(Store, inspect.iscoroutinefunction))


@pytest.mark.parametrize("name", port_methods())
async def test_each_call_of_the_port_is_passed_on_as_it_is(telemetry, name):
    declared, traced = inspect.signature(port_methods()[name]), inspect.signature(getattr(TracedStore, name))
    assert traced == declared
    own = list(declared.parameters.values())[1:]
    arguments = [f"<{one.name}>" for one in own if one.kind is one.POSITIONAL_OR_KEYWORD]
    named = {one.name: f"<{one.name}>" for one in own if one.kind is one.KEYWORD_ONLY}
    found = await getattr(TracedStore(Everything(), telemetry), name)(*arguments, **named)
    assert found in ((name, tuple(arguments), named), None)
    assert any(labels[0] == ("method", name) for labels in counted(telemetry.metrics, STORE_SECONDS))
