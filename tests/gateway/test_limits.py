import pytest
from graphql import (
    GraphQLError,
    GraphQLSyntaxError,
    build_schema,
    get_introspection_query,
    parse,
    specified_rules,
    validate,
)

from gateway import cost, limits
from gateway.limits import MEANING_RULES, RULES, SHAPE_RULES, parsed
from gateway.purposes import literal_purposes, purposes_asked

SCHEMA = build_schema(
    """
    scalar PurposeKey
    directive @mark on FIELD
    type Query {
      me(purpose: PurposeKey!): Person
      ask(input: AskInput!): Answer
      impact(withdraw: ScopeInput!): Answer
      people(ids: [ID!]!, purpose: PurposeKey!): [Person!]!
      lists(first: Int = 25): Connection
      gates: [Person!]!
      node: Node
    }
    type Mutation { write(input: WriteInput!): Answer }
    input AskInput { purpose: PurposeKey! keys: [String!]! }
    input WriteInput { scope: ScopeInput! name: String }
    input ScopeInput { purpose: PurposeKey }
    interface Node { id: ID inner: Node }
    type Answer { text: String inner: Answer }
    type Person implements Node { id: ID name(style: String): String inner: Person sheet(keys: [String!]!): Sheet }
    type Sheet { entries: [Entry!]! rest: [String!]! }
    type Entry { key: String inner: Entry }
    type Connection { edges: [Edge!]! }
    type Edge { node: Person }
    """
)


def codes(text, rules=RULES):
    return [error.extensions["code"] for error in validate(SCHEMA, parse(text), rules)]


def costs(text):
    document = parse(text)
    return cost.cost_of(SCHEMA, document, document.definitions[0])


def deep(levels):
    return '{ me(purpose: "p") ' + "{ inner " * (levels - 2) + "{ id }" + " }" * (levels - 1)


def test_rules_are_constants_so_that_caches_hold():
    assert RULES == SHAPE_RULES + MEANING_RULES
    assert all(isinstance(rule, type) for rule in RULES)


def test_a_plain_document_passes_with_the_rules_of_the_specification():
    assert codes('{ me(purpose: "p") { id name } }', [*specified_rules, *RULES]) == []


