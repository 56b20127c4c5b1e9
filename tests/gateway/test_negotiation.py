"""Which media type an answer is in, and which bodies are read (GraphQL over HTTP, RFC 9110)."""

import pytest

from gateway.negotiation import JSON, RESPONSE, answer_type, is_json


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        (None, RESPONSE),
        ("", RESPONSE),
        ("  ", RESPONSE),
        ("*/*", RESPONSE),
        ("application/*", RESPONSE),
        (RESPONSE, RESPONSE),
        (JSON, JSON),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{RESPONSE};q=0.9, {JSON}", JSON),
        (f"{RESPONSE}; charset=utf-8, {JSON};q=0.9", RESPONSE),
        (f"{RESPONSE};Q=0.1, {JSON};q=0.9", JSON),
        ("APPLICATION/JSON", JSON),
        (f"text/html, {JSON}", JSON),
        (f"{JSON}, */*;q=0.1", JSON),
        (f"{RESPONSE};q=0, */*", JSON),
        (f"{JSON};q=0, application/*;q=0.5", RESPONSE),
        ("text/html", None),
        ("image/*", None),
        ("*/*;q=0", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=half", None),
        (f"{JSON};q=-1", None),
        (f"{JSON};q=7, {RESPONSE};q=1", RESPONSE),
    ],
)
def test_an_answer_is_in_what_the_client_ranks_highest(accept: str | None, found: str | None) -> None:
    assert answer_type(accept) == found


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("application/json", True),
        ("Application/JSON", True),
        ("application/json; charset=utf-8", True),
        ('application/json;charset="UTF-8"', True),
        ("application/json; charset=utf8; odd=1", True),
        ("application/json; charset=utf-16", False),
        ("application/json; charset=latin-1", False),
        ("application/graphql-response+json", False),
        ("text/plain", False),
        ("application/json, text/plain", False),
        ("", False),
        (None, False),
    ],
)
def test_a_body_is_json_in_utf_8_and_nothing_else(kind: str | None, read: bool) -> None:
    assert is_json(kind) is read
