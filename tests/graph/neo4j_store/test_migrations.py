"""The schema: brought up to date once, whoever comes first; never one this program does not know."""

from collections.abc import AsyncIterator

import anyio
import pytest

from graph.errors import StoreError, StoreTooNew
from graph.neo4j_store import inspect_store
from graph.neo4j_store.connection import Link, Server
from graph.neo4j_store.migrations import MIGRATIONS, Migration, migrate, refuse_unmigrated

pytestmark = [pytest.mark.anyio, pytest.mark.neo4j]

ADDED = Migration("one more", ("CREATE INDEX extra_name IF NOT EXISTS FOR (n:Extra) ON (n.name)",))
MORE = (*MIGRATIONS, ADDED)


@pytest.fixture
async def link(server: Server) -> AsyncIterator[Link]:
    link = Link(server)
    await migrate(link)
    yield link
    number = len(MIGRATIONS)
    await link.alone(f"MATCH (one:Migration) WHERE one.number > {number} DELETE one", 10)  # type: ignore[arg-type]  # a number of ours
    await link.alone("DROP INDEX extra_name IF EXISTS", 10)
    await link.aclose()


async def test_a_store_that_is_up_to_date_is_left_alone(link: Link) -> None:
    assert await migrate(link) == 0


async def test_what_is_missing_is_applied_once_however_many_come_at_once(link: Link) -> None:
    applied = []

    async def comes() -> None:
        applied.append(await migrate(link, MORE))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(comes)
    assert sorted(applied) == [0, 0, 0, 1]
    assert await migrate(link, MORE) == 0


async def test_a_newer_store_is_refused(link: Link) -> None:
    await migrate(link, MORE)
    with pytest.raises(StoreTooNew, match=f"has schema `{len(MORE)}`, this program knows `{len(MIGRATIONS)}`"):
        await migrate(link)


async def test_a_look_at_an_older_store_says_what_to_do_and_changes_nothing(link: Link, server: Server) -> None:
    await inspect_store(server)
    with pytest.raises(StoreError, match=f"`{len(MORE)}`; run `consent-gateway migrate`"):
        await refuse_unmigrated(link, MORE)
    assert await migrate(link, MORE) == 1


async def test_an_edited_migration_is_found(link: Link) -> None:
    edited = Migration(MIGRATIONS[0].name, (*MIGRATIONS[0].statements, "CREATE INDEX sneaked FOR (n:A) ON (n.b)"))
    with pytest.raises(StoreError, match="migration `1` was edited after this store was made"):
        await migrate(link, (edited, *MIGRATIONS[1:]))
