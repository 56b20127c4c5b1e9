"""What graphql-cop and clairvoyance look for, by the names they give it: nothing of it is here, in production.

The tools themselves run under `make attack`, graphql-cop from a checkout, for nobody keeps it in a registry.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from gateway.negotiation import JSON, RESPONSE
from tests.support.gateway_here import OFFICER, PARTNER, PERSON, GatewayHere, gateway_here
from tests.support.house import ROOT
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio
IDES = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground")
DEEP = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"
WHO: Mapping[str, Mapping[str, Any] | None] = {
    "stranger": None,
    "client": PERSON,
    "partner": PARTNER,
    "officer": OFFICER,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of graphql-cop: what it sends, and what it calls a find."""

    sent: Mapping[str, Any]
    found: Callable[[httpx.Response], object]
    method: str = "POST"


def posted(text: str) -> Mapping[str, Any]:
    return {"json": {"query": f"query cop {text}", "operationName": "cop"}}


def given(answer: httpx.Response) -> Mapping[str, Any]:
    body = answer.json()
    return (body.get("data") or {}) if isinstance(body, dict) else {}


def first(answer: httpx.Response) -> Mapping[str, Any]:
    errors = answer.json().get("errors") or [{}]
    return dict(errors[0])


COP = {
    "field_suggestions": Check(posted("{ __schema { directive } }"), lambda one: "Did you mean" in one.text),
    "introspection": Check(
        posted("{ __schema { types { name fields { name } } } }"), lambda one: given(one)["__schema"]
    ),
    "detect_graphiql": Check(
        {"headers": {"Accept": "text/html"}}, lambda one: any(word in one.text for word in IDES), "GET"
    ),
    "get_method_support": Check({"params": {"query": "query cop {__typename}"}}, lambda one: given(one), "GET"),
    "alias_overloading": Check(
        posted("{ " + " ".join(f"alias{place}: __typename" for place in range(101)) + " }"),
        lambda one: given(one)["alias100"],
    ),
    "batch_query": Check(
        {"json": [{"query": "query cop { __typename }"}] * 10}, lambda one: isinstance(one.json(), list)
    ),
    "trace_mode": Check(posted("{ __typename }"), lambda one: "tracing" in one.text),
    "directive_overloading": Check(
        posted("{ __typename " + "@aa" * 10 + " }"), lambda one: len(one.json()["errors"]) == 10
    ),
    "circular_query_introspection": Check(posted(DEEP), lambda one: given(one)["__schema"]),
    "get_based_mutation": Check({"params": {"query": "mutation cop {__typename}"}}, lambda one: given(one), "GET"),
    "post_based_csrf": Check({"data": {"query": "query cop { __typename }"}}, lambda one: given(one)),
    "unhandled_error_detection": Check(
        {"json": {"query": "qwerty cop { abc }"}}, lambda one: "exception" in first(one).get("extensions", {})
    ),
    "field_duplication": Check(posted("{ " + "__typename " * 500 + "}"), lambda one: given(one)["__typename"]),
}
# An officer may introspect, in production too (4.2); no circle in it, for that is too deep or too costly.
ALLOWED = {("officer", "introspection")}


@pytest.fixture(scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayHere]:
    operator = Operator.at(tmp_path_factory.mktemp("tools"))
    async with gateway_here(operator, DEVELOPMENT=None, RATE="100000/second") as found:
        yield found


def shown(here: GatewayHere, who: str, media: str = RESPONSE) -> dict[str, str]:
    claims = WHO[who]
    return {"Accept": media} | ({} if claims is None else {"Authorization": f"Bearer {here.token(claims)}"})


@pytest.mark.parametrize("check", COP)
@pytest.mark.parametrize("who", WHO)
async def test_graphql_cop_finds_nothing(here: GatewayHere, who: str, check: str) -> None:
    asked = COP[check]
    for media in (RESPONSE, JSON):
        more = {**asked.sent, "headers": shown(here, who, media) | asked.sent.get("headers", {})}
        answer = await here.http.request(asked.method, "/graphql", **more)
        assert found(asked, answer) == ((who, check) in ALLOWED), answer.text[:300]


def found(check: Check, answer: httpx.Response) -> bool:
    try:
        return bool(check.found(answer))
    except KeyError:
        return False


@pytest.mark.parametrize("who", ["stranger", "client", "partner"])
async def test_clairvoyance_hears_the_same_of_every_word(here: GatewayHere, who: str) -> None:
    words = sorted({*re.findall(r"\b[a-z]\w+\b", (ROOT / "schema" / "client.graphql").read_text()), "nothing", "a"})
    heard = set()
    for word in words:
        answer = await here.http.post("/graphql", json={"query": f"{{ {word} {{ id }} }}"}, headers=shown(here, who))
        heard.add((answer.status_code, answer.content))
    assert len(heard) == 1
    assert len(words) > 100


@pytest.mark.parametrize("who", ["client", "partner"])
@pytest.mark.parametrize(
    "text", ["{ __schema { types { name } } }", '{ __type(name: "Query") { name } }', "{ a: __schema { __typename } }"]
)
async def test_a_registered_document_cannot_introspect_either(here: GatewayHere, who: str, text: str) -> None:
    claims = WHO[who]
    assert claims is not None
    recipient = "acme" if who == "partner" else "house"
    answer = await here.post({"documentId": await here.registers(recipient, text)}, who=claims)
    assert (answer.status_code, list(answer.json())) == (422, ["errors"]), answer.text


async def test_a_registered_document_may_ask_what_its_own_types_are_called(here: GatewayHere) -> None:
    text = "{ __typename access { __typename } }"
    answer = await here.post({"documentId": await here.registers("acme", text)}, who=PARTNER)
    assert answer.json()["data"] == {"__typename": "Query", "access": {"__typename": "Access"}}
