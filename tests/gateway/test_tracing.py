import pytest

from gateway.tracing import Trace, is_sampled, trace_of

ID, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
FRESH = Trace("f" * 32)


def found(header):
    return trace_of(header, fresh=lambda size: "f" * 2 * size)


@pytest.mark.parametrize(
    ("header", "trace"),
    [
        (f"00-{ID}-{SPAN}-01", Trace(ID, SPAN, sampled=True)),
        (f"00-{ID}-{SPAN}-00", Trace(ID, SPAN, sampled=False)),
        (f"00-{ID}-{SPAN}-02", Trace(ID, SPAN, sampled=False)),
        (f"00-{ID}-{SPAN}-ff", Trace(ID, SPAN, sampled=True)),
        (f"cc-{ID}-{SPAN}-01-more", Trace(ID, SPAN, sampled=True)),
        (f" 00-{ID}-{SPAN}-01 ", Trace(ID, SPAN, sampled=True)),
    ],
)
def test_a_trace_that_began_elsewhere_goes_on(header, trace):
    assert found(header) == trace


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "somebody",
        f"00-{ID}-{SPAN}",
        f"00-{ID}-{SPAN}-01-more",
        f"ff-{ID}-{SPAN}-01",
        f"00-{ID.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"00-{ID}-{SPAN}-0g",
    ],
)
def test_a_malformed_header_begins_a_new_trace(header):
    assert found(header) == FRESH


def test_a_new_trace_has_an_id_of_its_own():
    assert trace_of(None).id != trace_of(None).id
    assert len(trace_of(None).id) == 32


def test_the_callers_decision_counts_and_else_a_share_of_all():
    assert is_sampled(Trace(ID, SPAN, sampled=True), 0.001)
    assert not is_sampled(Trace(ID, SPAN, sampled=False), 1.0)
    assert is_sampled(Trace("f" * 32), 1.0)
    assert is_sampled(Trace("a" * 18 + "7" + "f" * 13), 0.5)
    assert not is_sampled(Trace("a" * 18 + "8" + "0" * 13), 0.5)


def test_nothing_is_sampled_where_nothing_is_exported():
    assert not is_sampled(Trace(ID, SPAN, sampled=True), 0.0)
