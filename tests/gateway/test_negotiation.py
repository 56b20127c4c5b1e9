"""Which media type an answer is in, and which bodies are read (GraphQL over HTTP, RFC 9110)."""

import pytest

from gateway.negotiation import ANY, JSON, RESPONSE, answer_type, is_json, spoken


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        (None, ANY),
        ("", ANY),
        ("  ", ANY),
        ("*/*", ANY),
        ("application/*", ANY),
        (RESPONSE, RESPONSE),
        (JSON, JSON),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{RESPONSE};q=0.9, {JSON}", JSON),
        (f"{RESPONSE}; charset=utf-8, {JSON};q=0.9", RESPONSE),
        (f"{RESPONSE};Q=0.1, {JSON};q=0.9", JSON),
        ("text/html, */*;q=0.8", ANY),
        (f"{RESPONSE}, */*", RESPONSE),
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
    ("media", "status", "told"),
    [
        (ANY, 200, JSON),
        (ANY, 299, JSON),
        (ANY, 300, RESPONSE),
        (ANY, 422, RESPONSE),
        (JSON, 200, JSON),
        (JSON, 429, JSON),
        (RESPONSE, 200, RESPONSE),
        (RESPONSE, 422, RESPONSE),
        (None, 406, RESPONSE),
    ],
)
def test_who_takes_anything_is_given_data_in_the_old_type_and_a_refusal_in_the_new(
    media: str | None, status: int, told: str
) -> None:
    assert spoken(media, status) == told


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
