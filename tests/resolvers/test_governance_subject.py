"""What an officer sees of one subject: how she stands, her records, and that values are held; never a value."""

from dataclasses import replace

import pytest

from graph.store import AsOf
from graph.terms import AgeBand, GivenBy, Origin, PartyKind, RecordKind, Standing
from resolvers.cursors import Listing
from resolvers.officer import HeldShown, RecordsAsked, held_shown, records_shown, subject_shown
from resolvers.problems import BadUserInput
from tests.support.resting import Always
from tests.support.worlds_governance import Office, office, record, value
from tests.support.worlds_resolvers import GUESS, HOBBY, HOUR, World

pytestmark = pytest.mark.anyio


async def _listed(here: Office, asked: RecordsAsked) -> list[str]:
    context = here.officer()
    listing = Listing(context.cursors, context.caller.audience, "records")
    return [row.record.id for _, row in (await records_shown(context, "noor", asked, listing)).rows]


async def test_nobody_is_known_by_an_id_nobody_has(world: World) -> None:
    here = office(world.store)
    assert await subject_shown(here.officer(), "noor") is None
    assert await here.store.count_records("noor", AsOf()) == 0


async def test_a_device_is_no_subject(world: World) -> None:
    here = office(world.store)
    await here.told("thing", record("no", here.now, RecordKind.REFUSED), kind=PartyKind.DEVICE)
    assert await subject_shown(here.officer(), "thing") is None


async def test_a_subject_is_shown_with_age_band_places_and_revision(world: World) -> None:
    here = office(world.store)
    await here.person(age_band=AgeBand.TEEN, jurisdictions=("XX",))
    found = await subject_shown(here.officer(), "noor")
    assert found is not None
    assert (found.id, found.standing, found.revision) == ("noor", Standing.ACTIVE, "s1")
    assert (found.subject.age_band, found.subject.jurisdictions) == (AgeBand.TEEN, ("XX",))


@pytest.mark.parametrize("standing", [Standing.RESTRICTED, Standing.ERASED])
async def test_a_mark_on_a_subject_is_how_she_stands(world: World, standing: Standing) -> None:
    here = office(world.store)
    await here.told("noor", standing=standing)
    found = await subject_shown(here.officer(), "noor")
    assert found is not None
    assert found.standing is standing


async def test_a_restriction_on_record_counts_without_a_mark_and_never_hides_an_erasure(world: World) -> None:
    here = office(world.store)
    restriction = record("r", here.now, RecordKind.RESTRICTED, given_by=GivenBy.OPERATOR)
    await here.told("noor", restriction)
    found = await subject_shown(here.officer(), "noor")
    assert found is not None
    assert found.standing is Standing.RESTRICTED
    await here.told("noor", standing=Standing.ERASED)
    found = await subject_shown(here.officer(), "noor")
    assert found is not None
    assert found.standing is Standing.ERASED


async def test_records_come_oldest_first_in_pages_with_their_number(world: World) -> None:
    here = office(world.store)
    await here.told("noor", *(record(f"r{number}", here.now) for number in range(3)))
    context = here.officer()
    listing = Listing(context.cursors, context.caller.audience, "records")
    first = await records_shown(context, "noor", RecordsAsked(first=2), listing)
    assert [row.record.id for _, row in first.rows] == ["r0", "r1"]
    assert (first.has_next, first.has_previous, first.total) == (True, False, 3)
    second = await records_shown(context, "noor", RecordsAsked(first=2, after=first.rows[-1][0]), listing)
    assert [row.record.id for _, row in second.rows] == ["r2"]
    assert (second.has_next, second.has_previous, second.total) == (False, True, 3)


async def test_records_of_an_instant_are_those_that_counted_then_as_far_as_was_known_then(world: World) -> None:
    here = office(world.store)
    start = here.now
    await here.told("noor", record("yes", start))
    here.later()
    await here.told("noor", record("no", here.now, RecordKind.WITHDRAWN), ends=("yes",))
    assert await _listed(here, RecordsAsked()) == ["yes", "no"]
    assert await _listed(here, RecordsAsked(as_of=AsOf(valid_at=start))) == ["yes"]
    assert await _listed(here, RecordsAsked(as_of=AsOf(valid_at=here.now))) == ["no"]
    assert await _listed(here, RecordsAsked(as_of=AsOf(known_at=start))) == ["yes"]
    assert await _listed(here, RecordsAsked(as_of=AsOf(valid_at=here.now, known_at=start))) == ["yes"]


async def test_a_page_too_large_is_refused(world: World) -> None:
    with pytest.raises(BadUserInput):
        await _listed(office(world.store), RecordsAsked(first=101))


async def test_held_values_are_named_with_where_they_came_from_and_nothing_of_their_content(world: World) -> None:
    here = office(world.store)
    await here.person()
    end = here.now + HOUR
    await here.holds("noor", value(HOBBY, here.now, expires_at=end), value(GUESS, here.now, sources=(HOBBY,)))
    seen = await subject_shown(here.officer(), "noor")
    assert seen is not None
    shown = await held_shown(here.officer(), seen)
    assert shown == (
        HeldShown(GUESS, Origin.INFERRED, here.now, None, (HOBBY,), stale=False),
        HeldShown(HOBBY, Origin.DECLARED, here.now, end, (), stale=False),
    )
    assert "canary" not in repr(shown)


async def test_a_value_past_its_end_is_not_held(world: World) -> None:
    here = office(world.store)
    await here.person()
    await here.holds("noor", value(HOBBY, here.now, expires_at=here.now + HOUR))
    seen = await subject_shown(here.officer(), "noor")
    assert seen is not None
    here.later()
    assert await held_shown(here.officer(), seen) == ()


async def test_a_value_is_stale_once_a_source_was_recorded_anew(world: World) -> None:
    here = office(world.store)
    await here.person()
    seen = await subject_shown(here.officer(), "noor")
    assert seen is not None
    await here.holds("noor", value(GUESS, here.now, sources=("never.held", HOBBY)), value(HOBBY, here.now))
    assert [one.stale for one in await held_shown(here.officer(), seen)] == [False, False]
    await here.holds("noor", value(HOBBY, here.later().now))
    assert [(one.key, one.stale) for one in await held_shown(here.officer(), seen)] == [(GUESS, True), (HOBBY, False)]


async def test_a_value_whose_attribute_left_the_catalogue_is_still_named(world: World) -> None:
    here = office(world.store)
    await here.person()
    await here.holds("noor", value("gone.key", here.now))
    seen = await subject_shown(here.officer(), "noor")
    assert seen is not None
    assert [(one.key, one.origin) for one in await held_shown(here.officer(), seen)] == [("gone.key", Origin.DECLARED)]


async def test_what_an_officer_reads_of_one_person_is_read_in_turn(world: World) -> None:
    here, pace = office(world.store), Always()
    await here.person()
    context = replace(here.officer(), pace=pace)
    seen = await subject_shown(context, "noor")
    assert seen is not None
    listing = Listing(context.cursors, context.caller.audience, "records")
    found = [pace.rests]
    await records_shown(context, "noor", RecordsAsked(), listing)
    found.append(pace.rests)
    await held_shown(context, seen)

    assert [*found, pace.rests] == [0, 1, 2]
