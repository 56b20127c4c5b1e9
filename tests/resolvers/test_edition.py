"""Which version of the catalogue is in force, and when it was published."""

from dataclasses import replace
from datetime import datetime

import pytest

from graph.catalogue import Catalogue, NoticeVersion
from resolvers.edition import UNDATED, Edition, edition
from tests.support.worlds_governance import OFFICE_TABLES, Office, office
from tests.support.worlds_resolvers import DAY, GENERAL, NOON, World, notice

pytestmark = pytest.mark.anyio

EARLIER = notice("early", 1, NOON - 100 * DAY)


class Dated(Office):
    """An office whose pack states when it was published."""

    published_at: datetime | None = None

    async def refreshed(self, revision: int) -> Catalogue:
        return replace(await super().refreshed(revision), published_at=self.published_at)


async def test_the_version_in_force_is_told_with_its_size_and_digest(world: World) -> None:
    found = await edition(office(world.store).officer(), None)
    assert found == Edition(1, GENERAL.effective_from, len(OFFICE_TABLES.attributes), "0" * 64)


@pytest.mark.parametrize(("version", "known"), [(1, True), (0, False), (2, False)])
async def test_only_the_version_in_force_is_known(world: World, version: int, *, known: bool) -> None:
    assert (await edition(office(world.store).officer(), version) is not None) is known


@pytest.mark.parametrize(
    ("stated", "notices", "told"),
    [
        (NOON, (GENERAL, EARLIER), NOON),
        (None, (GENERAL, EARLIER), EARLIER.effective_from),
        (None, (), UNDATED),
    ],
)
async def test_it_was_published_when_the_pack_says_else_with_its_first_notice(
    world: World, stated: datetime | None, notices: tuple[NoticeVersion, ...], told: datetime
) -> None:
    here = Dated(world.store, tables=replace(OFFICE_TABLES, notices=notices))
    here.published_at = stated
    found = await edition(here.officer(), None)
    assert found is not None
    assert found.published_at == told
