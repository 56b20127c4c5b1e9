"""What a document could ever be given, told from catalogue and register alone; held against the decision itself."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from graph.catalogue import Catalogue, RegisterRow, compiled
from graph.decision.decide import decide
from graph.decision.request import Request
from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.records import ALL_OPERATIONS, NoticeRef, Record, Scope, Subject
from graph.terms import (
    AgeBand,
    Audience,
    Basis,
    Fidelity,
    Level,
    Operation,
    Origin,
    PartyKind,
    RecordKind,
    Sensitivity,
)
from resolvers.foreseen import Asked, Foreseen, foreseen
from tests.support.worlds_governance import OFFICE_TABLES
from tests.support.worlds_resolvers import (
    ADS,
    APP,
    HEIGHT,
    HOBBY,
    NOON,
    NOTE,
    PLAY,
    SIZE,
    STUDIO,
    SUNRISE,
    TOPICS,
    attribute,
    row,
)

CATALOGUE = compiled(OFFICE_TABLES)
ASKED = Asked(STUDIO, PLAY, Operation.DISCLOSE, Audience.CLIENT, NOON)
NO_ROW = "the register of processing has no row for "
NO_CHANNEL = "no channel it may be sent on lets it through"


def told(key: str, catalogue: Catalogue = CATALOGUE, **more: Any) -> Foreseen:
    return foreseen(key, replace(ASKED, **more), catalogue)


def of(*register: RegisterRow, **more: Any) -> Catalogue:
    return compiled(replace(OFFICE_TABLES, register=(*OFFICE_TABLES.register, *register), **more))


def test_what_is_registered_is_told_with_its_sensitivity_and_basis() -> None:
    found = told(HOBBY)
    assert found == Foreseen(HOBBY, Sensitivity.S2, ((Operation.DISCLOSE, Basis.CONSENT),), ())
    assert found.registered


def test_a_special_category_is_told_beside_the_attributes_own_sensitivity() -> None:
    found = told(NOTE, recipient=APP, operation=Operation.USE)
    assert (found.sensitivity, found.special, told(HOBBY).special) == (Sensitivity.S4, True, False)


@pytest.mark.parametrize(
    ("key", "more", "obstacles"),
    [
        ("no.such", {}, ("no attribute of the catalogue has this key",)),
        (HOBBY, {"operation": Operation.TRAIN}, (f"{NO_ROW}TRAIN",)),
        (HOBBY, {"operation": Operation.USE}, (f"{NO_ROW}USE",)),
        (HEIGHT, {}, (f"{NO_ROW}DISCLOSE",)),
        (HOBBY, {"purpose": SIZE}, (f"{NO_ROW}DISCLOSE",)),
        (
            "gaze.stream",
            {},
            ("it is not exposed", "raw sensor data and data about bystanders never leave", f"{NO_ROW}DISCLOSE"),
        ),
        (
            "friend.name",
            {},
            ("it is not exposed", "raw sensor data and data about bystanders never leave", f"{NO_ROW}DISCLOSE"),
        ),
        ("later.thing", {}, ("it is not exposed",)),
        (TOPICS, {"recipient": SUNRISE}, ("the purpose is none of its own", f"{NO_ROW}DISCLOSE")),
        (TOPICS, {"recipient": SUNRISE, "purpose": ADS}, ()),
        (HOBBY, {"recipient": APP, "operation": Operation.COLLECT}, ()),
        (HOBBY, {"recipient": APP, "operation": Operation.INFER}, (f"{NO_ROW}INFER",)),
    ],
)
def test_what_stands_against_a_release_is_told_whole(
    key: str, more: dict[str, Any], obstacles: tuple[str, ...]
) -> None:
    assert told(key, **more).obstacles == obstacles


def test_a_sale_takes_a_row_of_its_own_beside_the_disclosure() -> None:
    unsold = tuple(one for one in OFFICE_TABLES.register if one.operation is not Operation.SELL)
    found = told(TOPICS, compiled(replace(OFFICE_TABLES, register=unsold)), recipient=SUNRISE, purpose=ADS)
    assert found.bases == ((Operation.DISCLOSE, Basis.LEGITIMATE_INTERESTS), (Operation.SELL, None))
    assert (found.registered, found.obstacles) == (False, (f"{NO_ROW}SELL",))


def test_what_is_only_written_needs_no_row_to_go_out() -> None:
    found = told(HEIGHT, of(row(STUDIO, PLAY, "body", Operation.COLLECT)), operation=Operation.COLLECT)
    assert (found.bases, found.obstacles) == (((Operation.COLLECT, Basis.CONSENT),), ())


def test_a_device_that_is_attested_opens_what_no_step_up_could() -> None:
    headset = tuple(one for one in OFFICE_TABLES.channels if one.id == "headset")
    assert headset[0].max_assurance < 3
    assert told(NOTE, of(channels=headset), recipient=APP, operation=Operation.USE).obstacles == ()


def test_what_is_made_of_nothing_stated_is_never_released() -> None:
    orphan = attribute("hobby.orphan", "hobby", Sensitivity.S2, origin=Origin.DERIVED)
    catalogue = of(attributes=(*OFFICE_TABLES.attributes, orphan))
    assert told("hobby.orphan", catalogue).obstacles == ("it is made from sources that are not stated",)


def test_a_partner_comes_by_a_servers_channel_alone() -> None:
    catalogue = of(row(STUDIO, PLAY, "body", Operation.DISCLOSE))
    assert told(HEIGHT, catalogue).obstacles == ()
    assert told(HEIGHT, catalogue, audience=Audience.PARTNER).obstacles == (NO_CHANNEL,)
    assert told(HOBBY, catalogue, audience=Audience.PARTNER).obstacles == ()


def test_where_the_table_marks_no_server_a_partner_may_come_by_any_channel() -> None:
    unmarked = tuple(replace(one, identity="") for one in OFFICE_TABLES.channels)
    catalogue = of(row(STUDIO, PLAY, "body", Operation.DISCLOSE), channels=unmarked)
    assert told(HEIGHT, catalogue, audience=Audience.PARTNER).obstacles == ()


def test_a_channel_too_weak_for_every_rung_lets_nothing_out_and_anything_in() -> None:
    weak = tuple(replace(one, max_sensitivity_to_release=Sensitivity.S0) for one in OFFICE_TABLES.channels)
    catalogue = of(channels=weak)
    assert told(HOBBY, catalogue).obstacles == (NO_CHANNEL,)
    assert told(HOBBY, catalogue, recipient=APP, operation=Operation.COLLECT).obstacles == ()


@pytest.mark.parametrize("audience", [Audience.CLIENT, Audience.PARTNER])
def test_what_is_said_never_to_be_released_is_released_to_nobody_who_said_yes_to_everything(audience: Audience) -> None:
    released, never = 0, 0
    for recipient, purpose, channel in product(CATALOGUE.recipients, (PLAY, SIZE, ADS), CATALOGUE.channels):
        third_party = CATALOGUE.recipients[recipient].third_party
        operation = Operation.DISCLOSE if third_party else Operation.USE
        asked = Asked(recipient, purpose, operation, audience, NOON)
        if audience is Audience.PARTNER and CATALOGUE.channels[channel].identity != "none":
            continue
        request = Request(recipient, purpose, channel, NOON, audience=audience, device="d", assurance=3)
        for decision in decide(request, _willing(), CATALOGUE, tuple(CATALOGUE.attributes)):
            possible = not foreseen(decision.key, asked, CATALOGUE).obstacles
            assert possible or decision.ceiling is Fidelity.NONE, (decision.key, request)
            released += decision.ceiling is not Fidelity.NONE
            never += not possible
    assert released
    assert never


def _willing() -> Snapshot:
    """Return somebody who said yes to everything, named each category, and is of every level."""
    yes = Record(
        "yes",
        RecordKind.GIVEN,
        NOON,
        scope=Scope(operations=ALL_OPERATIONS),
        explicit=True,
        assurance=3,
        names=frozenset(CATALOGUE.categories),
        notice=NoticeRef("general", 1),
        catalogue_version=CATALOGUE.version,
    )
    subject = Subject("noor", age_band=AgeBand.ADULT, jurisdictions=("XX",), levels=(("*", Level.PREDICTIVE),))
    return Snapshot(
        subject, (PartyState(PartyKind.SUBJECT, "noor", 1, (yes,)),), DeviceState("d", linked=True, attested=True)
    )
