"""A text as long as a body may carry, in every place the contract takes one: refused or answered, never a fault."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest

from graph.pack import REFERENCE, load
from graph.terms import Audience
from schema.build import contracts
from tests.support.gateway_running import GatewayRunning
from tests.support.graphql_client import Answer
from tests.support.hostile_arguments import Hostile, hostile

pytestmark = pytest.mark.journey
LENGTH = 60_000  # what a body of 64 KiB has room for
TEXTS = {"long": "x" * LENGTH, "wide": "ü" * (LENGTH // 2), "odd": "\0'\"`${}\u2028" * 100, "empty": ""}
PURPOSE = "personalize.size_fit"
WORDS: Mapping[str, Any] = {
    "ID": "x",
    "String": "x",
    "DateTime": "2030-01-01T00:00:00.000Z",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "PurposeKey": PURPOSE,
    "AttributeKey": "body.height",
    "CategoryKey": "user.demographic",
    "ChannelKey": "web",
}
FAULTS = {"INTERNAL", "UNAVAILABLE", "TIMEOUT"}
BESIDE: tuple[tuple[str, ...], ...] = (
    ("query",),
    ("operationName",),
    ("documentId",),
    ("doc_id",),
    ("extensions", "persistedQuery", "sha256Hash"),
    ("extensions", "consistencyToken"),
    *(("extensions", "session", name) for name in ("id", "occupancy", "visibility", "place")),
)


def _made(audience: Audience) -> list[Hostile]:
    return list(hostile(contracts(load(REFERENCE).catalogue)[audience].core, WORDS))


def _wrong(answer: Answer) -> bool:
    return answer.status >= 500 or bool(FAULTS & set(answer.codes)) or len(answer.content) > LENGTH // 2


def _told(answers: Iterator[tuple[str, Answer]]) -> list[tuple[str, int, bytes]]:
    return [(place, answer.status, answer.content[:300]) for place, answer in answers if _wrong(answer)]


def test_any_text_in_any_argument_is_refused_or_answered(fresh: GatewayRunning) -> None:
    for audience, role in ((Audience.CLIENT, "noor_phone"), (Audience.GOVERNANCE, "officer")):
        client, made = fresh.role(role), _made(audience)
        sent = ((one.place, client.ask(one.document, one.with_text(text))) for one in made for text in TEXTS.values())

        assert len(made) > 20, "the schema was walked"
        assert _told(sent) == []
        assert client.ask("{ __typename }").answered


def test_any_text_in_any_argument_of_a_registered_document_is_refused_or_answered(demo: GatewayRunning) -> None:
    brand = demo.role("brightwear")
    made = {one.place: one for one in _made(Audience.PARTNER) if "purpose" not in one.path[0]}
    documents = {place: _registered(demo, one) for place, one in made.items()}
    sent = (
        (place, brand.post({"documentId": documents[place], "variables": one.with_text(text)}))
        for place, one in made.items()
        for text in TEXTS.values()
    )

    assert made.keys() >= {"subject.id", "subjects.ids", "subject.sheet.keys"}
    assert _told(sent) == []


@pytest.mark.parametrize("path", BESIDE, ids=".".join)
def test_any_text_beside_the_arguments_is_refused_or_answered(demo: GatewayRunning, path: tuple[str, ...]) -> None:
    named = path[0] in ("documentId", "doc_id") or path[-1] == "sha256Hash"
    client, body = demo.role("noor_phone"), {} if named else {"query": "{ devices { id } }"}

    assert _told((name, client.post(_within(body, path, text))) for name, text in TEXTS.items()) == []


def _within(body: Mapping[str, Any], path: tuple[str, ...], text: str) -> dict[str, Any]:
    first, *rest = path
    return {**body, first: _within(body.get(first, {}), tuple(rest), text) if rest else text}


def _registered(demo: GatewayRunning, one: Hostile) -> str:
    """Register a document for a brand, its purpose written out; return its id."""
    declared, _, body = one.document.partition(") ")
    name, given = next((name, given) for name, given in one.variables.items() if name.startswith("purpose"))
    body = body.replace(f"${name}", json.dumps(given))
    rest = ", ".join(part for part in declared.partition("(")[2].split(", ") if not part.startswith(f"${name}:"))
    row = {"name": "Hostile", "body": f"query Hostile({rest}) {body}", "purpose": PURPOSE, "operation": "DISCLOSE"}
    sent = {"idempotencyKey": uuid4().hex, "recipientId": "brightwear", "documents": [row]}
    told = "... on DocumentsRegistered { documents { id } } ... on Problem { code path }"
    text = f"mutation($input: RegisterDocumentsInput!) {{ act: registerDocuments(input: $input) {{ {told} }} }}"
    found = demo.role("officer").ask(text, {"input": sent}).answered["act"]
    return str(found["documents"][0]["id"])
