"""The auditor's questions: who received what, whether the ledger holds, whom a withdrawal touches, which catalogue."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.catalogue import Recipient
from graph.reach import Population
from graph.records import Scope
from graph.store import Additions, Command, DisclosureQuery
from graph.terms import Fidelity, Operation
from resolvers.audit import (
    EntryShown,
    entries_shown,
    ledger_checked,
    population_impact,
    reach_of,
)
from resolvers.context import Context
from resolvers.cursors import Listing, Paged
from resolvers.edition import UNDATED, Edition, edition
from resolvers.problems import BadUserInput
from tests.support.resting import Always
from tests.support.worlds_governance import MART, SHOP, Office, office, record
from tests.support.worlds_resolvers import ADS, GENERAL, HEIGHT, HOBBY, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio


async def shown(here: Office, first: int | None = None, after: str | None = None, **asked: Any) -> Paged[EntryShown]:
    return await shown_to(here.officer(), first, after, **asked)


async def shown_to(
    context: Context, first: int | None = None, after: str | None = None, **asked: Any
) -> Paged[EntryShown]:
    listing = Listing(context.cursors, context.caller.audience, "disclosures")
    return await entries_shown(context, DisclosureQuery(**asked), listing, first=first, after=after)


async def test_a_disclosure_names_its_subject_though_the_ledger_does_not(world: World) -> None:
    here = office(world.store)
    entry = await here.given("noor")
    assert entry.subject != "noor"
    found = await shown(here)
    assert [row for _, row in found.rows] == [EntryShown("noor", entry)]


async def test_an_entry_whose_seal_opens_no_more_is_about_nobody(world: World) -> None:
    here = office(world.store)
    await here.given(subject="sealed long ago", id="x")
    sealed_elsewhere = office(world.store, pseudonyms=type(here.pseudonyms)(bytes([1] * 32)))
    assert [row.subject for _, row in (await shown(sealed_elsewhere)).rows] == ["nobody"]


async def test_disclosures_are_found_by_everything_the_filter_has(world: World) -> None:
    here = office(world.store)
    plain = await here.given()
    other = await here.later().given(
        "jon",
        recipient=MART,
        purpose=ADS,
        released=((HEIGHT, Fidelity.COARSE),),
        evidence=("another",),
        operation=Operation.SELL,
    )
    for asked in (
        {"subject": "jon"},
        {"recipient": MART},
        {"purpose": ADS},
        {"key": HEIGHT},
        {"record": "another"},
        {"since": here.now},
    ):
        found = await shown(here, **asked)
        assert ([row.entry for _, row in found.rows], found.total) == ([other], 1), asked
    assert [row.entry for _, row in (await shown(here, until=here.now)).rows] == [plain]
    assert (await shown(here)).total == 2
    assert (await shown(here, subject="stranger")).total == 0


async def test_disclosures_come_oldest_first_in_pages(world: World) -> None:
    here = office(world.store)
    entries = [await here.given() for _ in range(3)]
    first = await shown(here, first=2)
    assert [row.entry for _, row in first.rows] == entries[:2]
    assert (first.has_next, first.total) == (True, 3)
    second = await shown(here, first=2, after=first.rows[-1][0])
    assert [row.entry for _, row in second.rows] == entries[2:]
    assert (second.has_next, second.has_previous) == (False, True)


async def test_the_ledger_is_checked_from_a_position_on(world: World) -> None:
    here = office(world.store)
    for _ in range(3):
        await here.given()
    whole = await ledger_checked(here.officer(), None)
    assert (whole.length, whole.intact, len(whole.head)) == (3, True, 64)
    assert await ledger_checked(here.officer(), 2) == whole


async def test_a_changed_entry_is_found_at_its_position(world: World, tmp_path: Path) -> None:
    here = office(world.store)
    for _ in range(3):
        await here.given()
    with sqlite3.connect(tmp_path / "store.sqlite3") as connection:
        connection.execute("UPDATE disclosure SET text = replace(text, 'studio', 'nobody') WHERE position = 2")
    connection.close()
    broken = await ledger_checked(here.officer(), 0)
    assert (broken.intact, broken.first_broken) == (False, 2)
    assert (await ledger_checked(here.officer(), 2)).intact


async def test_a_position_before_the_ledger_is_refused(world: World) -> None:
    with pytest.raises(BadUserInput, match="`from` is a position"):
        await ledger_checked(office(world.store).officer(), -1)


async def test_impact_counts_whoever_has_a_yes_or_received_something_within_the_scope(world: World) -> None:
    here = office(world.store)
    await here.told("ann", record("yes", here.now, scope=Scope("play", "hobby", STUDIO)))
    await here.told("bob", record("yes", here.now, scope=Scope(PLAY, "hobby", group="shops")))
    await here.told("cat", record("yes", here.now, scope=Scope(ADS, "topics")))
    await here.given("eve", recipient=SHOP)
    await here.given("ann", recipient=STUDIO)
    for scope, expected in (
        (Scope(), Population(4, frozenset({STUDIO, SHOP}), frozenset({HOBBY}))),
        (Scope(purpose=PLAY), Population(3, frozenset({STUDIO, SHOP}), frozenset({HOBBY}))),
        (Scope(category="hobby"), Population(3, frozenset({STUDIO, SHOP}), frozenset({HOBBY}))),
        (Scope(category="topics"), Population(1)),
        (Scope(purpose=PLAY, recipient=STUDIO), Population(1, frozenset({STUDIO}), frozenset({HOBBY}))),
        (Scope(purpose=PLAY, recipient=MART), Population(1)),
        (Scope(purpose=PLAY, recipient=SHOP), Population(2, frozenset({SHOP}), frozenset({HOBBY}))),
    ):
        assert await population_impact(here.officer(), scope) == expected, scope


async def test_impact_changes_nothing(world: World) -> None:
    here = office(world.store)
    await here.told("ann", record("yes", here.now))
    await population_impact(here.officer(), Scope())
    assert [one.id for one in await here.records("ann")] == ["yes"]


async def test_impact_on_nobodys_id_is_refused_and_a_new_recipient_is_known(world: World) -> None:
    here = office(world.store)
    with pytest.raises(BadUserInput, match="`recipientId`"):
        await population_impact(here.officer(), Scope(recipient="late"))
    await here.store.add(Additions(recipients=(Recipient("late"),)), Command("k", ""), here.now)
    assert await population_impact(here.officer(), Scope(recipient="late")) == Population()


async def test_a_scope_reaches_what_stands_above_and_below_it(world: World) -> None:
    reach = reach_of(office(world.store).officer(), Scope("play", "body", MART))
    assert reach.purposes == {"play", PLAY, "play.size", "play.solo"}
    assert reach.categories == {"body", "body.height"}
    assert reach.keys == {HEIGHT}
    assert (reach.recipients, reach.groups) == ({MART}, {"shops"})
    assert reach_of(office(world.store).officer(), Scope(recipient=STUDIO)).groups == frozenset()


async def test_the_catalogue_in_force_is_told_and_no_other(world: World) -> None:
    here = office(world.store)
    context = here.officer()
    known = Edition(1, GENERAL.effective_from, len(here.tables.attributes), "0" * 64)
    assert await edition(context, None) == known
    assert await edition(context, 1) == known
    assert await edition(context, 2) is None
    await here.store.add(Additions(recipients=(Recipient("late"),)), Command("k", ""), here.now)
    assert await edition(context, 1) is None
    later = await edition(context, None)
    assert later is not None
    assert later.version == 2


async def test_a_pack_without_a_date_or_a_notice_is_undated(world: World) -> None:
    here = office(world.store)
    bare = here.changed(notices=())
    found = await edition(bare.officer(), None)
    assert found is not None
    assert found.published_at == UNDATED


async def test_others_go_first_before_each_entry_is_opened_and_each_stretch_of_the_ledger(world: World) -> None:
    here, opening, checking = office(world.store), Always(), Always()
    for number in range(3):
        await here.given(id=f"entry {number}")
    found = await shown_to(replace(here.officer(), pace=opening))
    state = await ledger_checked(replace(here.officer(), pace=checking), None)

    assert (len(found.rows), opening.rests) == (3, 3)
    assert (state, checking.rests) == (await world.store.ledger(), 1)
