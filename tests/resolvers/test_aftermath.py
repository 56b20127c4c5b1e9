"""What a yes does not reach: cells that an earlier, more specific no still holds back; each attribute named once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from graph.catalogue import LawRow
from graph.decision.explain import Told
from graph.records import Record, Scope
from graph.terms import (
    AgeBand,
    Basis,
    Fidelity,
    NextActionKind,
    Operation,
    Reason,
    RecordKind,
    Regime,
    Sensitivity,
    Signal,
)
from resolvers.acts import GiveConsent, ScopeAsked, WithheldKey
from resolvers.consent import give, refuse, withdraw, withdraw_all
from resolvers.context import Session
from tests.support.worlds_acts import rung
from tests.support.worlds_resolvers import (
    ADS,
    GUESS,
    HEIGHT,
    HOBBY,
    LAW,
    NOTE,
    PLAY,
    SIZE,
    STUDIO,
    SUNRISE,
    TABLES,
    TOPICS,
    TURNING,
    World,
    all_of,
    attribute,
    done,
    said_yes,
    shown,
)

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
STANDS = Told((Reason.EARLIER_NO_STANDS,), None)


def _stand(*keys: str) -> tuple[WithheldKey, ...]:
    return tuple(WithheldKey(key, STANDS) for key in keys)


async def test_a_yes_that_nothing_stands_against_holds_nothing_back(world: World) -> None:
    assert (await said_yes(world.of(), HOBBY, HEIGHT, GUESS)).still_withheld == ()


async def test_a_late_accept_all_lifts_no_earlier_specific_no_and_says_so(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(category="hobby", channel="headset")))
    made = await said_yes(world.later().of(), HOBBY, HEIGHT)
    assert made.still_withheld == _stand(HOBBY)
    assert [await rung(world.of(), key) for key in (HOBBY, HEIGHT)] == [Fidelity.NONE, Fidelity.PRECISE]


async def test_what_is_held_back_elsewhere_is_told_here(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(channel="phone")))
    made = await said_yes(world.of(), HOBBY)
    assert made.still_withheld == _stand(HOBBY)
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE


async def test_a_no_that_the_new_yes_does_not_meet_is_not_told(world: World) -> None:
    await shown(world.of(channel="phone", device="noor-phone"), HOBBY)
    done(await withdraw(world.of(), "channel", ScopeAsked(channel="phone")))
    done(await withdraw(world.of(), "device", ScopeAsked(device="noor-phone")))
    made = await said_yes(world.of(), HOBBY, channels=("headset", "tv"), device="noor-headset")
    assert made.still_withheld == ()


async def test_what_is_held_back_on_another_device_is_told_here(world: World) -> None:
    await shown(world.of(channel="phone", device="noor-phone"), HOBBY)
    done(await withdraw(world.of(), "no", ScopeAsked(device="noor-phone")))
    assert (await said_yes(world.of(), HOBBY)).still_withheld == _stand(HOBBY)


async def test_a_late_specific_yes_lifts_an_earlier_general_no(world: World) -> None:
    done(await withdraw_all(world.of(), "all"))
    assert (await said_yes(world.of(), HOBBY)).still_withheld == ()
    assert await rung(world.of(), HOBBY) is Fidelity.PRECISE


async def test_specific_nos_from_before_taking_everything_back_still_stand(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(category="hobby", device="noor-headset")))
    done(await withdraw_all(world.of(), "all"))
    assert (await said_yes(world.of(), HOBBY)).still_withheld == _stand(HOBBY)


async def test_a_lower_cap_from_before_still_limits(world: World) -> None:
    await said_yes(world.of(), HEIGHT, fidelity=Fidelity.COARSE, channels=("headset",))
    made = await said_yes(world.of(), HEIGHT)
    assert made.still_withheld == _stand(HEIGHT)
    assert await rung(world.of(), HEIGHT) is Fidelity.COARSE


async def test_a_cap_that_is_no_lower_than_the_new_yes_limits_nothing(world: World) -> None:
    await said_yes(world.of(), HEIGHT, fidelity=Fidelity.COARSE, channels=("headset",))
    assert (await said_yes(world.of(), HEIGHT, fidelity=Fidelity.CATEGORY)).still_withheld == ()


async def test_a_yes_at_last_for_that_very_place_is_held_back_by_nothing(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(category="hobby", channel="headset")))
    assert (await said_yes(world.of(), HOBBY, channels=("headset",))).still_withheld == ()


async def test_a_no_to_a_kind_of_data_below_the_one_said_yes_to_still_stands(world: World) -> None:
    shape = attribute("body.shape", "body", Sensitivity.S2)
    here = world.changed(attributes=(*TABLES.attributes, shape))
    done(await withdraw(here.of(), "no", ScopeAsked(category="body.height")))
    made = await said_yes(here.of(), "body.shape")
    assert made.still_withheld == _stand(HEIGHT, "body.shape")


async def test_a_no_to_a_source_holds_back_what_is_inferred_from_it(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(channel="headset", operations=(Operation.INFER,))))
    made = await said_yes(world.of(), HOBBY, GUESS)
    assert made.still_withheld == _stand(GUESS)
    assert [await rung(world.of(), key) for key in (HOBBY, GUESS)] == [Fidelity.PRECISE, Fidelity.NONE]


async def test_the_safety_effect_is_judged_by_itself(world: World) -> None:
    contract = replace(TABLES.register[3], basis=Basis.CONTRACT)
    here = world.changed(register=(contract, *TABLES.register[:3], *TABLES.register[4:]))
    done(await withdraw(here.of(), "no", ScopeAsked(category="health", channel="headset")))
    made = await said_yes(here.of(), NOTE, "health.calm")
    assert made.still_withheld == _stand("health.calm", NOTE)
    assert await rung(here.of(), "health.calm") is Fidelity.EFFECT_ONLY
    assert (await said_yes(here.of(), TURNING)).still_withheld == ()
    effects = await said_yes(here.of(), "health.calm", fidelity=Fidelity.EFFECT_ONLY)
    assert effects.still_withheld == (), "nobody is asked for the effect, so no no holds it back"


async def test_what_no_purpose_or_row_opens_is_not_said_to_be_held_back(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(category="body.height", channel="phone")))
    silent = replace(attribute("body.age", "body.height", Sensitivity.S2), exposed=False)
    other = attribute("body.gait", "body.height", Sensitivity.S2, purposes=frozenset({SIZE}))
    unheard = attribute("body.tone", "body.height", Sensitivity.S2, channels=frozenset({"headset"}))
    here = world.changed(attributes=(*TABLES.attributes, silent, other, unheard))
    assert (await said_yes(here.of(), HEIGHT)).still_withheld == _stand(HEIGHT)


async def test_a_no_on_a_device_still_stands_after_a_yes_there_that_does_not_name_it(world: World) -> None:
    kiosk = {"device": "kiosk"}
    done(await withdraw(world.of(assurance=0, **kiosk), "no", ScopeAsked(category="hobby")))
    made = await said_yes(world.later().of(**kiosk), HOBBY)
    assert made.still_withheld == _stand(HOBBY)
    assert (await said_yes(world.later().of(**kiosk), HOBBY, device="kiosk")).still_withheld == ()


async def test_a_no_for_a_session_still_stands_in_it(world: World) -> None:
    no = Record("no", RecordKind.REFUSED, world.now, Scope(category="hobby", session="evening"), Fidelity.NONE)
    await world.recorded("noor", no)
    assert (await said_yes(world.of(), HOBBY)).still_withheld == _stand(HOBBY)
    evening = world.context(session=Session("evening"))
    made = await shown(evening, HOBBY)
    asked = GiveConsent("k", made.token, all_of(made), this_session_only=True)
    assert done(await give(evening, asked)).still_withheld == ()


async def test_a_signal_that_came_after_the_offer_stands_against_the_yes(world: World) -> None:
    made = await shown(world.of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    answer = done(await give(world.later(MINUTE).of(), GiveConsent("k", made.token, all_of(made))))
    assert answer.still_withheld == (WithheldKey(TOPICS, Told((Reason.OBJECTED,), None)),)


async def test_a_yes_to_an_offer_that_names_the_signal_is_held_back_by_nothing(world: World) -> None:
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    made = await said_yes(world.later().of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    assert made.still_withheld == ()


async def test_what_no_channel_of_the_asker_carries_is_looked_at_where_it_is_carried(world: World) -> None:
    server = frozenset({"partner_server"})
    here = world.changed(attributes=tuple(replace(one, channels=server) for one in TABLES.attributes))
    done(await withdraw(here.of(), "no", ScopeAsked(recipient=STUDIO, category="hobby", operations=(Operation.USE,))))
    assert (await said_yes(here.of(), HOBBY, recipient=STUDIO)).still_withheld == ()
    no = Record("no", RecordKind.REFUSED, here.now, Scope(PLAY, "hobby", STUDIO, session="s"), Fidelity.NONE)
    await here.recorded("noor", no)
    made = await said_yes(here.of(), HOBBY, recipient=STUDIO)
    assert made.still_withheld == _stand(HOBBY)


async def test_an_app_of_a_third_party_is_told_that_consent_is_missing(world: World) -> None:
    done(await withdraw(world.of(), "no", ScopeAsked(category="hobby", channel="headset")))
    made = await said_yes(world.of(recipient=STUDIO), HOBBY)
    missing = Told((Reason.CONSENT_MISSING,), NextActionKind.ASK_CONSENT)
    assert made.still_withheld == (WithheldKey(HOBBY, missing),)


async def test_what_the_law_or_the_yes_itself_falls_short_of_is_no_earlier_no(world: World) -> None:
    ban = LawRow("XX", Regime.PROHIBITED, operation=Operation.INFER, source="XX 9")
    here = world.changed(law=(*LAW, ban))
    done(await withdraw(here.of(), "no", ScopeAsked(channel="phone", category="guess")))
    assert (await said_yes(here.of(), HOBBY)).still_withheld == ()


async def test_a_lower_rung_that_was_chosen_in_the_same_answer_is_no_earlier_no(world: World) -> None:
    shape = replace(TABLES.attributes[1], key="body.shape", category="body")
    here = world.changed(attributes=(*TABLES.attributes, shape))
    made = await shown(here.of(), "body.shape", HEIGHT)
    choices = (all_of(made)[0], *all_of(made, Fidelity.COARSE)[1:])
    assert done(await give(here.of(), GiveConsent("k", made.token, choices))).still_withheld == ()
    assert [await rung(here.of(), key) for key in ("body.shape", HEIGHT)] == [Fidelity.COARSE] * 2


async def test_a_node_the_notice_did_not_know_yet_is_no_earlier_no(world: World) -> None:
    younger = tuple(replace(one, since=2) if one.key == "hobby" else one for one in TABLES.categories)
    here = world.changed(categories=younger)
    assert (await said_yes(here.of(), HOBBY)).still_withheld == ()
    assert await rung(here.of(), HOBBY) is Fidelity.NONE


async def test_a_wards_earlier_no_is_told_to_her_guardian(world: World) -> None:
    await world.guarded("pia", "noor")
    pia = world.of(subject="pia", device="pia-headset", age_band=AgeBand.CHILD)
    done(await withdraw(pia, "no", ScopeAsked(category="hobby", channel="headset")))
    made = await shown(pia, HOBBY)
    phone = world.of(channel="phone", device="noor-phone")
    answer = done(await give(phone, GiveConsent("k", made.token, all_of(made))))
    assert answer.still_withheld == _stand(HOBBY)


async def test_two_places_that_hold_back_one_attribute_name_it_once(world: World) -> None:
    for channel in ("headset", "phone", "tablet"):
        done(await withdraw(world.of(), channel, ScopeAsked(category="hobby", channel=channel)))
    made = await shown(world.of(), HOBBY)
    done(await refuse(world.of(), "refused", made.token))
    assert (await said_yes(world.of(), HOBBY)).still_withheld == _stand(HOBBY)
