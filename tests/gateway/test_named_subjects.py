from collections.abc import Iterator

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, parse

from gateway.named_subjects import MEMBER, QUESTION, subjects_named
from gateway.variables import Variables
from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import contracts


@pytest.fixture(scope="module")
def core():
    return contracts(load(REFERENCE).catalogue)[Audience.GOVERNANCE].core


def named(core, text, **given):
    document = parse(text)
    return subjects_named(Variables(core, document, document.definitions[0], given))


def test_every_person_an_operation_names_is_found_wherever_she_stands(core):
    text = """query Q($she: ID!, $ask: ExplainInput!) {
      subject(id: "noor") { id }
      other: subject(id: $she) { id }
      ...Rest
    }
    fragment Rest on Query {
      explain(input: $ask) { key }
      ... on Query { disclosures(filter: {subjectId: "lee"}) { totalCount } }
    }
    """
    ask = {"subjectId": "pia", "recipientId": "r", "purpose": "p", "channel": "c", "keys": []}

    assert named(core, text, she="jon", ask=ask) == {"noor", "jon", "pia", "lee"}


def test_an_act_names_whom_it_is_about(core):
    text = """mutation { restrictSubject(input: {
      idempotencyKey: "k", subjectId: "noor", restricted: true, caseReference: "c"}) { __typename } }"""

    assert named(core, text) == {"noor"}


def test_who_names_nobody_asks_about_nobody(core):
    text = '{ disclosures(filter: {}) { totalCount } lineage(key: "a", direction: UP) { truncated } }'

    assert named(core, text) == frozenset()


def test_a_null_where_none_may_be_names_nobody_and_keeps_nobody_else_from_being_named(core):
    text = """query Q($she: ID = "noor") {
      subject(id: $she) { id }
      other: subject(id: "jon") { id }
    }"""

    assert named(core, text) == {"noor", "jon"}
    assert named(core, text, she=None) == {"jon"}


def _ids(core) -> Iterator[tuple[str, str, str]]:
    """Yield every id that can be sent: the type it stands in, the field, and the name of the argument or member."""
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((kind.name, "", name) for name, one in kind.fields.items() if _is_id(one))
        elif isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                yield from ((kind.name, name, given) for given, one in field.args.items() if _is_id(one))


def _is_id(one) -> bool:
    return get_named_type(one.type).name == "ID"


def test_the_contract_names_a_person_by_these_two_names_alone(core):
    about = {(kind, field, name) for kind, field, name in _ids(core) if "subject" in f"{field} {name}".lower()}

    assert {(field, name) for _, field, name in about} == {("", MEMBER), QUESTION}
    assert {kind for kind, field, _ in about if field} == {"Query"}


def test_no_field_below_the_root_asks_about_a_person(core):
    inputs = {kind for kind, _, name in _ids(core) if name == MEMBER}
    below = [kind for kind in core.type_map.values() if isinstance(kind, GraphQLObjectType)]

    assert [
        (kind.name, name)
        for kind in below
        if kind.name not in ("Query", "Mutation")
        for name, field in kind.fields.items()
        if inputs & {get_named_type(one.type).name for one in field.args.values()}
    ] == []
