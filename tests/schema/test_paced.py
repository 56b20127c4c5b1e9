"""A long answer is told piece by piece, and is the same as one told in one go."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.paced import MOST_AT_ONCE, ROOTS_AT_ONCE, WORK_OF_A_ROOT, WORK_OF_AN_ITEM, PacedExecutor

pytestmark = pytest.mark.anyio
TEXT = "{ people { name friends { name } } }"


@dataclass
class Counting:
    """A pace that rests as often as it can."""

    due: bool = True
    work: int = 0
    rests: int = 0

    def worked(self, work: int) -> None:
        self.work += work

    async def rest(self) -> None:
        self.rests += 1


@dataclass
class Around:
    """Surroundings as the executor looks at them."""

    pace: Counting = field(default_factory=Counting)

    @property
    def context(self) -> "Around":
        return self


@strawberry.type
class Friend:
    name: str | None

    @strawberry.field
    def nobody(self) -> str:
        raise ValueError("nobody")


@strawberry.type
class Waiting:
    """Somebody whose name comes when as many are asked for at once as may be."""

    others: strawberry.Private[asyncio.Barrier]
    known: strawberry.Private[bool] = True

    @strawberry.field
    async def name(self) -> str:
        if not self.known:
            raise ValueError("nobody")
        await self.others.wait()
        return "here"

    @strawberry.field
    def at_once(self) -> str:
        """Fail at once, or come later."""
        if not self.known:
            raise ValueError("nobody")
        return self._later()  # type: ignore[return-value]  # the library awaits it

    async def _later(self) -> str:
        await self.others.wait()
        return "here"


@strawberry.type
class Person:
    name: str
    friends: list[Friend]


async def named(name: str) -> Friend:
    return Friend(name=name)


def schema(people: int, friends: int = 2) -> strawberry.Schema:
    here: list[None] = []

    @strawberry.type
    class Query:
        @strawberry.field
        def people(self) -> list[Person]:
            named = [Friend(name=f"f{number}") for number in range(friends)]
            return [Person(name=f"p{number}", friends=named) for number in range(people)]

        @strawberry.field
        def waiting(self, unknown: int = -1, side_by_side: int = MOST_AT_ONCE) -> list[Waiting]:
            barrier = asyncio.Barrier(side_by_side)
            return [Waiting(others=barrier, known=number != unknown) for number in range(people)]

        @strawberry.field
        def later(self) -> list[Friend]:
            return [named(str(number)) for number in range(people)]  # type: ignore[misc]  # the library awaits them

        @strawberry.field
        def maybe(self) -> list[Friend | None]:
            return [Friend(name=str(number)) for number in range(people)]

        @strawberry.field
        async def present(self) -> int:
            """Say how many questions are here at once, once all had time to come."""
            here.append(None)
            for _ in range(3):
                await asyncio.sleep(0)
            found = len(here)
            await asyncio.sleep(0)
            here.pop()
            return found

        @strawberry.field
        def nobody(self) -> str | None:
            raise ValueError("nobody")

    return strawberry.Schema(Query, execution_context_class=PacedExecutor, config=StrawberryConfig())


async def told(people: int, around: Around, text: str = TEXT, friends: int = 2) -> Any:
    return await schema(people, friends).execute(text, context_value=around)


def expected(people: int, friends: int = 2) -> dict[str, Any]:
    named = [{"name": f"f{number}"} for number in range(friends)]
    return {"people": [{"name": f"p{number}", "friends": named} for number in range(people)]}


async def test_a_short_list_is_told_in_one_go_and_its_items_are_counted():
    around = Around()
    found = await told(MOST_AT_ONCE, around)

    assert found.data == expected(MOST_AT_ONCE)
    assert around.pace == Counting(rests=0, work=MOST_AT_ONCE * (1 + 2) * WORK_OF_AN_ITEM)


async def test_a_long_list_is_told_item_by_item_with_rests_where_they_are_due():
    around, undue = Around(), Around(Counting(due=False))

    assert (await told(MOST_AT_ONCE + 1, around)).data == expected(MOST_AT_ONCE + 1)
    assert (await told(MOST_AT_ONCE + 1, undue)).data == expected(MOST_AT_ONCE + 1)
    assert (around.pace.rests, undue.pace.rests) == (MOST_AT_ONCE + 1, 0)


async def test_long_lists_in_a_long_list_are_each_told_item_by_item():
    many = MOST_AT_ONCE + 1
    around = Around()

    assert (await told(many, around, friends=many)).data == expected(many, many)
    assert around.pace.rests == 2 + many * many  # before each block, and in each of its items


async def test_a_fault_in_an_item_is_told_where_it_is_and_leaves_the_rest():
    many = MOST_AT_ONCE + 1
    found = await told(many, Around(), "{ maybe { name nobody } }")

    assert found.data == {"maybe": [None] * many}
    assert [error.path for error in found.errors] == [["maybe", number, "nobody"] for number in range(many)]


async def test_items_that_wait_do_so_side_by_side_and_nothing_rests_meanwhile():
    many = 2 * MOST_AT_ONCE
    around = Around()
    async with asyncio.timeout(5):
        found = await told(many, around, "{ waiting { name } }")

    assert found.data == {"waiting": [{"name": "here"}] * many}
    assert around.pace.rests == 2  # before each block


@pytest.mark.parametrize("name", ["name", "atOnce"])
async def test_where_one_of_those_that_wait_fails_its_fault_is_told(name):
    async with asyncio.timeout(5):
        found = await told(MOST_AT_ONCE + 1, Around(), f"{{ waiting(unknown: 3, sideBySide: 3) {{ {name} }} }}")

    assert (found.data, [error.path for error in found.errors]) == (None, [["waiting", 3, name]])


async def test_a_long_list_of_what_is_waited_for_is_told_as_ever():
    many = MOST_AT_ONCE + 1
    found = await told(many, Around(), "{ later { name } }")

    assert found.data == {"later": [{"name": str(number)} for number in range(many)]}


def questions(number: int, name: str = "present") -> str:
    return "{ " + " ".join(f"a{one}: {name}" for one in range(number)) + " }"


async def test_the_few_questions_of_a_screen_are_answered_side_by_side():
    around = Around()
    found = await told(0, around, questions(ROOTS_AT_ONCE))

    assert list(found.data.values()) == [ROOTS_AT_ONCE] * ROOTS_AT_ONCE
    assert around.pace.rests == 0


async def test_many_questions_are_answered_one_after_another_with_a_rest_where_it_is_due():
    many = ROOTS_AT_ONCE + 1
    around, undue = Around(), Around(Counting(due=False))
    found, other = [await told(0, one, questions(many)) for one in (around, undue)]

    assert list(found.data.items()) == [(f"a{one}", 1) for one in range(many)]
    assert other.data == found.data
    assert (around.pace.rests, undue.pace.rests) == (many, 0)
    assert around.pace.work == many * WORK_OF_A_ROOT


async def test_of_many_questions_one_that_fails_leaves_the_others():
    found = await told(0, Around(), questions(ROOTS_AT_ONCE + 1).replace("a2: present", "a2: nobody"))

    assert found.data == {"a0": 1, "a1": 1, "a2": None, "a3": 1, "a4": 1}
    assert [error.path for error in found.errors] == [["a2"]]
