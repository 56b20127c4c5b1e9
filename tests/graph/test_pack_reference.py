"""The built-in pack: what it must hold, and that what is ours to write agrees with the tables it is made from."""

import csv
import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

import graph
from graph.catalogue import Catalogue
from graph.pack import Pack, load
from graph.pack.values import held
from graph.terms import AgeBand, Fidelity, ValueKind

FOLDER = Path(graph.__file__).parent / "packs" / "reference"
COMPUTED = {
    *("initial", "initials", "given", "hour", "day", "month", "daypart", "recency_band", "count_band", "week_band"),
    *("utc_offset", "primary", "sector", "grid4", "stationary+room", "pairwise_id"),
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


def test_the_reference_pack_loads_in_well_under_a_second():
    start = time.process_time()
    load("reference")
    assert time.process_time() - start < 1


def test_every_row_of_every_table_is_loaded(pack, catalogue):
    assert len(catalogue.attributes) == len(rows("attributes.csv")) == 197
    assert len(catalogue.categories) == len(rows("categories.csv")) == 198
    assert len(catalogue.purposes) == len(rows("purposes.csv")) == 101
    assert len(catalogue.channels) == len(rows("channels.csv")) == 24
    assert len(pack.devices) == len(rows("devices.csv")) == 64
    assert len(pack.jurisdictions) == len(rows("jurisdictions.csv")) == 75


def test_every_exposed_row_of_the_first_wave_has_a_typed_field_and_no_other_is_exposed(catalogue):
    expected = {row["key"] for row in rows("attributes.csv") if row["exposed"] == "1" and row["wave"] == "v1"}
    assert len(expected) == 138
    assert {key for key, one in catalogue.attributes.items() if one.exposed} == expected
    assert all(catalogue.attributes[key].graphql_type and catalogue.attributes[key].graphql_field for key in expected)


def test_rungs_are_those_of_the_table_without_noised(catalogue):
    for row in rows("attributes.csv"):
        expected = tuple(Fidelity[word] for word in row["rungs"].split(";") if word != "NOISED")
        assert catalogue.attributes[row["key"]].rungs == expected
        assert {rung.name for rung in catalogue.attributes[row["key"]].ladder} == set(row["rungs"].split(";"))


def test_lineage_has_every_edge_and_each_has_a_rule(catalogue):
    expected = {(row["key"], one) for row in rows("attributes.csv") for one in row["derived_from"].split(";") if one}
    edges = {(key, source.key): source for key, one in catalogue.attributes.items() for source in one.sources}
    assert len(expected) == 100
    assert set(edges) == expected == {(row["attribute"], row["source"]) for row in rows("lineage.csv")}
    assert all(source.rule for source in edges.values())


def test_a_mask_takes_away_something_that_reaches_the_attribute(catalogue):
    masked = [(one, source) for one in catalogue.attributes.values() for source in one.sources if source.masks]
    assert {one.key for one, _ in masked} == {
        *("session.wearer", "session.pairwise_id", "location.weather_zone", "social.matchmaking_region")
    }
    for _, source in masked:
        effective = {catalogue.attributes[source.key].category, *catalogue.inherited[source.key]}
        for mask in source.masks:
            assert any(catalogue.trees.categories.within(one, mask) for one in effective)


def test_inferred_topics_answer_for_each_of_their_sources(catalogue):
    sources = {source.key for source in catalogue.attributes["interest.inferred_topics"].sources}
    assert sources == {"media.viewing_history", "commerce.purchase_history", "eye.aoi_dwell", "app.usage_pattern"}
    own = {catalogue.attributes[source].category for source in sources}
    assert catalogue.inherited["interest.inferred_topics"] == own | {"user.biometric.eye.gaze"}


def test_every_level_a_ladder_names_is_computed_or_a_vocabulary(catalogue):
    levels = {
        rung.get("level") or rung.get("to")
        for row in rows("attributes.csv")
        for rung in json.loads(row["ladder"]).values()
        if rung.get("transform") in ("ancestor", "truncate")
    }
    assert levels - COMPUTED == set(catalogue.vocabularies) & levels
    assert all(len(catalogue.vocabularies[level]) > 10 for level in levels - COMPUTED)


def test_a_city_can_be_walked_to_its_continent(catalogue):
    place = "Berlin"
    walked = [catalogue.vocabularies[level][place] for level in ("city", "region", "country", "continent")]
    assert walked == ["Berlin", "DE-BE", "DE", "Europe"]


def test_a_general_notice_speaks_of_every_cell_in_english_and_german(catalogue):
    (notice,) = catalogue.notices["general"]
    assert (notice.ref.version, notice.catalogue_version, notice.cells) == (1, 1, None)
    assert notice.effective_from < datetime(2026, 1, 1, tzinfo=UTC)
    assert {text.locale for text in notice.texts} == {"en", "de"}
    assert all(len(text.body) > 500 and text.title for text in notice.texts)


def test_the_people_are_noor_pia_and_jon(pack):
    assert {one.id: (one.residence, one.age_band, one.guardian) for one in pack.people} == {
        "noor": ("DE", AgeBand.ADULT, ""),
        "pia": ("DE", AgeBand.CHILD, "noor"),
        "jon": ("US-CA", AgeBand.ADULT, ""),
    }


def test_only_the_living_room_is_shared_and_only_noors_own_headset_is_attested(pack):
    devices = [device for one in pack.people for device in one.devices]
    assert [device.id for device in devices if device.shared] == ["living_room_headset"]
    assert [device.id for device in devices if device.attested] == ["noor_headset"]


def test_what_is_held_is_what_the_demonstration_promises(pack):
    held_of = {one.id: {value.key: value.held for value in one.values} for one in pack.people}
    noor, pia, jon = held_of["noor"], held_of["pia"], held_of["jon"]
    assert (noor["xr.comfort.turning"], noor["xr.comfort.posture"], noor["xr.comfort.flicker"]) == (
        *("snap_45", "seated"),
        True,
    )
    assert (noor["a11y.captions"], noor["body.height"], noor["commerce.shoe_size"]) == ("on", 172.4, 39.5)
    assert (noor["profile.given_name"], len(noor["interest.topics"])) == ("Noor", 4)
    assert {source.key for source in pack.catalogue.attributes["interest.inferred_topics"].sources} <= set(noor)
    assert {"interest.inferred_topics", "family.life_event"} <= set(noor)
    assert set(pia) == {"xr.comfort.turning", "body.height", "interest.topics"}
    assert pia["body.height"] == 141.2
    assert set(jon) == {"xr.comfort.turning", "interest.topics", "commerce.shoe_size"}
    assert jon["commerce.shoe_size"] == 44


def test_every_held_word_has_an_ancestor_where_its_ladder_asks_for_one(pack):
    for person in pack.people:
        for value in person.values:
            rung = pack.catalogue.attributes[value.key].ladder.get(Fidelity.CATEGORY, {})
            level = rung.get("level")
            if level in pack.catalogue.vocabularies and isinstance(value.held, tuple):
                assert set(value.held) <= set(pack.catalogue.vocabularies[level]), value.key


def test_every_default_effect_of_a_number_or_a_word_is_a_value_of_its_attribute(catalogue):
    kinds = (ValueKind.INT, ValueKind.FLOAT, ValueKind.BOOLEAN, ValueKind.ENUM)
    for one in catalogue.attributes.values():
        if one.default_effect and one.kind in kinds:
            assert held(one, catalogue.categories[one.category], one.default_effect) is not None


def test_defaults_that_offers_propose_are_read(catalogue):
    found = Counter(one.default_release for one in catalogue.attributes.values())
    assert found == {"allow": 68, "deny": 63, "never": 42, "allow-in-session": 20, "coarse": 4}
    assert catalogue.attributes["xr.comfort.turning"].default_duration == "STANDING"


def test_a_channel_says_how_consent_can_be_asked_there(catalogue):
    mobile = catalogue.channels["mobile"]
    assert (mobile.prompt_ability, mobile.prompt_interface, mobile.offline_ttl_seconds) == ("full", "screen", 86_400)
