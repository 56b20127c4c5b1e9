"""What the page of GraphiQL begins with: documents every catalogue answers, laid out, each under a name of its own."""

import pytest
from graphql import parse, validate

from gateway.demo_try import TRY
from gateway.demo_try import examples as tried
from gateway.examples import EXAMPLES, Example, example
from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import contracts, taken
from tests.support.gateway_here import OFFICER, PERSON, gateway_here
from tests.support.operator import Operator


def test_a_document_is_laid_out() -> None:
    found = example(Audience.CLIENT, "what", "query Q { a { b } }")
    assert found == Example(Audience.CLIENT, "what", "query Q {\n  a {\n    b\n  }\n}\n")


@pytest.mark.anyio
@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.query.split()[1])
async def test_a_catalogue_nobody_foresaw_answers_each(operator: Operator, one: Example) -> None:
    who = OFFICER if one.audience is Audience.GOVERNANCE else PERSON
    async with gateway_here(operator) as here:
        answer = await here.post({"query": one.query}, who=who)
    assert (answer.status_code, answer.json().keys()) == (200, {"data"})


def test_what_the_demonstration_adds_is_valid_for_who_asks_it() -> None:
    made = contracts(load(REFERENCE, taken()).catalogue)
    faults = {
        one.said: validate(made[one.audience].schema._schema, parse(one.query))  # the library has no public name for it
        for one in (*EXAMPLES, *tried(TRY))
    }
    assert faults == {said: [] for said in faults}


def test_each_is_under_a_name_a_tab_can_show() -> None:
    names = [one.query.split()[1] for one in (*EXAMPLES, *tried(TRY))]
    assert all(name.isidentifier() for name in (one.partition("(")[0] for one in names))
