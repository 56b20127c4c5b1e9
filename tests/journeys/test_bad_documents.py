"""Documents that cannot be run: what each is answered in the new media type and in the old one."""

import pytest

from tests.support.asking import Asking
from tests.support.canaries import PLANTED_WORD
from tests.support.documents import SHEET
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import MODERN, OLD, Answer

pytestmark = pytest.mark.journey

COMFORT, PRODUCTS = "personalize.system.comfort", "personalize.recommendation.product"
NOBODYS = "sha256:" + "0" * 64


def literal(purpose: str, key: str = "xr.comfort.turning") -> str:
    return f'{{ me(purpose: "{purpose}") {{ sheet(keys: ["{key}"]) {{ withheld {{ key }} }} }} }}'


def test_an_unknown_document_is_not_found(demo: GatewayRunning) -> None:
    _expect(demo, {"documentId": NOBODYS}, 400, "PERSISTED_DOCUMENT_NOT_FOUND")
    hashed = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    _expect(demo, hashed, 400, "PERSISTED_DOCUMENT_NOT_FOUND")
    _expect(demo, {"doc_id": "0" * 64}, 400, "PERSISTED_DOCUMENT_NOT_FOUND")


def test_a_partner_may_not_send_text_even_in_development(demo: GatewayRunning) -> None:
    _expect(demo, {"query": "{ access { recipientName } }"}, 403, "PERSISTED_DOCUMENT_REQUIRED", "brightwear")


@pytest.mark.parametrize("text", ["{", "query {", "{ me(purpose: ) { id } }", "", "😀", "{ a } }"])
def test_an_unparsable_document_is_told_where(demo: GatewayRunning, text: str) -> None:
    answer = _expect(demo, {"query": text}, 400, "GRAPHQL_PARSE_FAILED")
    assert answer.body["errors"][0]["locations"]


@pytest.mark.parametrize(
    "text",
    [
        "{ nothing }",
        "{ me { id } }",
        "{ me(purpose: 1) { id } }",
        "query($a: Nothing) { devices { id } }",
        "{ device { id } }",
    ],
)
def test_an_invalid_document_is_told_so_and_no_name_is_suggested(demo: GatewayRunning, text: str) -> None:
    answer = _expect(demo, {"query": text}, 422, "GRAPHQL_VALIDATION_FAILED")
    assert b"Did you mean" not in answer.content


def test_two_purposes_in_one_document_are_invalid_as_literals(demo: GatewayRunning) -> None:
    text = f'{{ a: me(purpose: "{COMFORT}") {{ id }} b: me(purpose: "{PRODUCTS}") {{ id }} }}'
    _expect(demo, {"query": text}, 422, "GRAPHQL_VALIDATION_FAILED")


def test_two_purposes_in_one_document_are_invalid_as_variables(demo: GatewayRunning) -> None:
    text = "query($a: PurposeKey!, $b: PurposeKey!) { a: me(purpose: $a) { id } b: me(purpose: $b) { id } }"
    answer = Asking(demo.role("noor_headset")).client.ask(text, {"a": COMFORT, "b": PRODUCTS})
    assert (answer.status, answer.codes) == (422, ["BAD_USER_INPUT"])
    same = Asking(demo.role("noor_headset")).client.ask(text, {"a": COMFORT, "b": COMFORT})
    assert same.answered["a"] == same.answered["b"]


def test_no_purpose_at_all_is_fine(demo: GatewayRunning) -> None:
    assert demo.role("noor_headset").ask("{ consents { edges { cursor } } }").answered


def test_an_unknown_purpose_is_refused_as_a_literal_and_as_a_variable(demo: GatewayRunning) -> None:
    _expect(demo, {"query": literal("entertain.nobody")}, 422, "GRAPHQL_VALIDATION_FAILED")
    _variables(demo, {"purpose": "entertain.nobody", "keys": ["xr.comfort.turning"]})


def test_a_purpose_that_is_no_leaf_is_refused_as_a_literal_and_as_a_variable(demo: GatewayRunning) -> None:
    _expect(demo, {"query": literal("personalize.system")}, 422, "GRAPHQL_VALIDATION_FAILED")
    _variables(demo, {"purpose": "personalize.system", "keys": ["xr.comfort.turning"]})


