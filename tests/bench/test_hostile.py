"""What the hostile loads send: as costly as is permitted and no costlier, and no two alike where that matters."""

from itertools import islice

from graphql import OperationDefinitionNode, parse

from bench.flood import MARK, numbered
from bench.garbage import explaining
from gateway.cost import MOST_COST, cost_of
from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import contracts


def test_the_costliest_document_comes_close_to_the_limit_and_stays_within_it() -> None:
    catalogue = load(REFERENCE).catalogue
    document = parse(explaining(catalogue))
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)

    cost = cost_of(contracts(catalogue)[Audience.GOVERNANCE].core, document, operation)

    assert MOST_COST * 0.85 < cost <= MOST_COST


def test_where_a_request_has_a_mark_stands_its_number() -> None:
    sent = list(islice(numbered([b"a" + MARK, b"b"]), 4))

    assert sent == [b"a00000000", b"b", b"a00000002", b"b"]
