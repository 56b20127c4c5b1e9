"""The body of a request: each way to name a document, the session a client claims, and what is no request."""

import json
from typing import Any

import pytest

from gateway.asked import LONGEST_ID, Asked, BadRequest, read
from graph.decision.request import Claims
from graph.terms import Occupancy, Visibility
from resolvers.context import Session

ID = "sha256:" + "a" * 64
CANARY = "canary-tangerine"


def asked(**body: Any) -> Asked:
    return read(json.dumps(body).encode())


def fault(body: bytes) -> str:
    with pytest.raises(BadRequest) as refused:
        read(body)
    return str(refused.value)


def test_text_with_its_variables_and_the_name_of_an_operation() -> None:
    assert asked(query="{ a }", variables={"b": [1]}, operationName="Q", unknown=1) == Asked(
        text="{ a }", document_id=None, variables={"b": [1]}, operation_name="Q", session=Session()
    )


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": ID},
        {"doc_id": ID},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ID}}},
        {"documentId": ID, "doc_id": "other", "variables": None, "extensions": None, "operationName": None},
        {"documentId": ID, "query": "", "operationName": "", "doc_id": ""},
        {"doc_id": ID, "query": "", "documentId": ""},
        {"query": "", "extensions": {"persistedQuery": {"sha256Hash": ID}}},
    ],
)
def test_a_registered_document_is_named_in_three_ways(body: dict[str, Any]) -> None:
    assert asked(**body) == Asked(text=None, document_id=ID)


def test_a_document_that_is_empty_is_one_where_no_id_is() -> None:
    assert asked(query="", documentId="") == Asked(text="")


def test_text_beside_apollos_hash_is_text() -> None:
    found = asked(query="{ a }", extensions={"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}})
    assert (found.text, found.document_id) == ("{ a }", None)


def test_a_client_says_what_it_likes_of_its_session() -> None:
    said = {"id": "s1", "occupancy": "SHARED", "visibility": "VISIBLE_BLURRED", "place": "SCHOOL"}
    assert asked(query="{ a }", extensions={"session": said, "other": 1}).session == Session(
        "s1", Claims(occupancy=Occupancy.SHARED, visibility=Visibility.VISIBLE_BLURRED, place="SCHOOL")
    )
    assert asked(query="{ a }", extensions={"session": {}}).session == Session()


def test_a_token_comes_back_as_it_is_and_is_never_shown() -> None:
    found = asked(query="{ a }", extensions={"consistencyToken": CANARY})
    assert (found, CANARY in repr(found)) == (Asked(text="{ a }", consistency_token=CANARY), False)
    assert asked(query="{ a }", extensions={"consistencyToken": None}) == Asked(text="{ a }")


@pytest.mark.parametrize("id_", ["s", "s" * LONGEST_ID])
def test_a_session_has_an_id_of_some_length(id_: str) -> None:
    assert asked(query="{ a }", extensions={"session": {"id": id_}}).session.id == id_


@pytest.mark.parametrize(
    ("session", "said"),
    [
        ({"id": ""}, "`extensions.session.id` is a text of 1 to 200 characters; "),
        ({"id": "s" * (LONGEST_ID + 1)}, "`extensions.session.id` is a text of 1 to 200 characters; "),
        ({"place": "work"}, "`extensions.session.place` is one upper-case word, "),
        ({"place": ""}, "`extensions.session.place` is one upper-case word, "),
        ({"place": "A" * 33}, "`extensions.session.place` is one upper-case word, "),
        ({"occupancy": CANARY}, "`extensions.session.occupancy` is one of SHARED, UNKNOWN, PRIVATE"),
        ({"visibility": CANARY}, "`extensions.session.visibility` is one of HIDDEN, VISIBLE_BLURRED, VISIBLE"),
        ({"mood": CANARY}, "the body is no GraphQL request at `$.extensions.session`"),
        ({"id": 7}, "the body is no GraphQL request at `$.extensions.session.id`"),
        ("s1", "the body is no GraphQL request at `$.extensions.session`"),
    ],
)
def test_a_session_that_says_other_words_is_refused_without_repeating_them(session: object, said: str) -> None:
    found = fault(json.dumps({"query": "{ a }", "extensions": {"session": session}}).encode())
    assert found.startswith(said)
    assert CANARY not in found


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is not JSON in UTF-8; "),
        (b'{"query": "{ a }"', "the body is not JSON in UTF-8; "),
        (b'{"query": "canary-tangerine}', "the body is not JSON in UTF-8; "),
        (b'{"query": "\xff"}', "the body is not JSON in UTF-8; "),
        (b"\xff\xfe{\x00}\x00", "the body is not JSON in UTF-8; "),
        (b'{"variables": {"a": ' + b"[" * 100_000, "the body is not JSON in UTF-8; "),
        (b"null", "the body is no GraphQL request at `$`; "),
        (b"[]", "the body is no GraphQL request at `$`; "),
        (b'[{"query": "{ a }"}]', "the body is no GraphQL request at `$`; "),
        (b'{"query": ["canary-tangerine"]}', "the body is no GraphQL request at `$.query`; "),
        (b'{"query": "{ a }", "variables": "canary-tangerine"}', "the body is no GraphQL request at `$.variables`; "),
        (b'{"query": "{ a }", "operationName": 1}', "the body is no GraphQL request at `$.operationName`; "),
        (
            b'{"query": "{ a }", "extensions": {"consistencyToken": ["canary-tangerine"]}}',
            "the body is no GraphQL request at `$.extensions.consistencyToken`; ",
        ),
        (
            b'{"extensions": {"persistedQuery": {}}}',
            "the body is no GraphQL request at `$.extensions.persistedQuery`; ",
        ),
        (b"{}", "neither a document nor a document's id is there; send `query` or `documentId`"),
        (b'{"query": null}', "neither a document nor a document's id is there; "),
        (
            b'{"extensions": {"persistedQuery": {"sha256Hash": ""}}}',
            "neither a document nor a document's id is there; ",
        ),
        (b'{"documentId": ""}', "neither a document nor a document's id is there; "),
        (b'{"query": "{ a }", "documentId": "x"}', "both `query` and `documentId` are there; send one of them"),
    ],
)
def test_what_is_no_request_is_refused_without_repeating_it(body: bytes, said: str) -> None:
    found = fault(body)
    assert found.startswith(said)
    assert CANARY not in found


def test_variables_are_not_in_what_a_request_says_of_itself() -> None:
    assert CANARY not in repr(asked(query="{ a }", variables={"b": CANARY}))