class TestShape:
    def test_depth_has_a_limit(self):
        assert codes(deep(limits.MOST_DEPTH)) == []
        assert codes(deep(limits.MOST_DEPTH + 1)) == ["COST_LIMIT_EXCEEDED"]

    def test_depth_is_measured_through_fragments(self):
        body = "{ inner " * 10 + "{ id }" + " }" * 10
        text = '{ me(purpose: "p") { ...A } } fragment A on Person { ... on Node { inner { ...B } } } '
        text += "fragment B on Person "
        assert codes(text + body) == ["COST_LIMIT_EXCEEDED"]
        assert codes(text + "{ id }") == []

    def test_a_fragment_within_itself_ends_the_measure(self):
        text = "{ ...A } fragment A on Query { ...B node { id } } fragment B on Query { ...A ...A }"
        assert codes(text) == []
        assert validate(SCHEMA, parse(text), specified_rules) != []

    def test_many_fragments_that_spread_each_other_are_walked_once(self):
        chain = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(40))
        assert codes("{ ...F0 } " + chain + "fragment F40 on Query { node { id } }") == []

    def test_introspection_fits(self):
        assert codes(get_introspection_query(descriptions=True, input_value_deprecation=True)) == []
        types = "ofType { " * limits.MOST_INTROSPECTION_DEPTH + "name" + " }" * limits.MOST_INTROSPECTION_DEPTH
        assert codes('{ __type(name: "Person") { ' + types + " } }") == ["COST_LIMIT_EXCEEDED"]

    def test_aliases_have_a_limit(self):
        def text(count):
            return "{ " + " ".join(f"a{n}: node {{ id }}" for n in range(count)) + " }"

        assert codes(text(limits.MOST_ALIASES)) == []
        assert codes(text(limits.MOST_ALIASES + 5)) == ["COST_LIMIT_EXCEEDED"]

    def test_directives_have_a_limit_in_a_place_and_in_all(self):
        assert codes("{ node { id " + "@mark " * 4 + "} }") == []
        assert codes("{ node { id " + "@mark " * 10 + "} }") == ["COST_LIMIT_EXCEEDED"]
        many = "{ " + " ".join(f"n{n} @mark @mark" for n in range(limits.MOST_DIRECTIVES // 2)) + "{more} }"
        assert codes(many.replace("{more}", ""), SHAPE_RULES) == []
        assert codes(many.replace("{more}", "x @mark"), SHAPE_RULES) == ["COST_LIMIT_EXCEEDED"]

    def test_fragments_have_a_limit(self):
        def text(count):
            return "{ node { id } } " + "".join(f"fragment F{n} on Query {{ node {{ id }} }} " for n in range(count))

        assert codes(text(limits.MOST_FRAGMENTS)) == []
        assert codes(text(limits.MOST_FRAGMENTS + 1)) == ["COST_LIMIT_EXCEEDED"]

    def test_one_field_may_not_stand_over_and_over(self):
        assert codes("{ node { " + "id " * limits.MOST_REPEATS + "} }") == []
        assert codes("{ node { " + "id " * (limits.MOST_REPEATS + 1) + "} }") == ["COST_LIMIT_EXCEEDED"]
        inline = "{ node { " + "... on Node { id } " * (limits.MOST_REPEATS + 1) + "} }"
        assert codes(inline) == ["COST_LIMIT_EXCEEDED"]

    def test_literal_lists_have_a_limit(self):
        def text(count):
            return '{ me(purpose: "p") { sheet(keys: [' + '"k" ' * count + "]) { rest } } }"

        assert codes(text(limits.MOST_ITEMS)) == []
        assert codes(text(limits.MOST_ITEMS + 1)) == ["COST_LIMIT_EXCEEDED"]

    @pytest.mark.parametrize(
        "text",
        [
            "{" + " a" * limits.MOST_TOKENS + "}",
            "{a" * 300 + "}" * 300,
            "{a(x:" + "[" * 300 + "]" * 300 + ")}",
            "#\n" * (limits.MOST_COMMENTS + 1) + "{a}",
        ],
    )
    def test_a_text_too_long_or_too_deep_to_parse_is_told_by_its_cost(self, text):
        with pytest.raises(GraphQLError) as refused:
            parsed(text)
        assert refused.value.extensions == {"code": "COST_LIMIT_EXCEEDED"}

    def test_a_text_that_is_no_document_is_a_syntax_error(self):
        with pytest.raises(GraphQLSyntaxError):
            parsed("{")
        assert parsed("{ a }").definitions


class TestCost:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("{ node { id } }", 1),
            ("{ node { inner { id } } }", 2),
            ("{ node { id } ...A } fragment A on Query { node { id } }", 2),
            ("{ gates { id } }", 10),
            ("{ lists { edges { node { id } } } }", 1 + 25 * 2),
            ("{ lists(first: 3) { edges { node { id } } } }", 1 + 3 * 2),
            ("query ($n: Int) { lists(first: $n) { edges { node { id } } } }", 1 + 100 * 2),
            ("{ lists(first: -3) { edges { node { id } } } }", 1),
            ('{ people(ids: ["a", "b"], purpose: "p") { sheet(keys: ["k"]) { entries { key } } } }', 2 * (1 + 1 + 1)),
            (
                "query ($i: [ID!]!, $k: [String!]!) "
                '{ people(ids: $i, purpose: "p") { sheet(keys: $k) { entries { key } } } }',
                50 * (1 + 1 + 50),
            ),
            ('{ ask(input: {purpose: "p", keys: ["a", "b"]}) { inner { text } } }', 2),
            ("query ($i: AskInput!) { ask(input: $i) { text } }", 1),
            ("mutation { write(input: {scope: {}}) { text } }", 11),
            ("{ __schema { types { name } } nothing { id } }", 0),
        ],
    )
    def test_an_object_costs_one_multiplied_through_lists_and_pages(self, text, expected):
        assert costs(text) == expected

    def test_the_most_a_partner_may_ask_passes_and_twice_that_does_not(self):
        ids = " ".join(f'"{n}"' for n in range(50))
        keys = " ".join(f'"{n}"' for n in range(200))
        text = f'people(ids: [{ids}], purpose: "p") {{ sheet(keys: [{keys}]) {{ entries {{ key }} }} }}'
        assert codes(f"{{ {text} }}") == []
        assert codes(f"{{ {text} b: {text} }}") == ["COST_LIMIT_EXCEEDED"]

    def test_a_typed_query_of_155_attributes_passes(self):
        rows = " ".join(
            f"f{n} {{ key outcome value withheld {{ reasons nextAction {{ kind keys }} }} }}" for n in range(155)
        )
        fields = "\n".join(f"f{n}: Attribute" for n in range(155))
        schema = build_schema(
            f"""
            scalar PurposeKey
            type Query {{ me(purpose: PurposeKey!): Profile }}
            type Profile {{ all: Domain }}
            type Domain {{ {fields} }}
            type Attribute {{ key: ID outcome: ID value: Float withheld: Withheld }}
            type Withheld {{ reasons: [ID!]! nextAction: Action }}
            type Action {{ kind: ID keys: [ID!]! }}
            """
        )
        document = parsed(f'{{ me(purpose: "p") {{ all {{ {rows} }} }} }}')
        assert validate(schema, document, [*specified_rules, *RULES]) == []


