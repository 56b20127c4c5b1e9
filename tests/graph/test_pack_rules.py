"""The register and the law pack of the built-in pack agree with the tables they are made from."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import graph
from graph.catalogue import Catalogue, LawRow
from graph.pack import Pack, load
from graph.records import Cell
from graph.terms import AgeBand, Basis, CategoryClass, Operation, Regime

FOLDER = Path(graph.__file__).parent / "packs" / "reference"
LATER = datetime(2028, 1, 1, tzinfo=UTC)
"""After the last law of the table came into force."""

BRANDS = ("brightwear", "northfit")
BASES = {
    "contract": Basis.CONTRACT,
    "legal_obligation": Basis.LEGAL_OBLIGATION,
    "legitimate_interest": Basis.LEGITIMATE_INTERESTS,
}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("reference")


@pytest.fixture(scope="module")
def catalogue(pack: Pack) -> Catalogue:
    return pack.catalogue


def expected_basis(purpose: dict[str, str]) -> Basis:
    if purpose["strictly_needed"] == "0":
        return Basis.CONSENT
    return next(BASES[one] for one in purpose["legal_bases"].split(";") if one != "consent")


def registered(purposes: set[str]) -> set[tuple[str, str]]:
    return {
        (purpose, row["category"])
        for row in rows("attributes.csv")
        if row["exposed"] == "1" and row["wave"] == "v1"
        for purpose in row["purposes"].split(";")
        if purpose in purposes
    }


def test_the_controller_may_use_and_collect_each_exposed_attribute_for_each_of_its_purposes(pack):
    purposes = {row["key"]: row for row in rows("purposes.csv")}
    expected = {
        (purpose, category, operation): expected_basis(purposes[purpose])
        for purpose, category in registered(set(purposes))
        for operation in (Operation.USE, Operation.COLLECT)
    }
    own = [row for row in pack.tables.register if row.recipient == "controller"]
    assert {(row.purpose, row.category, row.operation): row.basis for row in own} == expected


@pytest.mark.parametrize(
    ("recipient", "purposes"),
    [
        ("studio", {"personalize.system.comfort", "personalize.system.calibration"}),
        *((brand, {"personalize.size_fit", "personalize.recommendation.product"}) for brand in BRANDS),
    ],
)
def test_a_third_party_is_given_what_is_registered_for_its_purposes_on_consent(pack, recipient, purposes):
    found = [row for row in pack.tables.register if row.recipient == recipient]
    assert {(row.purpose, row.category) for row in found} == registered(purposes)
    assert {(row.operation, row.basis) for row in found} == {(Operation.DISCLOSE, Basis.CONSENT)}


def test_sunrise_ads_buys_topics_and_nothing_else(pack, catalogue):
    found = [row for row in pack.tables.register if row.recipient == "sunrise_ads"]
    assert {row.operation for row in found} == {Operation.DISCLOSE, Operation.SELL, Operation.TARGET}
    assert {(row.purpose, row.category, row.basis) for row in found} == {
        (
            "marketing.advertising.third_party.targeted",
            catalogue.attributes["interest.topics"].category,
            Basis.LEGITIMATE_INTERESTS,
        )
    }


def test_no_broad_row_of_the_register_opens_what_no_narrow_row_says(catalogue):
    for one in catalogue.attributes.values():
        for purpose in one.purposes if one.exposed else ():
            for operation in (Operation.USE, Operation.COLLECT):
                cell = Cell(purpose, one.category, "controller", "", operation)
                assert one.category in {row.category for row in catalogue.register_rows(cell)}


def test_each_row_of_the_register_has_a_retention_and_a_region(pack):
    assert all(row.retention_days and row.region for row in pack.tables.register)


def test_the_recipients_are_those_of_the_demonstration(catalogue):
    assert {one.id: (one.third_party, one.region) for one in catalogue.recipients.values()} == {
        "controller": (False, "US-CA"),
        "brightwear": (True, "DE"),
        "northfit": (True, "DE"),
        "sunrise_ads": (True, "US-CA"),
        "studio": (True, "DE"),
    }
    groups = catalogue.trees.groups
    assert groups["brightwear"] == groups["northfit"]
    assert len(groups) == 2
    assert all(one.clients for one in catalogue.recipients.values())


def matching(catalogue: Catalogue, cell: tuple[str, str, Operation, CategoryClass, AgeBand]) -> Iterator[LawRow]:
    place, purpose, operation, category_class, age_band = cell
    for row in catalogue.law[place]:
        if (
            row.operation in (None, operation)
            and row.category_class in (None, category_class)
            and row.age_band in (None, age_band)
            and catalogue.trees.purposes.within(purpose, row.purpose)
            and row.in_force_from <= LATER
        ):
            yield row


def expected_regime(place: dict[str, str], purpose: dict[str, str], operation: str, category_class: str) -> Regime:
    words = ["NOTICE_ONLY"]
    if operation in ("SELL", "TARGET"):
        words.append(place["regime_sell_share_target"])
    if category_class in ("special", "sensitive"):
        words.append(place["regime_sensitive"])
    elif purpose["consent_only"] == "1":
        words.append(place["regime_personalize"])
    return max(Regime[word] for word in words)


@pytest.mark.parametrize("place", rows("jurisdictions.csv"), ids=lambda place: place["code"])
def test_the_law_of_each_jurisdiction_is_what_its_row_says(catalogue, place):
    for purpose in rows("purposes.csv"):
        if purpose["leaf"] == "0":
            continue
        for operation in (Operation.USE, Operation.SELL, Operation.TARGET, Operation.TRAIN):
            for category_class in CategoryClass:
                cell = (place["code"], purpose["key"], operation, category_class, AgeBand.ADULT)
                found = max(row.regime for row in matching(catalogue, cell))
                assert found is expected_regime(place, purpose, operation, category_class), cell


@pytest.mark.parametrize("place", rows("jurisdictions.csv"), ids=lambda place: place["code"])
def test_a_child_needs_a_guardian_everywhere_and_a_teen_where_the_age_is_above_13(catalogue, place):
    needed = {
        band: any(
            row.guardian
            for row in matching(catalogue, (place["code"], "collect", Operation.USE, CategoryClass.ORDINARY, band))
        )
        for band in AgeBand
    }
    teen = int(place["guardian_age"] or 0) > 13
    assert needed == {AgeBand.CHILD: True, AgeBand.TEEN: teen, AgeBand.ADULT: False, AgeBand.UNKNOWN: False}


@pytest.mark.parametrize("place", rows("jurisdictions.csv"), ids=lambda place: place["code"])
def test_young_people_in_the_us_are_not_sold_by_silence(catalogue, place):
    us = "US" in (place["code"], place["parent"])
    for operation in (Operation.SELL, Operation.TARGET):
        for band, stricter in ((AgeBand.CHILD, us), (AgeBand.TEEN, us and bool(place["teen_rule"]))):
            cell = (place["code"], "operations", operation, CategoryClass.ORDINARY, band)
            found = max(row.regime for row in matching(catalogue, cell))
            plain = Regime[place["regime_sell_share_target"]]
            assert found is (max(plain, Regime.CONSENT) if stricter else plain), cell


def test_each_law_row_names_its_article_and_is_in_force_from_the_day_of_its_table(pack):
    for row in pack.tables.law:
        assert row.source
        assert row.in_force_from == pack.jurisdictions[row.jurisdiction].in_force_from


def test_no_law_row_names_a_ground_that_would_let_silence_pass_for_special_categories(pack):
    assert {row.art9_ground for row in pack.tables.law} == {""}


def test_the_law_pack_says_at_its_head_that_it_is_not_legal_advice():
    assert (FOLDER / "law.csv").read_text().startswith("# Not legal advice")
