"""The one door by which a value leaves: snapshot, decide once, read what may go, the proof last, disclose, answer."""

from dataclasses import replace

import pytest

from graph.decision.explain import Told
from graph.errors import StoreUnavailable
from graph.fidelity import Shown
from graph.records import Scope
from graph.store import Additions, Command
from graph.terms import Fidelity, NextActionKind, Outcome, Reason, RecordKind
from resolvers.arrival import own_snapshot
from resolvers.release import TRIES, Entry, Released, release_own
from tests.support.resting import Resting
from tests.support.worlds_governance import Office, record
from tests.support.worlds_release import (
    ASKED,
    HERS,
    YES,
    held,
    ledger,
    permits,
    released,
    said,
    sharing,
    watched,
    withdrawn,
)
from tests.support.worlds_resolvers import DAY, HEIGHT, HOBBY, HOUR, NOTE, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(world: World) -> Office:
    return await sharing(world)


# What leaves, in which order


async def test_an_answer_is_snapshot_values_ledger_and_each_of_them_once_whatever_is_asked(here: Office) -> None:
    await release_own(here.of(), PLAY, ASKED)
    assert watched(here).calls == ["recent", "values", "disclose"]


async def test_only_the_values_of_permitted_keys_are_read(here: Office) -> None:
    await release_own(here.of(), PLAY, ASKED)
    assert watched(here).asked[1][1] == (HOBBY,)


async def test_it_is_decided_before_anybody_looks_whether_a_value_is_held(here: Office) -> None:
    held = await release_own(here.of(), PLAY, ASKED)
    before = list(watched(here).asked)
    await here.store.discard("noor", (HEIGHT,))
    watched(here).forget()
    assert await release_own(here.of(), PLAY, ASKED) == held
    assert watched(here).asked[:2] == before[:2]


async def test_each_key_has_its_outcome_in_the_order_asked(here: Office) -> None:
    await here.told("noor", record("guess", here.now, scope=Scope(category="body"), valid_until=here.now + 2 * DAY))
    await here.store.discard("noor", (HEIGHT,))
    found = await release_own(here.of(), PLAY, (NOTE, HEIGHT, HOBBY))
    ends, later = here.now + DAY, here.now + 2 * DAY
    assert found == Released(
        "noor",
        PLAY,
        "s3.d0",
        (
            Entry(NOTE, Outcome.WITHHELD, told=Told((Reason.CONSENT_MISSING,), NextActionKind.ASK_CONSENT)),
            Entry(HEIGHT, Outcome.NOT_HELD, valid_until=later),
            Entry(HOBBY, Outcome.RELEASED, Fidelity.PRECISE, Shown(Fidelity.PRECISE, HERS), ends),
        ),
    )
    assert found.entry(HEIGHT) == found.entries[1]
    assert found.entry("never.asked") is None
    assert found.valid_until((HEIGHT, HOBBY)) == ends
    assert found.valid_until((HEIGHT,)) == later
    assert found.valid_until((NOTE,)) is None


async def test_an_answer_never_outlives_the_value_it_holds(here: Office) -> None:
    await here.holds("noor", held(HOBBY, here, HERS, expires_at=here.now + HOUR))
    found = await release_own(here.of(), PLAY, (HOBBY,))
    assert [one.valid_until for one in found.entries] == [here.now + HOUR]
    here.later()
    assert [one.outcome for one in (await release_own(here.of(), PLAY, (HOBBY,))).entries] == [Outcome.NOT_HELD]


async def test_a_third_partys_app_is_told_no_more_than_that_consent_is_missing(here: Office) -> None:
    await withdrawn(here)
    own = await release_own(here.of(), PLAY, (HOBBY,))
    foreign = await release_own(here.of(recipient=STUDIO), PLAY, (HOBBY,))
    assert own.entries[0].told == Told((Reason.CONSENT_WITHDRAWN,), NextActionKind.ASK_CONSENT)
    assert foreign.entries[0].told == Told((Reason.CONSENT_MISSING,), NextActionKind.ASK_CONSENT)


# Consent that changes while it is read


async def test_a_withdrawal_between_deciding_and_reading_lets_nothing_out(here: Office) -> None:
    watched(here).before("values", lambda: withdrawn(here))
    found = await release_own(here.of(), PLAY, (HOBBY,))
    assert [(one.outcome, one.shown) for one in found.entries] == [(Outcome.WITHHELD, None)]
    assert found.revision == "s3.d0"
    assert await ledger(here) == []


async def test_a_withdrawal_while_an_answer_rests_lets_nothing_out(here: Office) -> None:
    resting = Resting(lambda: withdrawn(here))
    found = await release_own(replace(here.of(), pace=resting), PLAY, ASKED)
    assert resting.acts == []
    assert [(one.outcome, one.shown) for one in found.entries] == [(Outcome.WITHHELD, None)] * len(ASKED)
    assert await ledger(here) == []


