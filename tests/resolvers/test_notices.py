"""Notices: which one a record cites, and that each version is served once a person."""

from dataclasses import replace

import pytest

from graph.errors import StoreUnavailable
from graph.records import GivenOn, NoticeRef, Record
from graph.terms import GivenBy, RecordKind
from resolvers.commit import TRIES
from resolvers.notices import NoticeShown, notice_of, served
from resolvers.offers import Wanted, offered
from resolvers.reading import read_own
from tests.support.worlds_acts import hurried
from tests.support.worlds_resolvers import DAY, GENERAL, HOBBY, NOON, PLAY, World, notice, shown

pytestmark = pytest.mark.anyio


async def test_a_notice_is_served_as_a_record_of_the_gateway(world: World) -> None:
    await shown(world.of(), HOBBY)
    (found,) = await world.records()
    assert (found.kind, found.notice, found.recorded_at) == (RecordKind.NOTICE_SERVED, NoticeRef("general", 1), NOON)
    assert (found.given_by, found.given_on) == (GivenBy.OPERATOR, GivenOn("headset", "noor-headset"))
    assert (found.sequence, found.catalogue_version, found.assurance) == (1, 1, 2)


async def test_two_offers_on_one_state_serve_the_notice_once(world: World) -> None:
    reading = await read_own(world.of())
    for _ in range(2):
        await offered(reading, Wanted(PLAY, (HOBBY,)))
    assert len(await world.records()) == 1


async def test_a_notice_that_was_served_is_not_served_again_days_later(world: World) -> None:
    for _ in range(2):
        await shown(world.later(2 * DAY).of(), HOBBY)
    assert len(await world.records()) == 1


async def test_a_notice_is_served_though_somebody_was_faster(world: World) -> None:
    await shown(hurried(world.of(), TRIES - 1), HOBBY)
    assert [one.sequence for one in await world.records()] == [TRIES]


async def test_a_notice_that_cannot_be_served_is_no_offer(world: World) -> None:
    reading = await read_own(hurried(world.of(), TRIES))
    with pytest.raises(StoreUnavailable, match="ask for the offer again"):
        await served(reading, GENERAL)
    assert await world.records() == ()


def _record(ref: NoticeRef | None) -> Record:
    return Record("r", RecordKind.GIVEN, NOON, notice=ref)


@pytest.mark.parametrize(
    ("ref", "version"),
    [(NoticeRef("general", 1), 1), (NoticeRef("general", 2), 2), (None, 3), (NoticeRef("gone", 7), 3)],
)
async def test_a_record_is_shown_with_the_notice_it_cites_else_with_the_one_in_force(
    world: World, ref: NoticeRef | None, version: int
) -> None:
    newer = (notice("general", 2, NOON - 2 * DAY), notice("general", 3, NOON - DAY), notice("general", 4, NOON + DAY))
    here = world.changed(notices=(GENERAL, *newer))
    assert notice_of(_record(ref), here.catalogue, NOON).version == version


async def test_before_any_notice_is_in_force_the_first_there_is_is_shown(world: World) -> None:
    here = world.changed(notices=(replace(GENERAL, effective_from=NOON + DAY),))
    assert notice_of(_record(None), here.catalogue, NOON).title == "Notice"


async def test_without_any_notice_an_empty_one_is_shown(world: World) -> None:
    here = world.changed(notices=())
    assert notice_of(_record(None), here.catalogue, NOON) == NoticeShown("", 0, "", "", "en", NOON)
