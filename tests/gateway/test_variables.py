"""What literals and variables may name: keys of the catalogue, leaf purposes; a value is never repeated."""

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, parse, validate

from gateway.shape import MOST_ITEMS
from gateway.variables import MOST_FAULTS, Named, Variables, faults_of, naming_rule
from graph.catalogue import Catalogue
from graph.pack import load
from graph.terms import Audience
from schema.build import contracts
from tests.support import pack_folder

CANARY = "canary-tangerine-7f3a"
SHEET = "query($p: PurposeKey!, $k: [AttributeKey!]!) { me(purpose: $p) { sheet(keys: $k) { revision } } }"
WITHDRAW = "mutation($i: WithdrawConsentInput!) { withdrawConsent(input: $i) { __typename } }"
RECORD = "mutation($i: RecordValuesInput!) { recordValues(input: $i) { __typename } }"
SUBJECTS = (
    'query($k: [AttributeKey!]!) { subjects(ids: [], purpose: "play.match") { sheet(keys: $k) { notAvailable } } }'
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load(str(pack_folder.written(tmp_path_factory.mktemp("pack")))).catalogue


@pytest.fixture(scope="module")
def schemas(catalogue: Catalogue) -> dict[Audience, Any]:
    return {audience: made.core for audience, made in contracts(catalogue).items()}


@pytest.fixture
def faults(catalogue: Catalogue, schemas: dict[Audience, Any]) -> Any:
    """Return the faults of a document's variables."""

    def faults(document: str, audience: Audience = Audience.CLIENT, **given: Any) -> list[GraphQLError]:
        parsed = parse(document)
        (operation,) = [one for one in parsed.definitions if isinstance(one, OperationDefinitionNode)]
        variables = Variables(schemas[audience], parsed, operation, given)
        return faults_of(variables, Named(catalogue, audience))

    return faults


@pytest.fixture
def found(faults: Any) -> Any:
    """Return what is found wrong with a document's variables."""
    return lambda *asked, **given: [one.message for one in faults(*asked, **given)]


@pytest.fixture
def codes(faults: Any) -> Any:
    """Return the codes of what is found wrong with a document's variables."""
    return lambda *asked, **given: [one.extensions["code"] for one in faults(*asked, **given)]


@pytest.fixture
def literal(catalogue: Catalogue, schemas: dict[Audience, Any]) -> Any:
    """Return what is found wrong with a document's literals, with the code of each."""

    def literal(document: str, audience: Audience = Audience.CLIENT) -> list[tuple[str, str]]:
        rule = naming_rule(Named(catalogue, audience))
        errors = validate(schemas[audience], parse(document), [rule])
        return [(one.message, (one.extensions or {})["code"]) for one in errors]

    return literal


def test_words_of_the_catalogue_hold(found: Any) -> None:
    assert found(SHEET, p="play.match", k=["hobby.level"]) == []
    scope = {"purpose": "play", "category": "hobby", "channel": "goggles"}
    assert found(WITHDRAW, i={"idempotencyKey": "k", "scope": scope}) == [], "a scope may name any node"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"p": "chess", "k": []}, ["variable `$p`: `chess` is no purpose of the catalogue; name one of it"]),
        ({"p": "play", "k": []}, ["variable `$p`: `play` has narrower purposes; name one leaf"]),
        (
            {"p": "run", "k": ["hobby.level", "x", "y"]},
            [f"variable `$k`: `{word}` is no attribute of the catalogue; name one of it" for word in "xy"],
        ),
    ],
)
def test_a_word_that_is_none_is_told(found: Any, given: dict[str, Any], said: list[str]) -> None:
    assert found(SHEET, **given) == said


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ({"purpose": "chess"}, "`chess` is no purpose of the catalogue; name one of it"),
        ({"category": "chess"}, "`chess` is no category of the catalogue; name one of it"),
        ({"channel": "pigeon"}, "`pigeon` is no channel of the catalogue; name one of it"),
    ],
)
def test_a_word_deep_in_an_input_is_told(found: Any, scope: dict[str, str], said: str) -> None:
    assert found(WITHDRAW, i={"idempotencyKey": "k", "scope": scope}) == [f"variable `$i`: {said}"]


def test_keys_of_values_are_answered_for_as_data(found: Any) -> None:
    value = {"key": "x", "string": "new", "sources": ["y"]}
    assert found(RECORD, i={"idempotencyKey": "k", "purpose": "run", "values": [value]}) == []


def test_a_list_has_the_limit_of_a_literal_one_wherever_it_stands(found: Any) -> None:
    most, more = ["hobby.level"] * MOST_ITEMS, ["hobby.level"] * (MOST_ITEMS + 1)
    scope = {"operations": ["USE"] * (MOST_ITEMS + 1)}
    said = "a list has more than 512 items; send fewer"
    assert found(SHEET, p="play.match", k=most) == []
    assert found(SHEET, p="play.match", k=more) == [f"variable `$k`: {said}"]
    assert found(SUBJECTS, Audience.PARTNER, k=["x"] * (MOST_ITEMS + 1)) == [f"variable `$k`: {said}"]
    assert found(WITHDRAW, i={"idempotencyKey": "k", "scope": scope}) == [f"variable `$i`: {said}"]


def test_a_long_list_is_told_by_its_cost(codes: Any) -> None:
    assert codes(SHEET, p="chess", k=["hobby.level"] * (MOST_ITEMS + 1)) == ["BAD_USER_INPUT", "COST_LIMIT_EXCEEDED"]


