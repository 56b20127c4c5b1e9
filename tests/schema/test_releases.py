"""A removal spends a release as deprecated; `tests/contract/README.md` says where the last release is kept."""

import re

import pytest

from graph.terms import Audience
from tests.support.contracts import reference, removed_too_soon
from tests.support.house import ROOT, read

RELEASED = ROOT / "tests" / "contract" / "released"
DATED = re.compile(r"^## \d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)$", re.MULTILINE)

LAST = """
type Query { me: Person old: Old @deprecated(reason: "ask `me`") page(first: Int, by: Int @deprecated): Person }
type Person { id: ID! name: String @deprecated mood: Mood }
type Old { id: ID }
enum Mood { GOOD BAD @deprecated }
input Said { key: ID, more: ID @deprecated }
"""


def test_the_sdl_of_the_last_release_is_kept_as_soon_as_there_is_one():
    kept = {path.stem for path in RELEASED.glob("*.graphql")}

    assert kept == ({one.value for one in Audience} if DATED.search(read("CHANGELOG.md")) else set())


def test_nothing_that_was_released_is_gone_or_changed_without_a_release_as_deprecated():
    gone = {
        path.stem: removed_too_soon(path.read_text(), reference()[Audience(path.stem)].sdl)
        for path in RELEASED.glob("*.graphql")
    }

    assert {audience: rows for audience, rows in gone.items() if rows} == {}


def test_what_was_deprecated_may_go():
    now = """
    type Query { me: Person page(first: Int): Person }
    type Person { id: ID! mood: Mood }
    enum Mood { GOOD }
    input Said { key: ID }
    """
    assert removed_too_soon(LAST, now) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("me: Person ", "", "Field Query.me was removed."),
        ("mood: Mood", "", "Field Person.mood was removed."),
        ("id: ID! name", "id: ID name", "Field Person.id changed type from ID! to ID."),
        ("GOOD ", "", "Enum value Mood.GOOD was removed."),
        ("first: Int, ", "", "Argument Query.page(first:) was removed."),
        ("first: Int,", "first: Int!,", "Argument Query.page(first:) has changed type from Int to Int!."),
        ("key: ID,", "key: ID, must: ID!,", "A required field Said.must was added."),
    ],
)
def test_what_was_not_deprecated_may_not_go_or_change(old, new, told):
    assert removed_too_soon(LAST, LAST.replace(old, new)) == [told]


def test_something_new_breaks_nobody():
    assert removed_too_soon(LAST, LAST.replace("mood: Mood", "mood: Mood age: Int")) == []