class TestPurpose:
    @pytest.mark.parametrize(
        "text",
        [
            '{ me(purpose: "a") { id } b: me(purpose: "b") { id } }',
            '{ me(purpose: "a") { id } ask(input: {purpose: "b", keys: []}) { text } }',
            '{ me(purpose: "a") { id } ...F } fragment F on Query { ... { b: me(purpose: "b") { id } } }',
            'query A { me(purpose: "a") { id } } query B { me(purpose: "b") { id } }',
            '{ me(purpose: "a") { id } b: me(purpose: "b") @include(if: false) { id } }',
        ],
    )
    def test_two_purposes_are_invalid(self, text):
        assert codes(text) == ["GRAPHQL_VALIDATION_FAILED"]

    @pytest.mark.parametrize(
        "text",
        [
            '{ me(purpose: "a") { id } b: me(purpose: "a") { id } ask(input: {purpose: "a", keys: []}) { text } }',
            "{ lists { edges { node { id } } } }",
            '{ me(purpose: "a") { id } impact(withdraw: {purpose: "b"}) { text } }',
            'mutation { write(input: {scope: {purpose: "a"}}) { text } '
            'b: write(input: {scope: {purpose: "b"}}) { text } }',
        ],
    )
    def test_one_purpose_or_none_is_fine_and_a_filter_is_no_purpose(self, text):
        assert codes(text) == []

    def test_purposes_in_variables_are_found_when_they_are_known(self):
        document = parse(
            "query Q($i: AskInput!, $p: PurposeKey!, $s: ScopeInput!) "
            "{ ask(input: $i) { text } me(purpose: $p) { id } impact(withdraw: $s) { text } "
            'x: me(purpose: "c") { id } } '
            'query Other { me(purpose: "d") { id } }'
        )
        variables = {"i": {"purpose": "a", "keys": []}, "p": "b", "s": {"purpose": "e"}}
        operation = document.definitions[0]
        assert purposes_asked(SCHEMA, document, operation=operation, variables=variables) == {"a", "b", "c"}
        assert purposes_asked(SCHEMA, document, operation=operation, variables={}) == {"c"}
        assert literal_purposes(SCHEMA, document) == {"c", "d"}
