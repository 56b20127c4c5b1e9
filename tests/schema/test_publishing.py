"""Publishing a notice."""

import pytest

from graph.records import NoticeRef
from graph.terms import Operation
from tests.support.officer import act

pytestmark = pytest.mark.anyio

ANSWER = "... on NoticePublished { noticeId version subjectsToAskAgain }"
CELL = {"purpose": "play", "category": "hobby", "recipientId": "app", "operation": "USE", "material": True}
SAID = {
    "noticeId": "general",
    "effectiveFrom": "2026-03-02T00:00:00Z",
    "cells": [CELL],
    "texts": [{"locale": "en", "title": "Anew", "body": "What we do now."}],
}


async def test_the_next_version_of_a_notice_is_published(here):
    found = await act(here, "publishNotice", SAID, ANSWER)

    assert found == {
        "__typename": "NoticePublished",
        "noticeId": "general",
        "version": 2,
        "subjectsToAskAgain": 0,
    }
    version = (await here.refreshed(1)).notices["general"][-1]
    cell = version.cells[0]
    assert (version.ref, version.texts[0].title) == (NoticeRef("general", 2), "Anew")
    assert (cell.purpose, cell.category, cell.recipient, cell.operation, cell.material) == (
        "play",
        "hobby",
        "app",
        Operation.USE,
        True,
    )


async def test_a_notice_without_a_text_is_told_to_have_one(here):
    found = await act(here, "publishNotice", SAID | {"texts": []}, ANSWER)

    assert (found["__typename"], found["code"]) == ("InvalidInput", "TEXT_MISSING")
