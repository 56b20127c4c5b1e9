"""The status and the body of what is refused, in the media type asked for; faults of ours are masked (4.1, 4.4)."""

import json
from typing import Any

import pytest
from graphql import GraphQLError, Source
from graphql.language import SourceLocation

from gateway.answers import STATUS, Refusal, answer, is_fault, is_unavailable, refused, told
from gateway.negotiation import JSON, RESPONSE
from graph.errors import StoreUnavailable
from resolvers.problems import BadUserInput

TRACE = "0af7651916cd43dd8448eb211c80319c"
CODES = {  # 4.4: the status of each code, and whether an old client is told it as well
    "UNAUTHENTICATED": (401, True),
    "FORBIDDEN": (403, True),
    "BAD_REQUEST": (400, False),
    "GRAPHQL_PARSE_FAILED": (400, False),
    "GRAPHQL_VALIDATION_FAILED": (422, False),
    "BAD_USER_INPUT": (422, False),
    "PERSISTED_DOCUMENT_NOT_FOUND": (400, False),
    "PERSISTED_DOCUMENT_REQUIRED": (403, False),
    "COST_LIMIT_EXCEEDED": (422, False),
    "RATE_LIMITED": (429, True),
    "PAYLOAD_TOO_LARGE": (413, True),
    "TIMEOUT": (503, True),
    "UNAVAILABLE": (503, True),
    "INTERNAL": (500, False),
}


def test_every_code_of_the_contract_has_a_status_and_no_other_is_known() -> None:
    assert {code: status for code, (status, _) in CODES.items()} == STATUS


@pytest.mark.parametrize("code", CODES)
def test_a_refusal_has_its_status_and_an_old_client_gets_200_where_it_would_throw_the_body_away(code: str) -> None:
    status, always = CODES[code]
    modern, old, none = (refused(Refusal(code, "why"), media, TRACE) for media in (RESPONSE, JSON, None))
    assert (modern.status_code, old.status_code, none.status_code) == (status, status if always else 200, status)
    assert modern.body == old.body == none.body
    assert [one.media_type for one in (modern, old, none)] == [
        f"{kind}; charset=utf-8" for kind in (RESPONSE, JSON, RESPONSE)
    ]


@pytest.mark.parametrize("status", [405, 406, 415, 431])
def test_a_status_of_its_own_is_told_to_everybody(status: int) -> None:
    for media in (RESPONSE, JSON):
        assert refused(Refusal("BAD_REQUEST", "why", status), media, TRACE).status_code == status


def test_a_body_that_is_no_request_is_told_to_everybody() -> None:
    assert refused(Refusal("BAD_REQUEST", "why", softens=False), JSON, TRACE).status_code == 400


def body(response: Any) -> Any:
    return json.loads(response.body)


def test_a_refusal_is_errors_and_no_data() -> None:
    other = {"message": "more", "extensions": {"code": "BAD_USER_INPUT"}}
    refusal = Refusal("BAD_USER_INPUT", "why", locations=({"line": 1, "column": 2},), others=(other,))
    assert body(refused(refusal, RESPONSE, TRACE)) == {
        "errors": [
            {
                "message": "why",
                "extensions": {"code": "BAD_USER_INPUT"},
                "locations": [{"line": 1, "column": 2}],
            },
            other,
        ]
    }


def test_a_fault_of_ours_has_its_trace_id_and_nothing_else() -> None:
    found = body(refused(Refusal("INTERNAL", f"something failed here; report trace `{TRACE}`"), RESPONSE, TRACE))
    assert found["errors"][0]["extensions"] == {"code": "INTERNAL", "traceId": TRACE}


def test_no_answer_is_kept_and_each_has_its_trace() -> None:
    found = answer({"data": None}, 200, RESPONSE, TRACE, {"WWW-Authenticate": "Bearer"})
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["X-Trace-Id"] == TRACE
    assert found.headers["WWW-Authenticate"] == "Bearer"


def error(cause: Exception | None = None, **more: Any) -> GraphQLError:
    return GraphQLError("the secret words of a cause", original_error=cause, **more)


def test_what_failed_inside_is_masked_and_a_fault() -> None:
    found = error(KeyError("a personal value"), path=["me", "body", 0])
    assert told(found, TRACE) == {
        "message": f"something failed here; report trace `{TRACE}`",
        "extensions": {"code": "INTERNAL", "traceId": TRACE},
        "path": ["me", "body", 0],
    }
    assert (is_fault(found), is_unavailable((found,))) == (True, False)


def test_what_the_caller_got_wrong_is_told_in_our_words() -> None:
    found = error(BadUserInput("`after` is no cursor of this list; take `endCursor`"))
    assert told(found, TRACE) == {
        "message": "`after` is no cursor of this list; take `endCursor`",
        "extensions": {"code": "BAD_USER_INPUT"},
    }
    assert (is_fault(found), is_unavailable((found,))) == (False, False)


def test_a_store_that_is_away_is_no_fault_and_nothing_is_sent() -> None:
    found = error(StoreUnavailable("`/secret/place` is gone"))
    assert told(found, TRACE) == {
        "message": "the store does not answer; try again",
        "extensions": {"code": "UNAVAILABLE"},
    }
    assert (is_fault(found), is_unavailable((error(), found)), is_unavailable(())) == (False, True, False)


@pytest.mark.parametrize("cause", [None, GraphQLError("inner")])
def test_an_error_of_the_language_is_told_with_its_place_and_code(cause: GraphQLError | None) -> None:
    source = Source("{ a }")
    found = GraphQLError("cannot be", source=source, positions=[2], original_error=cause)
    assert found.locations == [SourceLocation(1, 3)]
    assert told(found, TRACE) == {
        "message": "cannot be",
        "extensions": {"code": "BAD_USER_INPUT"},
        "locations": [{"line": 1, "column": 3}],
    }
    coded = GraphQLError("too dear", extensions={"code": "COST_LIMIT_EXCEEDED"}, original_error=cause)
    assert told(coded, TRACE)["extensions"] == {"code": "COST_LIMIT_EXCEEDED"}
    assert not is_fault(found)
