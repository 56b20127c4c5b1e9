"""The daily sweep: what has ended and what nobody may have any more because consent ended; and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from graph.catalogue import LawRow, NoticeVersion
from graph.records import GivenOn, NoticeRef, Record, Scope, Subject
from graph.store import Additions, Change, Command
from graph.terms import Level, Operation, PartyKind, RecordKind, Regime
from resolvers import sweeping
from resolvers.context import Rules
from resolvers.sweeping import Sweep, Swept, swept
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import OFFICE_TABLES, Office, office, record, value
from tests.support.worlds_resolvers import (
    APP,
    DAY,
    GUESS,
    HEIGHT,
    HOBBY,
    HOUR,
    LAW,
    PLAY,
    SIZE,
    STUDIO,
    TOPICS,
    TURNING,
    World,
    row,
)

pytestmark = pytest.mark.anyio
HOBBIES = Scope(category="hobby")
MINUTE = timedelta(minutes=1)
NOTHING = Swept(0, 0)


@pytest.fixture
async def here(world: World) -> Office:
    """Noor, with the notice served, and something of everything held."""
    found = office(WatchedStore(world.store))
    await found.person()
    await found.holds("noor", *(value(key, found.now) for key in (HOBBY, HEIGHT, GUESS, TURNING, TOPICS)))
    return found


def watched(here: Office) -> WatchedStore:
    assert isinstance(here.store, WatchedStore)
    return here.store


async def sweep(here: Office, **more: Any) -> Swept:
    return await swept(Sweep(here.store, here.refreshed, more.pop("rules", Rules()), more.pop("at", here.now)))


async def held(here: Office, subject: str = "noor") -> set[str]:
    return {one.key for one in await here.store.held(subject)}


async def yes(here: Office, name: str = "yes", at: Any = None, **more: Any) -> None:
    plain = {"scope": HOBBIES, "names": frozenset({"health"}), **more}
    await here.told("noor", record(name, at or here.now, **plain))


async def no(here: Office, name: str = "no", kind: RecordKind = RecordKind.WITHDRAWN, **more: Any) -> None:
    await here.told("noor", record(name, here.now, kind, **{"scope": HOBBIES, **more}))


ALL = {HOBBY, HEIGHT, GUESS, TURNING, TOPICS}
WITHOUT_HOBBIES = ALL - {HOBBY, GUESS}


# Past their end


async def test_a_value_is_deleted_at_its_end_and_not_before(here: Office) -> None:
    await here.holds("noor", value(HOBBY, here.now, expires_at=here.now + HOUR))
    assert await sweep(here, at=here.now + HOUR - MINUTE) == NOTHING
    assert await sweep(here, at=here.now + HOUR) == Swept(1, 0)
    assert await held(here) == ALL - {HOBBY}


# Because consent ended


async def test_where_nobody_ever_said_a_word_everything_stays(here: Office) -> None:
    assert await sweep(here) == NOTHING
    assert await held(here) == ALL


@pytest.mark.parametrize("kind", [RecordKind.WITHDRAWN, RecordKind.REVOKED, RecordKind.OBJECTED])
async def test_what_was_taken_back_is_deleted_with_all_that_was_made_of_it(here: Office, kind: RecordKind) -> None:
    await yes(here, scope=Scope())
    assert await sweep(here) == NOTHING
    await no(here, kind=kind)
    assert await sweep(here) == Swept(0, 2)
    assert await held(here) == WITHOUT_HOBBIES


async def test_a_value_made_of_others_goes_when_only_the_making_was_taken_back(here: Office) -> None:
    await yes(here, scope=Scope())
    await no(here, scope=Scope(category="hobby", operations=frozenset({Operation.INFER})))
    assert await sweep(here) == Swept(0, 1)
    assert await held(here) == ALL - {GUESS}


async def test_a_yes_that_ended_by_itself_ends_consent_at_its_instant(here: Office) -> None:
    await yes(here, valid_until=here.now + HOUR)
    assert await sweep(here, at=here.now + HOUR - MINUTE) == NOTHING
    assert await sweep(here, at=here.now + HOUR) == Swept(0, 2)


async def test_a_yes_older_than_the_law_lets_it_be_has_ended(world: World) -> None:
    old = (*LAW, LawRow("XX", Regime.CONSENT, max_age_days=10))
    here = office(world.store, tables=replace(OFFICE_TABLES, law=old))
    await here.person()
    await here.holds("noor", value(HOBBY, here.now))
    await yes(here)
    assert await sweep(here, at=here.now + 10 * DAY - MINUTE) == NOTHING
    assert await sweep(here, at=here.now + 10 * DAY) == Swept(0, 1)


async def test_a_later_refusal_does_not_keep_what_was_taken_back_before(here: Office) -> None:
    await yes(here)
    await no(here, scope=Scope())
    await no(here, "refused", RecordKind.REFUSED)
    assert await sweep(here) == Swept(0, 4)
    assert await held(here) == {TURNING}


async def test_what_was_only_collected_for_a_purpose_goes_when_that_was_taken_back(world: World) -> None:
    register = (row(APP, PLAY, "hobby", Operation.USE), row(APP, SIZE, "hobby", Operation.COLLECT))
    here = office(world.store, tables=replace(OFFICE_TABLES, register=register))
    await here.person()
    await here.holds("noor", value(HOBBY, here.now))
    await no(here, scope=Scope(SIZE, "hobby"))
    assert await sweep(here) == Swept(0, 1)


async def test_everybody_is_swept_however_many_there_are(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PEOPLE_AT_ONCE", 2)
    for number in range(4):
        name = f"person {number}"
        await here.person(name)
        await here.told(name, record(f"no {number}", here.now, RecordKind.WITHDRAWN))
        await here.holds(name, value(HOBBY, here.now))
    assert await sweep(here) == Swept(0, 4)
    assert await held(here) == ALL


# And nothing else


@pytest.mark.parametrize("kind", [RecordKind.REFUSED, RecordKind.SIGNAL])
async def test_where_consent_never_was_a_refusal_or_a_browsers_signal_ends_none(here: Office, kind: RecordKind) -> None:
    await no(here, kind=kind, scope=Scope())
    assert await sweep(here) == NOTHING


async def test_what_somebody_may_still_have_stays_whoever_else_may_not(here: Office) -> None:
    await yes(here, scope=Scope())
    await no(here, scope=Scope(category="hobby", recipient=STUDIO))
    await no(here, "phone", scope=Scope(category="hobby", channel="phone"))
    assert await sweep(here) == NOTHING


async def test_what_a_contract_needs_stays(here: Office) -> None:
    await no(here, scope=Scope(category="comfort"))
    assert await sweep(here) == NOTHING


async def test_a_limit_of_the_moment_deletes_nothing(here: Office) -> None:
    await yes(here, scope=Scope())
    await here.told("noor", levels=(("*", Level.OFF),))
    assert await sweep(here) == NOTHING


async def test_a_yes_for_one_device_or_one_session_is_a_yes(here: Office) -> None:
    await no(here, scope=Scope())
    await yes(here, "at home", scope=Scope(category="hobby", device="hers"))
    await yes(here, "now", scope=Scope(category="body", device="hers", session="s1"))
    assert await sweep(here) == Swept(0, 2)
    assert await held(here) == {HOBBY, HEIGHT, TURNING}


async def test_a_yes_said_on_a_device_without_signing_in_is_a_yes(here: Office) -> None:
    await yes(here, scope=Scope())
    await no(here)
    await yes(here, "at home", assurance=1, given_on=GivenOn(device="hers"))
    await yes(here, "nowhere", assurance=1)
    assert await sweep(here) == NOTHING


async def test_a_yes_given_while_the_sweep_was_on_its_way_counts(here: Office) -> None:
    started = here.now
    await no(here)
    await yes(here, "again", here.later().now)
    assert await sweep(here, at=started) == NOTHING


async def test_who_only_has_to_be_shown_another_notice_is_asked_again_and_finds_her_values(here: Office) -> None:
    await no(here)
    await yes(here)
    newer = NoticeVersion(NoticeRef("general", 2), 1, here.now)
    await here.store.add(Additions(notices=(newer,)), Command("k", ""), here.now)
    assert await sweep(here) == NOTHING


async def test_a_yes_to_a_notice_published_while_the_sweep_was_on_its_way_counts(here: Office) -> None:
    await no(here, scope=Scope(SIZE, "hobby"))

    async def asked_again() -> None:
        newer = NoticeVersion(NoticeRef("general", 2), 1, here.now)
        await here.store.add(Additions(notices=(newer,)), Command("k", ""), here.now)
        await yes(here, scope=Scope(PLAY, "hobby"), notice=newer.ref)

    await here.refreshed(0)
    watched(here).before("snapshot", asked_again)
    assert await sweep(here) == NOTHING


async def test_a_yes_past_its_time_beside_one_that_holds_is_no_end(here: Office) -> None:
    await yes(here, "long")
    await yes(here, "short", scope=Scope(PLAY, "hobby"), valid_until=here.now + HOUR)
    assert await sweep(here, at=here.now + HOUR) == NOTHING


async def test_a_yes_that_begins_later_is_waited_for(here: Office) -> None:
    await no(here)
    await yes(here, valid_from=here.now + DAY)
    assert await sweep(here) == NOTHING


async def test_nothing_of_somebody_whose_data_is_restricted_goes(here: Office) -> None:
    await no(here)
    await here.told("noor", record("held back", here.now, RecordKind.RESTRICTED))
    assert await sweep(here) == NOTHING
    await here.told("noor", lifts=("held back",))
    assert await sweep(here) == Swept(0, 2)


async def test_while_somebody_has_too_many_records_nothing_of_hers_goes(here: Office) -> None:
    await no(here, scope=Scope())
    many = (record(f"r{number}", here.now, scope=Scope(channel=f"c{number}")) for number in range(512))
    await here.told("noor", *many)
    assert await sweep(here) == NOTHING


async def test_whoever_says_something_meanwhile_is_left_to_the_next_sweep(here: Office) -> None:
    await no(here)
    watched(here).before("discard", lambda: no(here, "another"))
    assert await sweep(here) == NOTHING
    assert await held(here) == ALL
    assert await sweep(here) == Swept(0, 2)


async def test_a_value_whose_attribute_left_the_catalogue_stays_until_its_end(here: Office) -> None:
    await here.holds("noor", value("gone.key", here.now, expires_at=here.now + DAY))
    await no(here, scope=Scope())
    await sweep(here)
    assert "gone.key" in await held(here)


async def test_a_no_in_a_devices_own_tree_deletes_nothing(here: Office) -> None:
    await yes(here)
    said = Record("its no", RecordKind.WITHDRAWN, here.now, given_on=GivenOn(device="noor-headset"), sequence=1)
    await here.store.append(
        Change("noor-headset", 0, here.now, Command("k", ""), begins=(said,), kind=PartyKind.DEVICE)
    )
    assert await sweep(here) == NOTHING


async def test_what_the_operator_set_counts(world: World) -> None:
    tables = replace(OFFICE_TABLES, law=(*LAW, LawRow("CC", Regime.CONSENT, max_age_days=1)))
    here = office(world.store, tables=tables)
    await here.open(Subject("noor", jurisdictions=("XX",)))
    await here.holds("noor", value(HOBBY, here.now))
    await yes(here)
    here.later(DAY)
    assert await sweep(here) == NOTHING
    assert await sweep(here, rules=Rules(controller_region="CC")) == Swept(0, 1)


async def test_nothing_is_disclosed_and_nothing_said_by_a_sweep(here: Office) -> None:
    await no(here)
    watched(here).forget()
    await sweep(here)
    assert set(watched(here).calls) == {"sweep", "holders", "snapshot", "additions", "held", "discard"}
    assert [one.id for one in await here.records()] == ["noor-served", "no"]
