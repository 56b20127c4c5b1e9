"""A document on its way into the registry: held to the door, one operation, a literal purpose; its keys are found."""

import hashlib

import pytest

from graph.catalogue import compiled
from graph.terms import Audience
from resolvers.problems import Problem, ProblemKind, Refused
from schema.document_check import Contracts, Facts
from tests.support.executing import TYPED_TABLES, doors
from tests.support.worlds_resolvers import ADS, GUESS, HEIGHT, HOBBY, PLAY, TOPICS, TURNING

PLACE = ("documents", "0")


@pytest.fixture(scope="module")
def checked():
    """Return what checks a document for `PLAY`, or for another purpose."""
    catalogue = compiled(TYPED_TABLES)
    contracts = Contracts(doors(catalogue), catalogue)
    return lambda body, purpose=PLAY: contracts.facts(body, purpose, PLACE)


def refused(checked, body, purpose=PLAY):
    with pytest.raises(Refused) as found:
        checked(body, purpose)
    return found.value.problem


def problem(code, message, where="body"):
    return Problem(ProblemKind.INVALID_INPUT, code, message, (*PLACE, where))


def partners(text, keys=f'["{HOBBY}"]', variables=""):
    return f'query Q{variables} {{ subject(id: "a", purpose: "{text}") {{ sheet(keys: {keys}) {{ notAvailable }} }} }}'


def test_a_document_is_known_by_the_hash_of_its_text(checked):
    body = partners(PLAY) + "\r\n# ü"
    assert checked(body) == Facts("sha256:" + hashlib.sha256(body.encode()).hexdigest(), (HOBBY,), Audience.PARTNER)


def test_a_document_is_known_by_whose_contract_it_holds_for(checked):
    client = f'{{ me(purpose: "{PLAY}") {{ id }} }}'
    assert [checked(body).audience for body in (client, partners(PLAY))] == [Audience.CLIENT, Audience.PARTNER]


@pytest.mark.parametrize(
    ("body", "open_ended"),
    [
        (partners(PLAY), False),
        (partners(PLAY, variables="($id: ID!)").replace('"a"', "$id"), False),
        (partners(PLAY, "$keys", "($keys: [AttributeKey!]!, $id: ID!)").replace('"a"', "$id"), True),
        (partners(PLAY, f'["{HOBBY}", $key]', "($key: AttributeKey!)"), True),
        ("mutation M($input: GiveConsentInput!) { giveConsent(input: $input) { __typename } }", False),
        (
            'mutation M($values: [ValueInput!]!) { recordValues(input: {idempotencyKey: "k", '
            f'purpose: "{PLAY}", values: $values}}) {{ __typename }} }}',
            True,
        ),
    ],
)
def test_variables_that_may_bring_further_keys_are_noticed(checked, body, open_ended):
    assert checked(body).open_ended is open_ended


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        (partners(PLAY, f'["{HOBBY}", "no.such", "{HOBBY}"]'), (HOBBY, "no.such")),
        (partners(PLAY, "$keys", "($keys: [AttributeKey!]!)"), ()),
        (partners(PLAY, "$keys", f'($keys: [AttributeKey!]! = ["{HEIGHT}", "{HOBBY}"])'), (HEIGHT, HOBBY)),
        (partners(PLAY, f'"{HEIGHT}"'), (HEIGHT,)),
        (partners(PLAY, f'[$key, "{HEIGHT}"]', "($key: AttributeKey!)"), (HEIGHT,)),
        ("{ access { keys } }", ()),
        (
            f'{{ me(purpose: "{PLAY}") {{ hobby {{ list {{ value }} }} body {{ h: heightCm {{ low }} }} }} }}',
            (HOBBY, HEIGHT),
        ),
        (
            f'{{ me(purpose: "{PLAY}") {{ ...A ... @skip(if: true) {{ hobby {{ guess {{ value }} }} }} }} }} '
            "fragment A on Profile { comfort { turning @include(if: false) { value } } }",
            (GUESS, TURNING),
        ),
        (
            f'{{ preflight(input: {{purpose: "{PLAY}", required: "{HOBBY}", optional: ["{HEIGHT}"]}}) {{ granted }} }}',
            (HOBBY, HEIGHT),
        ),
        (
            f'mutation M($k: ID!) {{ recordValues(input: {{idempotencyKey: $k, purpose: "{PLAY}", '
            f'values: {{key: "{HEIGHT}", float: 170, sources: ["{HOBBY}"]}}}}) {{ __typename }} }}',
            (HEIGHT, HOBBY),
        ),
        ("{ __typename }", ()),
    ],
)
def test_the_keys_a_document_names_are_found_wherever_they_stand(checked, body, keys):
    assert checked(body).keys == keys


def test_a_typed_field_is_a_clients_alone_though_its_domain_is_called_as_a_partners_type(checked):
    assert checked("{ access { keys } }").keys == ()
    assert checked(f'{{ me(purpose: "{PLAY}") {{ access {{ keys {{ value }} }} }} }}').keys == (TOPICS,)


