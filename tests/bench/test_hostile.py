"""What the hostile loads send: as costly as is permitted and no costlier, and no two alike where that matters."""

from itertools import islice

from graphql import parse, validate

from bench.flood import MARK, numbered
from bench.garbage import costs, everybody, explaining
from gateway.cost import MOST_COST
from gateway.limits import MOST_ALIASES
from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import contracts


def test_the_costliest_document_comes_close_to_the_limit_and_stays_within_it() -> None:
    catalogue = load(REFERENCE).catalogue
    text = explaining(catalogue)

    assert MOST_COST * 0.85 < costs(catalogue, text) <= MOST_COST
    assert text.count("explain(") == MOST_ALIASES


def test_the_questions_about_everybody_hold_and_cost_little() -> None:
    catalogue = load(REFERENCE).catalogue
    text = everybody()

    assert validate(contracts(catalogue)[Audience.GOVERNANCE].core, parse(text)) == []
    assert costs(catalogue, text) < MOST_COST / 2


def test_where_a_request_has_a_mark_stands_its_number() -> None:
    sent = list(islice(numbered([b"a" + MARK, b"b"]), 4))

    assert sent == [b"a00000000", b"b", b"a00000002", b"b"]
