"""What would break a document is told by the change alone that it stands on."""

import pytest
from graphql import build_schema, parse

from schema.breaking import Before, breaks, holds

BEFORE = """
directive @told on FIELD_DEFINITION
schema { query: Query mutation: Mutation }
interface Named { name: String nick: String }
type Query { me(purpose: String!, limit: Int, wish: Wish): Person found: Found other: Int }
type Mutation { act: Int }
type Person implements Named { name: String nick: String mood: Mood height: Float @told }
type Place { street: String }
enum Mood { GOOD BAD }
input Wish { depth: Int more: More }
input More { colours: [Colour!] again: Wish }
enum Colour { RED BLUE }
union Found = Person | Place | Mutation
"""
DOCUMENT = parse(
    """
    query Ask($wish: Wish) {
      me(purpose: "a", wish: $wish) { mood ...Of }
      found { __typename ... on Place { street } }
    }
    fragment Of on Named { name }
    """
)

CHANGES = {
    "a field it asks for has another type": (
        ("name: String", "name: Int"),
        ("Field Named.name changed type from String to Int.",),
    ),
    "an argument it does not send is asked for": (
        ("me(purpose", "me(now: Int!, purpose"),
        ("A required argument Query.me(now:) was added.",),
    ),
    "a word of an answer is gone": (("GOOD BAD", "GOOD"), ("Enum value Mood.BAD was removed.",)),
    "a word a variable may bring is gone": (("RED BLUE", "RED"), ("Enum value Colour.BLUE was removed.",)),
    "a variable has to bring more": (
        ("again: Wish", "again: Wish now: Int!"),
        ("A required field More.now was added.",),
    ),
}
HARMLESS = {
    "nothing": ("other: Int", "other: Int"),
    "a field nobody asks for is gone": ("height: Float @told", ""),
    "an argument it does not send is gone": ("limit: Int, ", ""),
    "a root it does not use is gone": ("mutation: Mutation", ""),
    "a field is new": ("other: Int", "other: Int another: Int"),
    "a member it does not ask for is gone": ("| Place | Mutation", "| Place"),
    "a word is new": ("GOOD BAD", "GOOD BAD SOSO"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_what_a_document_stands_on_breaks_it(change: tuple[str, str], told: tuple[str, ...]) -> None:
    found = breaks(DOCUMENT, Before.read(BEFORE), build_schema(BEFORE.replace(*change)))

    assert found == told


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_it_does_not_use_is_no_matter(change: tuple[str, str]) -> None:
    assert BEFORE.count(change[0]) >= 1

    assert breaks(DOCUMENT, Before.read(BEFORE), build_schema(BEFORE.replace(*change))) == ()


def test_a_document_holds_by_the_contract_it_was_written_for() -> None:
    assert holds(DOCUMENT, build_schema(BEFORE))
    assert not holds(DOCUMENT, build_schema(BEFORE.replace("street", "road")))
