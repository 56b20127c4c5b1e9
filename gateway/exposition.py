"""The numbers of one process as Prometheus reads them: its text format, and OpenMetrics for whoever asks for it."""

from collections.abc import Iterable, Mapping

from gateway.metrics import (
    COUNTERS,
    OPERATION_SECONDS,
    OPERATIONS,
    SNAPSHOTS,
    STORE_SECONDS,
    TOKENS_REFUSED,
    Labels,
    Metrics,
    Sample,
)

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TOLD: Mapping[str, str] = {
    OPERATIONS: "operations answered, by audience and code",
    TOKENS_REFUSED: "access tokens refused, by fault",
    SNAPSHOTS: "states of consent that were held, read, or had moved",
    OPERATION_SECONDS: "how long an operation took, by audience",
    STORE_SECONDS: "how long a call of the store took, by method and outcome",
}
Gauges = Mapping[str, tuple[str, float]]  # by name: what it says, and what it stands at


def media_type(accept: str) -> str:
    """Return the format for an `Accept` header: OpenMetrics where it is named, which Prometheus does."""
    return OPEN_METRICS if "application/openmetrics-text" in accept else TEXT


def exposition(metrics: Metrics, gauges: Gauges, media: str) -> str:
    """Return every number as it stands, in the format of a media type."""
    is_open = media == OPEN_METRICS
    lines = [line for name in TOLD for line in _metric(metrics, name, is_open=is_open)]
    for name, (said, value) in gauges.items():
        lines += [*_head(_plain(name), "gauge", said), f"{_plain(name)} {value:g}"]
    return "\n".join([*lines, *(["# EOF"] if is_open else [])]) + "\n"


def _metric(metrics: Metrics, name: str, *, is_open: bool) -> Iterable[str]:
    counted = name in COUNTERS
    shown = _plain(name) if counted else f"{_plain(name)}_seconds"
    # a counter's family has the suffix of its samples in the older format, and not in the newer
    family = f"{shown}_total" if counted and not is_open else shown
    yield from _head(family, "counter" if counted else "histogram", TOLD[name])
    for one in metrics.samples(name):
        part = "_total" if counted else f"_{one.name.rpartition('.')[2]}"
        yield f"{shown}{part}{_labels(one.labels)} {_number(one)}"


def _head(family: str, kind: str, said: str) -> tuple[str, str]:
    return f"# HELP {family} {said}", f"# TYPE {family} {kind}"


def _plain(name: str) -> str:
    return name.replace(".", "_")


def _labels(labels: Labels) -> str:
    said = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{said}}}" if said else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(sample: Sample) -> str:
    return repr(float(sample.value)) if sample.name.endswith(".sum") else str(int(sample.value))
