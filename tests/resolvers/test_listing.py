"""What a person sees of what she said, each record as it stands now, and of who received what."""

from dataclasses import replace
from datetime import timedelta

import pytest

from graph.catalogue import NoticeCell
from graph.records import NoticeRef, Record, Scope
from graph.terms import Fidelity, GivenBy, Operation, RecordKind, Signal
from resolvers import listing
from resolvers.acts import GiveConsent, ScopeAsked
from resolvers.consent import give, object_to, refuse, withdraw, withdraw_all
from resolvers.context import Context
from resolvers.cursors import MOST_ROWS, Listing, Paged
from resolvers.listing import ConsentShown, ConsentState, DisclosureShown, consents, disclosures
from resolvers.notices import NoticeShown
from tests.support.worlds_acts import given
from tests.support.worlds_resolvers import (
    ADS,
    APP,
    DAY,
    GENERAL,
    GUESS,
    HEIGHT,
    HOBBY,
    HOUR,
    NOON,
    PLAY,
    SIZE,
    STUDIO,
    SUNRISE,
    TOPICS,
    World,
    all_of,
    done,
    notice,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

INSTANT = timedelta(microseconds=1)
ENGLISH = NoticeShown("general", 1, "Notice", "What we do.", "en", GENERAL.effective_from)


def _pages(context: Context) -> Listing:
    return Listing(context.cursors, context.caller.audience, "listed")


async def _said(context: Context, first: int = MOST_ROWS, after: str | None = None) -> Paged[ConsentShown]:
    return await consents(context, _pages(context), first=first, after=after)


async def _received(context: Context, first: int = MOST_ROWS, after: str | None = None) -> Paged[DisclosureShown]:
    return await disclosures(context, _pages(context), first=first, after=after)


async def _consents(context: Context) -> list[ConsentShown]:
    return [row for _, row in (await _said(context)).rows]


async def _states(context: Context) -> list[tuple[str | None, ConsentState]]:
    return [(one.category, one.state) for one in await _consents(context)]


async def test_a_yes_is_shown_with_its_scope_its_rung_and_its_notice(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    ends = NOON + DAY
    asked = GiveConsent("k", made.token, all_of(made, Fidelity.PRESENCE), ("phone",), expires_at=ends)
    done(await give(world.of(), asked))
    (found,) = await _consents(world.of())
    assert found == ConsentShown(
        id=(await world.records())[-1].id,
        purpose=PLAY,
        category="hobby",
        recipient_name="The App",
        channel="phone",
        operations=(Operation.USE,),
        fidelity=Fidelity.PRESENCE,
        state=ConsentState.ACTIVE,
        given_at=NOON,
        ends_at=ends,
        notice=ENGLISH,
    )


async def test_a_no_is_shown_without_a_rung_and_what_it_leaves_open_as_all_of_it(world: World) -> None:
    done(await withdraw_all(world.of(), "k"))
    (found,) = await _consents(world.of())
    assert (found.purpose, found.category, found.recipient_name, found.channel, found.operations) == (None,) * 5
    assert (found.fidelity, found.state, found.ends_at, found.notice) == (None, ConsentState.WITHDRAWN, None, ENGLISH)


async def test_each_kind_of_no_has_its_state(world: World) -> None:
    made = await shown(world.of(), HOBBY)
    done(await refuse(world.of(), "refuse", made.token))
    done(await withdraw(world.of(), "withdraw", ScopeAsked(category="body")))
    done(await object_to(world.of(), "object", ScopeAsked(category="topics", operations=(Operation.SELL,))))
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    await world.recorded("noor", Record("r", RecordKind.REVOKED, NOON, Scope(group="ad_group"), Fidelity.NONE))
    found = await _consents(world.of())
    assert [(one.category or one.recipient_name, one.state) for one in found] == [
        ("hobby", ConsentState.REFUSED),
        ("body", ConsentState.WITHDRAWN),
        ("topics", ConsentState.OBJECTED),
        (None, ConsentState.OBJECTED),
        ("ad_group", ConsentState.WITHDRAWN),
    ]
    assert [one.operations for one in found[2:4]] == [(Operation.SELL,), (Operation.SELL, Operation.TARGET)]


async def test_what_is_neither_a_yes_nor_a_no_is_not_listed(world: World) -> None:
    await shown(world.of(), HOBBY)
    restricted = Record("r", RecordKind.RESTRICTED, NOON, given_by=GivenBy.OPERATOR)
    await world.recorded("noor", restricted)
    assert await _consents(world.of()) == []


async def test_a_yes_that_a_wider_no_takes_back_is_withdrawn_from_that_instant(world: World) -> None:
    await said_yes(world.of(), HOBBY, HEIGHT, GUESS)
    done(await withdraw(world.later().of(), "k", ScopeAsked(category="hobby")))
    found = await _consents(world.later().of())
    assert [(one.category, one.state, one.ends_at) for one in found] == [
        ("hobby", ConsentState.WITHDRAWN, NOON + HOUR),
        ("body.height", ConsentState.ACTIVE, None),
        ("guess", ConsentState.ACTIVE, None),
        ("hobby", ConsentState.WITHDRAWN, NOON + HOUR),
        ("hobby", ConsentState.WITHDRAWN, None),
    ]


async def test_a_coarse_yes_that_stays_as_a_limit_is_shown_as_withdrawn_too(world: World) -> None:
    await said_yes(world.of(), HEIGHT, fidelity=Fidelity.COARSE)
    done(await withdraw_all(world.later().of(), "k"))
    assert await _states(world.of()) == [("body.height", ConsentState.WITHDRAWN), (None, ConsentState.WITHDRAWN)]


async def test_a_no_to_a_part_leaves_a_yes_active(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    done(await withdraw(world.of(), "k", ScopeAsked(category="hobby", channel="phone")))
    assert await _states(world.of()) == [("hobby", ConsentState.ACTIVE), ("hobby", ConsentState.WITHDRAWN)]


async def test_a_yes_after_the_no_is_active(world: World) -> None:
    done(await withdraw_all(world.of(), "k"))
    await said_yes(world.of(), HOBBY)
    assert await _states(world.of()) == [(None, ConsentState.WITHDRAWN), ("hobby", ConsentState.ACTIVE)]


async def test_a_signal_takes_back_no_yes(world: World) -> None:
    await said_yes(world.of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    assert [state for _, state in await _states(world.of())] == [
        ConsentState.ACTIVE,
        ConsentState.ACTIVE,
        ConsentState.OBJECTED,
    ]


async def test_a_yes_is_expired_from_its_end_on(world: World) -> None:
    await said_yes(world.of(), HOBBY, expires_at=NOON + HOUR)
    world.later(HOUR - INSTANT)
    assert await _states(world.of()) == [("hobby", ConsentState.ACTIVE)]
    world.later(INSTANT)
    assert await _states(world.of()) == [("hobby", ConsentState.EXPIRED)]


async def test_a_yes_ends_at_the_laws_maximum_age(world: World) -> None:
    oo = {"residence": "OO"}
    await said_yes(world.of(**oo), HOBBY)
    await said_yes(world.of(**oo), HEIGHT, expires_at=NOON + DAY)
    ends = NOON + 10 * DAY
    world.later(10 * DAY - INSTANT)
    found = await _consents(world.of(**oo))
    assert [(one.state, one.ends_at) for one in found] == [
        (ConsentState.ACTIVE, ends),
        (ConsentState.EXPIRED, NOON + DAY),
    ]
    world.later(INSTANT)
    first = (await _consents(world.of(**oo)))[0]
    assert (first.state, first.ends_at) == (ConsentState.EXPIRED, ends)


async def test_a_yes_whose_place_a_newer_one_took_has_ended(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    await said_yes(world.later().of(), HOBBY)
    found = [(one.state, one.ends_at) for one in await _consents(world.of())]
    assert found == [(ConsentState.EXPIRED, NOON + HOUR), (ConsentState.ACTIVE, None)]


async def test_a_newer_notice_outdates_the_cells_it_changed_and_no_others(world: World) -> None:
    await said_yes(world.of(), HOBBY, HEIGHT)
    newer = notice("general", 2, NOON + HOUR, (NoticeCell(category="hobby"),))
    here = world.changed(notices=(GENERAL, newer))
    assert await _states(here.of()) == [("hobby", ConsentState.ACTIVE), ("body.height", ConsentState.ACTIVE)]
    here.later()
    assert await _states(here.of()) == [("hobby", ConsentState.OUTDATED), ("body.height", ConsentState.ACTIVE)]
    assert [one.notice.version for one in await _consents(here.of())] == [1, 1]


async def test_a_yes_to_more_than_one_cell_is_active_until_it_ends(world: World) -> None:
    """Records that came from elsewhere may leave open what ours never do."""
    notice_1 = NoticeRef("general", 1)
    wide = Record("wide", RecordKind.GIVEN, NOON, Scope(group="ad_group"), notice=notice_1)
    nowhere = Record("nowhere", RecordKind.GIVEN, NOON, Scope(PLAY), notice=notice_1, assurance=1)
    await world.recorded("noor", wide, nowhere)
    done(await withdraw_all(world.later().of(), "k"))
    found = await _consents(world.of())
    assert [(one.recipient_name, one.operations, one.state) for one in found] == [
        ("ad_group", None, ConsentState.WITHDRAWN),
        (None, None, ConsentState.ACTIVE),
        (None, None, ConsentState.WITHDRAWN),
    ]


async def test_a_yes_to_more_than_one_cell_ends_at_its_instant(world: World) -> None:
    wide = Record("wide", RecordKind.GIVEN, NOON, Scope(group="ad_group"), valid_until=NOON + HOUR)
    await world.recorded("noor", wide)
    world.later(HOUR - INSTANT)
    assert await _states(world.of()) == [(None, ConsentState.ACTIVE)]
    world.later(INSTANT)
    assert await _states(world.of()) == [(None, ConsentState.EXPIRED)]


async def test_a_recipient_is_named_by_its_id_where_it_has_no_name(world: World) -> None:
    await said_yes(world.of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    assert {one.recipient_name for one in await _consents(world.of())} == {SUNRISE}


async def test_an_app_of_a_third_party_sees_what_names_it(world: World) -> None:
    await said_yes(world.of(), HOBBY)
    await said_yes(world.of(), HOBBY, recipient=STUDIO)
    done(await withdraw_all(world.of(), "k"))
    assert await _states(world.of(recipient=STUDIO)) == [("hobby", ConsentState.WITHDRAWN)]


async def test_consents_come_in_pages_that_meet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "READ_AT_ONCE", 2)
    rows = tuple(
        Record(f"r{one}", RecordKind.NOTICE_SERVED if one % 2 else RecordKind.REFUSED, NOON, cap=Fidelity.NONE)
        for one in range(10)
    )
    await world.recorded("noor", *rows)
    found: list[str] = []
    after, pages = None, 0
    more = True
    while more:
        page = await _said(world.of(), 2, after)
        found += [row.id for _, row in page.rows]
        after, pages, more = page.rows[-1][0], pages + 1, page.has_next
    assert (found, pages) == (["r0", "r2", "r4", "r6", "r8"], 3)
    assert (await _said(world.of(), 5)).has_next is False
    nothing = await _said(world.of(), 0)
    assert (nothing.rows, nothing.has_next) == ((), True)


async def test_disclosures_are_one_line_for_each_recipient_and_purpose(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "READ_AT_ONCE", 2)
    await given(world)
    await given(world, recipient=APP)
    await given(world.later(), released=((HEIGHT, Fidelity.COARSE), (HOBBY, Fidelity.PRESENCE)))
    await given(world.later(), purpose=SIZE)
    await given(world, "jon")
    found = (await _received(world.of())).rows
    assert [replace(row, id="") for _, row in found] == [
        DisclosureShown("", "Studio", PLAY, (HOBBY, HEIGHT), NOON, NOON + HOUR, 2),
        DisclosureShown("", "The App", PLAY, (HOBBY,), NOON, NOON, 1),
        DisclosureShown("", "Studio", SIZE, (HOBBY,), NOON + 2 * HOUR, NOON + 2 * HOUR, 1),
    ]
    assert len({row.id for _, row in found}) == 3


async def test_a_line_keeps_its_id_as_it_grows_and_the_id_names_nobody(world: World) -> None:
    await given(world)
    ((_, before),) = (await _received(world.of())).rows
    await given(world)
    ((_, after),) = (await _received(world.of())).rows
    assert (after.id, after.count) == (before.id, 2)
    assert "noor" not in after.id


async def test_disclosures_come_in_pages_that_meet(world: World) -> None:
    for purpose in ("a", "b", "c"):
        await given(world, purpose=purpose, recipient="gone")
    first = await _received(world.of(), 2)
    assert ([row.purpose for _, row in first.rows], first.has_next) == (["a", "b"], True)
    rest = await _received(world.of(), 2, first.rows[-1][0])
    assert ([row.purpose for _, row in rest.rows], rest.has_next) == (["c"], False)
    assert {row.recipient_name for _, row in rest.rows} == {"gone"}


async def test_an_app_of_a_third_party_sees_what_it_received(world: World) -> None:
    for recipient in (STUDIO, APP, SUNRISE):
        await given(world, recipient=recipient)
    found = (await _received(world.of(recipient=STUDIO))).rows
    assert [row.recipient_name for _, row in found] == ["Studio"]
