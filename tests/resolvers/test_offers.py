"""Offers: which cells, how far, by which notice, and what else they do."""

from dataclasses import replace

import pytest

from graph.catalogue import LawRow, NoticeCell
from graph.records import Subject
from graph.store import Change, Command
from graph.terms import AgeBand, Fidelity, Level, Operation, RecordKind, Regime, Signal, Standing
from resolvers.offers import CellShown, NoticeShown, offer
from resolvers.problems import BadUserInput
from tests.support.worlds_resolvers import (
    ADS,
    DAY,
    GENERAL,
    GUESS,
    HEIGHT,
    HOBBY,
    LAW,
    NOON,
    NOTE,
    PLAY,
    STUDIO,
    SUNRISE,
    TABLES,
    TOPICS,
    World,
    notice,
    shown,
)

pytestmark = pytest.mark.anyio


async def test_an_offer_lists_the_cells_of_each_key_and_an_infer_cell_for_each_source(world: World) -> None:
    made = await shown(world.of(), HOBBY, GUESS)
    assert made.cells == (
        CellShown(PLAY, "hobby", "The App", Operation.USE, False, Fidelity.PRECISE),
        CellShown(PLAY, "guess", "The App", Operation.USE, False, Fidelity.PRECISE),
        CellShown(PLAY, "hobby", "The App", Operation.INFER, False, Fidelity.PRECISE),
    )


async def test_a_special_category_is_marked_as_one(world: World) -> None:
    made = await shown(world.of(), NOTE)
    assert [(cell.special, cell.max_fidelity) for cell in made.cells] == [(True, Fidelity.PRECISE)]


async def test_a_channel_is_offered_no_higher_than_it_may_ask(world: World) -> None:
    channels = tuple(replace(one, max_sensitivity_to_ask=2) if one.id == "headset" else one for one in TABLES.channels)
    made = await shown(world.changed(channels=channels).of(), HEIGHT, NOTE)
    assert [(cell.category, cell.max_fidelity) for cell in made.cells] == [("body.height", Fidelity.COARSE)]


async def test_of_several_attributes_in_a_cell_the_one_that_may_be_asked_for_least_decides(world: World) -> None:
    short = next(one for one in TABLES.attributes if one.key == "later.thing")
    low = replace(short, exposed=True, rungs=(Fidelity.NONE, Fidelity.PRESENCE))
    deep = replace(short, key="deep.thing", exposed=True, sensitivity=3)
    channels = tuple(replace(one, max_sensitivity_to_ask=2) if one.id == "headset" else one for one in TABLES.channels)
    here = world.changed(attributes=(*TABLES.attributes, low, deep), channels=channels)
    made = [await shown(here.of(), HOBBY, *more) for more in ((), ("later.thing",), ("deep.thing",))]
    assert [one.cells[0].max_fidelity for one in made] == [Fidelity.PRECISE, Fidelity.PRECISE, Fidelity.PRESENCE]


async def test_a_key_that_gate_two_closes_is_not_asked_about(world: World) -> None:
    made = await shown(world.of(), TOPICS, "later.thing", "gaze.stream")
    assert made.cells == ()


async def test_a_prohibited_cell_is_not_offered(world: World) -> None:
    ban = LawRow("XX", Regime.PROHIBITED, operation=Operation.INFER)
    made = await shown(world.changed(law=(*LAW, ban)).of(), GUESS)
    assert [cell.operation for cell in made.cells] == [Operation.USE]


async def test_a_channel_without_a_row_is_offered_nothing(world: World) -> None:
    made = await shown(world.of(channel="nowhere"), HOBBY)
    assert made.cells == ()


async def test_on_a_channel_that_may_ask_nothing_there_is_nothing_to_say_yes_to(world: World) -> None:
    assert (await shown(world.of(channel="mail", device=None), HOBBY)).cells == ()


