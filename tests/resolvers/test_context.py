"""A request's surroundings: whose states are read, how sure it is who asks, what is asked of the decision."""

from dataclasses import replace
from typing import Any

import pytest

from graph.catalogue import Recipient
from graph.decision.request import Claims
from graph.records import GivenOn
from graph.store import Additions, Command, Parties
from graph.terms import AgeBand, Audience, Occupancy
from resolvers.arrival import own_snapshot
from resolvers.context import Rules, Session, current
from tests.support.stores_watched import WatchedStore
from tests.support.worlds_governance import Office, office
from tests.support.worlds_resolvers import APP, PLAY, STUDIO, World

pytestmark = pytest.mark.anyio
TV = {"channel": "tv", "device": "living-room", "assurance": 1, "attested": False}


@pytest.fixture
def here(world: World) -> Office:
    return office(WatchedStore(world.store))


@pytest.mark.parametrize(
    ("more", "parties"),
    [
        ({}, Parties("noor-headset")),
        ({"device": None}, Parties()),
        ({"audience": Audience.PARTNER}, Parties()),
        ({"audience": Audience.GOVERNANCE}, Parties()),
        (TV, Parties("living-room", "living-room")),
        ({"channel": "nowhere"}, Parties("noor-headset")),
    ],
)
async def test_beside_a_person_stand_her_device_and_where_a_household_shares_it_its_household(
    here: Office, more: dict[str, Any], parties: Parties
) -> None:
    assert here.of(**more).parties == parties


@pytest.mark.parametrize(("channel", "assurance"), [("headset", 2), ("tv", 1), ("phone", 3), ("nowhere", 0)])
async def test_assurance_is_cut_to_what_the_channel_can_prove(here: Office, channel: str, assurance: int) -> None:
    assert here.of(channel=channel, assurance=3).assurance == assurance


async def test_a_partners_question_has_no_device_no_session_and_no_claims(here: Office) -> None:
    session = Session("s1", Claims(Occupancy.SHARED))
    rules = Rules("XX", AgeBand.CHILD)
    snapshot = await own_snapshot(here.of())
    client = replace(here.of(), session=session, rules=rules).question(PLAY, snapshot)
    partner = replace(here.of(audience=Audience.PARTNER, recipient=STUDIO), session=session, rules=rules)
    asked = partner.question(PLAY, snapshot)
    assert (client.device, client.session, client.claims) == ("noor-headset", "s1", session.claims)
    assert (asked.device, asked.session, asked.claims) == (None, None, Claims())
    assert (asked.recipient, asked.controller_region, asked.unknown_age) == (STUDIO, "XX", AgeBand.CHILD)


async def test_a_record_says_where_it_was_made(here: Office) -> None:
    assert replace(here.of(), session=Session("s1")).given_on == GivenOn("headset", "noor-headset", "s1")
    assert here.officer().given_on == GivenOn()


async def test_a_snapshot_that_knows_a_newer_catalogue_brings_it(here: Office) -> None:
    await here.refreshed(0)
    context = here.of()
    assert await current(context, await own_snapshot(context)) is context
    await here.store.add(Additions(recipients=(Recipient("late"),)), Command("k", ""), here.now)
    newer = await current(context, await own_snapshot(context))
    assert "late" in newer.catalogue.recipients
    assert (newer.caller, newer.recipient.id) == (context.caller, APP)
