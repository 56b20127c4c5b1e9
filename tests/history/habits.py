"""What each kind of client does again and again."""

from collections.abc import Awaitable, Callable

from tests.history.clients import Client, Person
from tests.history.operations import Says
from tests.history.pack import BRAND, HOUSE

Habit = Callable[[Client], Awaitable[None]]

HOT, HOT_SHARE = 4, 0.4  # so many people are about whom so many of all acts are: several writers meet there
VALUES_SHARE = 0.3
WORDS = (Says.YES, Says.YES, Says.NO)


async def writing(client: Client) -> None:
    """Say or write something, then look; often a value right after a no: it must not leave under the yes before."""
    person = _whom(client)
    if client.random.random() < VALUES_SHARE:
        await client.writes(person)
    else:
        recipient, says = client.random.choice((BRAND, HOUSE)), client.random.choice(WORDS)
        await client.says(person, recipient, says)
        if says is Says.NO:
            await client.writes(person)
    await client.reads_own(person)


async def reading(client: Client) -> None:
    """Read as somebody's own app."""
    await client.reads_own(_whom(client))


def reading_shared(at_once: int) -> Habit:
    """Return the habit of a brand that asks about so many people at once."""

    async def habit(client: Client) -> None:
        people = client.around.people
        await client.reads_shared(client.random.sample(people, min(at_once, len(people))))

    return habit


def _whom(client: Client) -> Person:
    people = client.around.people
    return client.random.choice(people[:HOT] if client.random.random() < HOT_SHARE else people)