async def test_the_controllers_client_asks_for_another_recipient_on_any_of_its_channels(world: World) -> None:
    elsewhere = tuple(replace(one, channels=frozenset({"partner_server"})) for one in TABLES.attributes)
    here = world.changed(attributes=elsewhere)
    made = await shown(here.of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    assert [(cell.recipient_name, cell.operation) for cell in made.cells] == [
        (SUNRISE, Operation.DISCLOSE),
        (SUNRISE, Operation.SELL),
    ]
    assert (await shown(here.of(), HOBBY)).cells == ()


async def test_an_attribute_that_no_channel_carries_is_offered_to_nobody(world: World) -> None:
    nowhere = tuple(replace(one, channels=frozenset()) for one in TABLES.attributes)
    made = await shown(world.changed(attributes=nowhere).of(), HOBBY, recipient=STUDIO)
    assert made.cells == ()


@pytest.mark.parametrize(("caller", "recipient"), [("app", "nobody"), (STUDIO, "app"), (STUDIO, "nobody")])
async def test_a_recipient_that_is_unknown_or_not_ones_own_is_refused(
    world: World, caller: str, recipient: str
) -> None:
    with pytest.raises(BadUserInput, match="recipientId"):
        await shown(world.of(recipient=caller), HOBBY, recipient=recipient)


async def test_a_third_partys_app_asks_for_itself(world: World) -> None:
    made = await shown(world.of(recipient=STUDIO), HOBBY, recipient=STUDIO)
    assert [(cell.recipient_name, cell.operation) for cell in made.cells] == [("Studio", Operation.DISCLOSE)]


@pytest.mark.parametrize(("purpose", "key"), [("play", HOBBY), ("nowhere", HOBBY), (PLAY, "no.such")])
async def test_what_the_catalogue_does_not_have_cannot_be_offered(world: World, purpose: str, key: str) -> None:
    with pytest.raises(BadUserInput):
        await shown(world.of(), key, purpose=purpose)


async def test_without_a_notice_in_force_nothing_is_offered(world: World) -> None:
    with pytest.raises(BadUserInput, match="notice"):
        await shown(world.changed(notices=(notice("later", 1, NOON + DAY),)).of(), HOBBY)


@pytest.mark.parametrize(
    ("locale", "told"),
    [("de-DE", "de-DE"), ("DE", "de-DE"), ("fr-CA", "fr"), ("es", "en"), ("en-GB", "en")],
)
async def test_a_notice_is_shown_in_the_nearest_language(world: World, locale: str, told: str) -> None:
    made = await offer(world.of(), PLAY, (HOBBY,), None, locale)
    assert made.notice.locale == told


async def test_a_notice_without_english_is_shown_in_its_first_language_and_without_any_text_in_none(
    world: World,
) -> None:
    german = replace(GENERAL, texts=GENERAL.texts[:1])
    bare = replace(GENERAL, texts=())
    made = [await offer(world.changed(notices=(one,)).of(), PLAY, (HOBBY,), None, "es") for one in (german, bare)]
    assert [one.notice.locale for one in made] == ["de-DE", "en"]
    assert made[0].notice == NoticeShown("general", 1, "Hinweis", "Was wir tun.", "de-DE", GENERAL.effective_from)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (NoticeCell(category="hobby"), "special"),
        (NoticeCell(purpose="ads"), "general"),
        (NoticeCell(category="body"), "general"),
        (NoticeCell(recipient=STUDIO), "general"),
        (NoticeCell(operation=Operation.SELL), "general"),
        (NoticeCell("play", "hobby", "app", Operation.USE, material=False), "special"),
    ],
)
async def test_the_notice_that_names_a_cell_is_shown_before_the_one_about_everything(
    world: World, cell: NoticeCell, told: str
) -> None:
    here = world.changed(notices=(GENERAL, notice("special", 1, NOON - DAY, (cell,))))
    assert (await shown(here.of(), HOBBY)).notice.id == told


async def test_where_no_notice_speaks_of_the_cells_the_first_is_shown(world: World) -> None:
    only = notice("special", 2, NOON - DAY, (NoticeCell(purpose="ads"),))
    assert (await shown(world.changed(notices=(only,)).of(), HOBBY)).notice.version == 2


async def test_an_offer_serves_its_notice_once_even_with_nothing_to_ask(world: World) -> None:
    for _ in range(2):
        await shown(world.of(), TOPICS)
    newer = world.changed(notices=(GENERAL, notice("general", 2, NOON - DAY)))
    await shown(newer.of(), TOPICS)
    assert [(one.kind, str(one.notice)) for one in await world.records()] == [
        (RecordKind.NOTICE_SERVED, "general@1"),
        (RecordKind.NOTICE_SERVED, "general@2"),
    ]


async def test_a_notice_shown_below_assurance_two_was_shown_on_that_device_only(world: World) -> None:
    for device, assurance in (("d1", 1), ("d1", 1), ("d2", 1), ("d3", 2), ("d4", 1)):
        await shown(world.of(device=device, assurance=assurance), TOPICS)
    assert [(one.assurance, one.given_on.device) for one in await world.records()] == [(1, "d1"), (1, "d2"), (2, "d3")]


async def test_a_level_is_raised_only_if_one_is_set_that_does_not_reach(world: World) -> None:
    assert (await shown(world.of(), GUESS)).raises_level_to is None
    for place, (level, raised) in enumerate(((Level.DECLARED, Level.INFERRED), (Level.INFERRED, None))):
        base = (await world.store.snapshot("noor", world.of().parties)).own.revision
        await world.store.append(
            Change("noor", base, world.now, Command(f"level {place}", ""), levels=(("headset", level),))
        )
        assert (await shown(world.of(), GUESS)).raises_level_to is raised
    assert (await shown(world.of(), TOPICS)).raises_level_to is None


@pytest.mark.parametrize("signals", [frozenset({Signal.GPC}), frozenset()])
async def test_an_offer_names_the_signal_it_would_answer(world: World, signals: frozenset[Signal]) -> None:
    context = world.context(signals=signals)
    made = [
        await shown(context, TOPICS, purpose=ADS, recipient=SUNRISE),
        await shown(context, HOBBY),
    ]
    told = [world.signer.read_offer(one.token).answers_signal for one in made]
    assert told == [bool(signals), False]


async def test_a_signal_on_record_is_answered_by_a_later_offer_too(world: World) -> None:
    await shown(world.context(signals=frozenset({Signal.GPC})), HOBBY)
    made = await shown(world.of(), TOPICS, purpose=ADS, recipient=SUNRISE)
    assert world.signer.read_offer(made.token).answers_signal


@pytest.mark.parametrize("standing", [Standing.ERASED, Standing.RESTRICTED])
async def test_nothing_is_asked_of_somebody_who_cannot_be_decided_on(world: World, standing: Standing) -> None:
    await world.open(Subject("noor", age_band=AgeBand.ADULT, jurisdictions=("XX",)))
    await world.store.append(Change("noor", 0, world.now, Command("standing", ""), standing=standing))
    made = await shown(world.of(), HOBBY)
    assert (made.cells, made.notice.id) == ((), "general")
    assert bool(await world.records()) is (standing is Standing.RESTRICTED)