async def test_what_changes_is_decided_again_on_the_newer_state_that_came_with_the_values(here: Office) -> None:
    watched(here).before("values", lambda: said(here, "one"))
    found = await release_own(here.of(), PLAY, (HOBBY,))
    assert (released(found), found.revision) == ({HOBBY: HERS}, "s3.d0")
    assert watched(here).calls.count("values") == 1
    assert [entry.revision for entry in await ledger(here)] == ["s3.d0"]


async def test_what_is_left_of_a_yes_is_released_at_what_the_newer_state_permits(here: Office) -> None:
    coarser = record("coarser", here.now, scope=YES, cap=Fidelity.PRESENCE)
    watched(here).before("values", lambda: here.told("noor", coarser))
    found = await release_own(here.of(), PLAY, (HOBBY,))
    assert [(one.outcome, one.fidelity) for one in found.entries] == [(Outcome.RELEASED, Fidelity.PRESENCE)]


async def test_a_key_permitted_only_now_was_not_read_so_it_is_read_again(here: Office) -> None:
    watched(here).before("values", lambda: permits(here, HEIGHT))
    found = await release_own(here.of(), PLAY, (HOBBY, HEIGHT))
    assert (released(found), found.revision) == ({HOBBY: HERS, HEIGHT: 172.4}, "s3.d0")
    assert watched(here).calls.count("values") == 2


async def test_what_is_permitted_one_by_one_is_read_up_to_three_times(here: Office) -> None:
    await withdrawn(here)
    watched(here).before("values", *(lambda key=key: permits(here, key) for key in (HOBBY, HEIGHT)))
    found = await release_own(here.of(), PLAY, ASKED)
    assert (released(found), found.revision) == ({HOBBY: HERS, HEIGHT: 172.4}, "s5.d0")
    assert watched(here).calls.count("values") == TRIES == 3


async def test_after_three_times_nothing_is_released_at_all(here: Office) -> None:
    await withdrawn(here)
    watched(here).before("values", *(lambda key=key: permits(here, key) for key in (HOBBY, HEIGHT, NOTE)))
    with pytest.raises(StoreUnavailable, match="ask again"):
        await release_own(here.of(), PLAY, ASKED)
    assert await ledger(here) == []


async def test_a_value_that_ended_by_the_instant_of_the_newer_state_is_not_held(here: Office) -> None:
    await here.holds("noor", held(HOBBY, here, HERS, expires_at=here.now + HOUR))
    ahead = record("ahead", here.now + HOUR, RecordKind.REFUSED, scope=Scope(category="topics"))
    watched(here).before("values", lambda: here.told("noor", ahead))
    found = await release_own(here.of(), PLAY, (HOBBY,))
    assert [one.outcome for one in found.entries] == [Outcome.NOT_HELD]


async def test_claims_another_token_replaced_meanwhile_are_recorded_again(here: Office) -> None:
    context = here.of()
    elsewhere = replace(context, caller=replace(context.caller, residence="TT"))
    watched(here).before("values", lambda: own_snapshot(elsewhere))
    found = await release_own(context, PLAY, (HOBBY,))
    assert (released(found), found.revision) == ({HOBBY: HERS}, "s4.d0")
    assert (await own_snapshot(context)).subject.jurisdictions == (context.caller.residence,)


async def test_the_device_stays_attested_when_consent_is_read_again(here: Office) -> None:
    await here.told("noor", record("note", here.now, scope=Scope(category="health"), names=frozenset({"health"})))
    await here.holds("noor", held(NOTE, here, "canary"))
    watched(here).before("values", lambda: said(here, "one"))
    assert released(await release_own(here.of(), PLAY, (NOTE,))) == {NOTE: "canary"}
    assert released(await release_own(here.of(attested=False), PLAY, (NOTE,))) == {}


async def test_a_withdrawal_recorded_by_a_clock_that_is_ahead_counts_at_once(here: Office) -> None:
    ahead = record("no", here.now + HOUR, RecordKind.WITHDRAWN, scope=YES)
    await here.told("noor", ahead)
    found = await release_own(here.of(), PLAY, (HOBBY,))
    assert [one.outcome for one in found.entries] == [Outcome.WITHHELD]


async def test_a_notice_another_gateway_published_a_moment_ago_counts_at_once(here: Office) -> None:
    context = here.of()  # its catalogue is the one of before
    newer = replace(here.catalogue.notices["general"][0], effective_from=here.now, cells=None)
    newer = replace(newer, ref=replace(newer.ref, version=2))
    await here.store.add(Additions(notices=(newer,)), Command("k", ""), here.now)
    found = await release_own(context, PLAY, (HOBBY,))
    assert found.entries[0].told == Told((Reason.NOTICE_OUTDATED,), NextActionKind.ASK_CONSENT)