def test_a_list_that_is_longer_than_the_document_was_judged_by_is_counted_as_it_is(found: Any) -> None:
    told = "sheet(keys: $k) { entries { key } withheld { key nextAction { kind } } }"
    text = "query($k: [AttributeKey!]!) { {} }".replace(
        "{}", " ".join(f'm{one}: me(purpose: "play.match") {{ {told} }}' for one in range(20))
    )
    costs = 20 * (1 + 1 + 3 * 200)

    assert found(text, k=["hobby.level"] * 50) == []
    assert found(text, k=["hobby.level"] * 200) == [
        f"the document costs {costs} with these variables, at most 12000; send shorter lists"
    ]


def test_a_long_list_that_is_a_default_is_counted_as_it_is(found: Any) -> None:
    keys = ", ".join(['"hobby.level"'] * 200)
    told = "sheet(keys: $k) { entries { key } withheld { key nextAction { kind } } }"
    text = f"query($k: [AttributeKey!]! = [{keys}]) {{ {{}} }}".replace(
        "{}", " ".join(f'm{one}: me(purpose: "play.match") {{ {told} }}' for one in range(20))
    )

    assert found(text) == ["the document costs 12040 with these variables, at most 12000; send shorter lists"]
    assert found(text, k=["hobby.level"] * 50) == []


def test_what_no_variable_takes_is_looked_at_by_nobody_however_deep_it_is(found: Any) -> None:
    nested: dict[str, Any] = {}
    for _ in range(10_000):
        nested = {"deeper": nested}

    assert found("{ devices { id } }", nothing=nested) == []


def test_the_most_people_with_the_most_keys_are_as_many_in_variables(found: Any) -> None:
    text = (
        'query($ids: [ID!]!, $k: [AttributeKey!]!) { subjects(ids: $ids, purpose: "play.match") '
        "{ sheet(keys: $k) { entries { key } } } }"
    )
    assert found(text, Audience.PARTNER, ids=["x"] * 50, k=["x"] * 200) == []


def test_the_list_a_value_is_is_bounded_by_its_attribute_alone(found: Any) -> None:
    value = {"key": "hobby.list", "stringList": ["x"] * (MOST_ITEMS + 1)}
    assert found(RECORD, i={"idempotencyKey": "k", "purpose": "run", "values": [value]}) == []


def test_a_partner_is_never_told_which_attributes_there_are(found: Any, literal: Any) -> None:
    assert found(SUBJECTS, Audience.PARTNER, k=["x"]) == []
    assert literal(SUBJECTS.replace("$k)", '["x"])').replace("($k: [AttributeKey!]!) ", ""), Audience.PARTNER) == []


def test_a_long_word_is_cut_short(found: Any) -> None:
    (said,) = found(SHEET, p="x" * 200, k=[])
    assert said == f"variable `$p`: `{'x' * 80}…` is no purpose of the catalogue; name one of it"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"k": []}, "variable `$p` does not fit its type; see the schema"),
        ({"p": None, "k": []}, "variable `$p` does not fit its type; see the schema"),
        ({"p": 7, "k": []}, "variable `$p` does not fit its type; see the schema"),
        ({"p": "run", "k": [[CANARY]]}, "variable `$k` at `[0]` does not fit its type; see the schema"),
        ({"p": "run", "k": {CANARY: 1}}, "variable `$k` does not fit its type; see the schema"),
    ],
)
def test_a_value_of_another_type_is_told_without_repeating_it(found: Any, given: dict[str, Any], said: str) -> None:
    assert found(SHEET, **given) == [said]


def test_no_more_faults_are_told_than_it_takes_to_mend_a_request(found: Any) -> None:
    assert len(found(SHEET, p="run", k=[f"x{number}" for number in range(20)])) == MOST_FAULTS
    of_types = found(SHEET, p="run", k=[[number] for number in range(20)])
    assert of_types[-1] == "a variable is missing or does not fit its type; see the schema"
    assert len(of_types) == MOST_FAULTS + 1


def test_a_variable_nobody_gave_that_need_not_be_is_left_out(found: Any) -> None:
    document = (
        'query($p: PurposeKey! = "run", $n: Int) { me(purpose: $p) { id } consents(first: $n) { edges { cursor } } }'
    )
    assert found(document) == found(document, n=3) == []
    assert found(document, p="chess", n=None) == [
        "variable `$p`: `chess` is no purpose of the catalogue; name one of it"
    ]


def test_two_purposes_by_variables_are_refused(found: Any) -> None:
    document = "query($a: PurposeKey!, $b: PurposeKey!) { one: me(purpose: $a) { id } two: me(purpose: $b) { id } }"
    assert found(document, a="run", b="run") == []
    assert found(document, a="run", b="play.match") == ["the operation names two purposes; send one request for each"]


INVALID = "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ('{ me(purpose: "run") { sheet(keys: ["hobby.level"]) { revision } } }', []),
        ('{ me(purpose: "chess") { id } }', ["`chess` is no purpose of the catalogue; name one of it"]),
        ('{ me(purpose: "play") { id } }', ["`play` has narrower purposes; name one leaf"]),
        ('{ impact(withdraw: {purpose: "play"}) { attributesStopped } }', []),
        (
            '{ impact(withdraw: {channel: "pigeon"}) { attributesStopped } }',
            ["`pigeon` is no channel of the catalogue; name one of it"],
        ),
        (
            '{ me(purpose: "run") { sheet(keys: ["x", "hobby.level"]) { revision } } }',
            ["`x` is no attribute of the catalogue; name one of it"],
        ),
        ('{ nothing(here: "chess") { id } }', []),
    ],
)
def test_a_literal_that_names_nothing_is_told(literal: Any, document: str, said: list[str]) -> None:
    assert literal(document) == [(one, INVALID) for one in said]


def test_a_literal_of_a_type_that_names_nothing_is_free(literal: Any) -> None:
    assert literal('{ offer(input: {purpose: "run", keys: [], locale: "chess"}) { token } }') == []