def test_an_unknown_attribute_is_refused_as_a_literal_and_as_a_variable(demo: GatewayRunning) -> None:
    _expect(demo, {"query": literal(COMFORT, "xr.comfort.nothing")}, 422, "GRAPHQL_VALIDATION_FAILED")
    _variables(demo, {"purpose": COMFORT, "keys": ["xr.comfort.nothing"]})


def test_an_unknown_channel_is_refused_as_a_literal_and_as_a_variable(demo: GatewayRunning) -> None:
    act = 'withdrawConsent(input: {idempotencyKey: "a", scope: {channel: %s}}) { __typename }'
    _expect(demo, {"query": "mutation { %s }" % (act % '"crystal_ball"')}, 422, "GRAPHQL_VALIDATION_FAILED")
    by_variable = "mutation($channel: ChannelKey) { %s }" % (act % "$channel")
    body: dict[str, object] = {"query": by_variable, "variables": {"channel": "crystal_ball"}}
    _expect(demo, body, 422, "BAD_USER_INPUT")


def test_a_value_of_the_wrong_type_is_refused_without_being_repeated(demo: GatewayRunning) -> None:
    inside = 'input: {idempotencyKey: "a", purpose: "%s", values: [{key: "body.height", float: %s}]}'
    literally = "mutation { recordValues(%s) { __typename } }" % (inside % (COMFORT, f'"{PLANTED_WORD}"'))
    answer = _expect(demo, {"query": literally}, 422, "GRAPHQL_VALIDATION_FAILED")
    assert PLANTED_WORD.encode() not in answer.content
    by_variable = "mutation($float: Float) { recordValues(%s) { __typename } }" % (inside % (COMFORT, "$float"))
    answer = _expect(demo, {"query": by_variable, "variables": {"float": PLANTED_WORD}}, 422, "BAD_USER_INPUT")
    assert PLANTED_WORD.encode() not in answer.content


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ('{key: "profile.given_name", strin: "%s"}', 422),
        ('{string: "%s"}', 422),
        ('{key: "profile.given_name", string: %s}', 400),
        ('{key: "profile.given_name", string: ["%s"]}', 422),
        ('{key: "profile.given_name", string: "a" "%s"}', 400),
        ('{key: "profile.given_name", string: """a""" %s %s}', 400),
        ('{key: "profile.given_name", string: "\\u{%s}"}', 400),
    ],
)
def test_a_value_written_wrongly_is_refused_without_being_repeated(
    demo: GatewayRunning, written: str, status: int
) -> None:
    value = written.replace("%s", PLANTED_WORD)
    inside = f'idempotencyKey: "a", purpose: "{COMFORT}", values: [{value}]'
    text = f"mutation {{ recordValues(input: {{{inside}}}) {{ __typename }} }}"

    answer = demo.role("noor_headset").ask(text)

    assert answer.status == status
    assert PLANTED_WORD[:4].encode() not in answer.content


def test_an_operation_that_is_not_named_among_several_is_refused(demo: GatewayRunning) -> None:
    text = "query A { devices { id } } query B { devices { id } }"
    assert demo.role("noor_headset").ask(text).status in (400, 422)
    assert demo.role("noor_headset").ask(text, operationName="B").answered == {"devices": _anything(demo)}


def _anything(gateway: GatewayRunning) -> object:
    return gateway.role("noor_headset").ask("{ devices { id } }").answered["devices"]


def _variables(gateway: GatewayRunning, variables: dict[str, object]) -> None:
    _expect(gateway, {"query": SHEET, "variables": variables}, 422, "BAD_USER_INPUT")


def _expect(
    gateway: GatewayRunning, body: dict[str, object], status: int, code: str, role: str = "noor_headset"
) -> Answer:
    """Expect one status in the new media type, and the same body under 200 in the old one."""
    modern = gateway.role(role).post(body, {"Accept": MODERN})
    old = gateway.role(role).post(body, {"Accept": OLD})
    assert (modern.status, set(modern.codes)) == (status, {code})
    assert (old.status, set(old.codes)) == (200, {code})
    assert modern.headers["Content-Type"].startswith(MODERN)
    assert old.headers["Content-Type"].startswith(OLD)
    assert "data" not in modern.body
    return modern
