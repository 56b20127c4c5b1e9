"""Restriction and erasure of one subject."""

import pytest

from tests.support.officer import act
from tests.support.worlds_resolvers import STUDIO

pytestmark = pytest.mark.anyio

ANSWER = "... on SubjectUpdated { subjectId state recipientsToNotify receipt }"


async def test_a_subject_is_restricted_and_that_is_lifted(here):
    await here.person()
    said = {"subjectId": "noor", "caseReference": "case 7"}

    on = await act(here, "restrictSubject", said | {"restricted": True}, ANSWER)
    off = await act(here, "restrictSubject", said | {"restricted": False, "idempotencyKey": "l"}, ANSWER)

    plain = {"__typename": "SubjectUpdated", "subjectId": "noor", "recipientsToNotify": [], "receipt": ""}
    assert on | {"receipt": ""} == plain | {"state": "RESTRICTED"}
    assert off | {"receipt": ""} == plain | {"state": "ACTIVE"}
    assert (on["receipt"].count("."), on["receipt"] == off["receipt"]) == (2, False)


async def test_an_erasure_names_whom_to_tell(here):
    await here.person()
    await here.given()

    found = await act(here, "eraseSubject", {"subjectId": "noor", "caseReference": "case 8"}, ANSWER)

    assert (found["state"], found["recipientsToNotify"]) == ("ERASED", [STUDIO])


@pytest.mark.parametrize("field", ["restrictSubject", "eraseSubject"])
async def test_nobody_can_be_restricted_or_erased_who_is_not_there(here, field):
    said = {"subjectId": "nobody", "caseReference": "case 9"} | ({"restricted": True} if field[0] == "r" else {})

    found = await act(here, field, said, ANSWER)

    assert (found["__typename"], found["code"]) == ("InvalidInput", "UNKNOWN_SUBJECT")