@pytest.mark.parametrize(
    "body",
    [
        partners(PLAY),
        f'{{ a: me(purpose: "{PLAY}") {{ id }} b: me(purpose: "{PLAY}") {{ id }} }}',
        f'{{ ...A }} fragment A on Query {{ me(purpose: "{PLAY}") {{ id }} }}',
        f'{{ offer(input: {{purpose: "{PLAY}", keys: []}}) {{ token }} '
        'impact(withdraw: {purpose: "ads"}) { recipients { keys } } }',
        f'query Q($keys: [AttributeKey!]!) {{ offer(input: {{purpose: "{PLAY}", keys: $keys}}) {{ token }} }}',
    ],
)
def test_a_document_is_registered_for_the_purpose_it_names(checked, body):
    assert checked(body).id.startswith("sha256:")
    assert refused(checked, body, ADS) == problem(
        "PURPOSE_MISMATCH",
        "the document names another purpose than the one it is registered for; make them equal",
        "purpose",
    )


@pytest.mark.parametrize(
    "body",
    [
        "{ consents { edges { cursor } } }",
        "query Q($scope: ScopeInput!) { impact(withdraw: $scope) { attributesStopped } }",
        'mutation M { withdrawConsent(input: {idempotencyKey: "k", scope: {purpose: "play"}}) { __typename } }',
        "mutation M($input: GiveConsentInput!) { giveConsent(input: $input) { __typename } }",
    ],
)
def test_of_a_document_without_a_purpose_the_stated_one_is_ignored(checked, body):
    assert checked(body, "nothing.there.is").keys == ()


@pytest.mark.parametrize(
    "body",
    [
        "query Q($purpose: PurposeKey!) { me(purpose: $purpose) { id } }",
        f'query Q($purpose: PurposeKey! = "{PLAY}") {{ me(purpose: $purpose) {{ id }} }}',
        "query Q($id: ID!, $purpose: PurposeKey!) { subject(id: $id, purpose: $purpose) { id } }",
        "query Q($purpose: PurposeKey!) { offer(input: {purpose: $purpose, keys: []}) { token } }",
        "query Q($input: OfferInput!) { offer(input: $input) { token } }",
        "mutation M($input: RecordValuesInput!) { recordValues(input: $input) { __typename } }",
        "query Q($p: PurposeKey!) { ...A } fragment A on Query { me(purpose: $p) @include(if: true) { id } }",
    ],
)
def test_a_purpose_may_not_come_from_a_variable(checked, body):
    told = "the document takes its purpose from a variable; write it as a literal"
    assert refused(checked, body) == problem("PURPOSE_VARIABLE", told)


@pytest.mark.parametrize("body", [f"{partners(PLAY)} query R {{ access {{ keys }} }}", ""])
def test_a_document_has_exactly_one_operation(checked, body):
    assert refused(checked, body).code == ("ONE_OPERATION" if body else "DOCUMENT_UNPARSABLE")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{", "the document does not parse: Syntax Error: Expected Name, found <EOF>."),
        ("{ a }" + "#\n" * 501, "the document does not parse: the document is too long"),
        ("{a" * 5000 + "}" * 5000, "the document does not parse: the document is too long or nests too deeply"),
        ("{ a(x:" + "[" * 2000 + "]" * 2000 + ") }", "the document does not parse: the document is too long or nests"),
    ],
)
def test_what_does_not_parse_or_is_too_long_is_told_so(checked, body, told):
    found = refused(checked, body)
    assert (found.code, found.message[: len(told)], found.path) == ("DOCUMENT_UNPARSABLE", told, (*PLACE, "body"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{ nothing }", "mend it (as a partner's: Cannot query field 'nothing' on type 'Query'; as a client's: Cannot"),
        (f'{{ a: me(purpose: "{PLAY}") {{ id }} b: me(purpose: "{ADS}") {{ id }} }}', "names two purposes"),
        ('{ me(purpose: "play") { id } }', "as a client's: `play` has narrower purposes; name one leaf"),
        ('{ me(purpose: "no.such") { id } }', "as a client's: `no.such` is no purpose of the catalogue"),
        ("{ me(purpose: null) { id } }", "as a client's: "),
        (partners("play"), "as a partner's: `play` has narrower purposes; name one leaf"),
        (f'{{ me(purpose: "{PLAY}") {{ sheet(keys: ["no.such"]) {{ revision }} }} }}', "`no.such` is no attribute"),
        (f'{{ me(purpose: "{PLAY}") {{ sheet(keys: "") {{ revision }} }} }}', "`` is no attribute of the catalogue"),
        ('{ impact(withdraw: {channel: "no_such"}) { recipients { keys } } }', "`no_such` is no channel"),
        ('{ impact(withdraw: {category: "no.such"}) { recipients { keys } } }', "`no.such` is no category"),
        ("{ consents(first: 100) { edges { node { notice { body } } } } }" * 2, "operation"),
        ("{ " + " ".join(f"a{n}: access {{ keys }}" for n in range(40)) + " }", "aliases"),
        ("{ me { id } }", "as a client's: Argument 'Query.me(purpose:)' of type 'PurposeKey!' is required"),
        ("mutation { eraseSubject(input: {}) { __typename } }", "as a client's: "),
    ],
)
def test_what_the_door_would_refuse_is_refused_here(checked, body, told):
    found = refused(checked, body)
    assert (found.code, found.path) == ("DOCUMENT_INVALID", (*PLACE, "body"))
    assert told in found.message
