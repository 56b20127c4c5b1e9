from datetime import UTC, datetime

import pytest

from graph.catalogue import LawRow, NoticeCell, NoticeText, RegisterRow, Source
from graph.errors import PackError
from graph.pack import PersonDevice, PersonValue, load
from graph.records import NoticeRef
from graph.terms import AgeBand, Basis, CategoryClass, DeviceKind, Fidelity, Operation, Regime, Sensitivity
from tests.support.pack_folder import FILES, REQUIRED, changed, written


@pytest.fixture
def pack(tmp_path):
    return load(written(tmp_path / "theirs"))


def test_a_pack_with_none_of_our_keys_loads(pack):
    assert pack.name == "theirs"
    assert set(pack.catalogue.attributes) == {"hobby.level", "limb.swing", "limb.reach", "hobby.tunes"}
    assert set(pack.catalogue.channels) == {"goggles", "backend"}


def test_an_attribute_is_read_with_its_ladder_and_bounds(pack):
    reach = pack.catalogue.attributes["limb.reach"]
    assert (reach.minimum, reach.maximum, reach.sensitivity, reach.intrusion) == (0.0, 40.0, Sensitivity.S3, 4)
    assert reach.ladder[Fidelity.COARSE] == {"transform": "round", "step": 5}
    assert reach.observed_on == reach.channels == frozenset({"goggles"})


def test_the_rung_noised_is_absent_but_its_parameters_are_kept(pack):
    reach = pack.catalogue.attributes["limb.reach"]
    assert reach.rungs == (Fidelity.NONE, Fidelity.CATEGORY, Fidelity.COARSE, Fidelity.PRECISE)
    assert reach.ladder[Fidelity.NOISED]["epsilon"] == [0.5, 1]
    assert reach.default_fidelity is Fidelity.COARSE


def test_later_waves_sensors_and_nodes_are_loaded_but_never_exposed(pack):
    exposed = {key for key, one in pack.catalogue.attributes.items() if one.exposed}
    assert exposed == {"hobby.level", "limb.reach"}


def test_lineage_joins_rule_and_masks_to_the_sources(pack):
    assert pack.catalogue.attributes["limb.reach"].sources == (
        Source("limb.swing", masks=frozenset({"limb"}), rule="largest swing"),
    )
    assert pack.catalogue.inherited["limb.reach"] == frozenset()


def test_without_a_lineage_table_derived_from_holds_the_sources_and_masks_nothing(tmp_path):
    pack = load(written(tmp_path, {name: text for name, text in FILES.items() if name != "lineage.csv"}))
    assert pack.catalogue.attributes["limb.reach"].sources == (Source("limb.swing"),)
    assert pack.catalogue.inherited["limb.reach"] == frozenset({"limb"})


def test_the_register_is_read_with_basis_and_retention(pack):
    assert pack.tables.register == (
        RegisterRow("house", "play", "hobby", Operation.USE, Basis.CONSENT, 30, "XX"),
        RegisterRow("acme", "play.match", "hobby.skill", Operation.DISCLOSE, Basis.LEGITIMATE_INTERESTS, None, "XY"),
    )


def test_a_star_in_a_law_row_matches_all_and_a_star_for_jurisdiction_stands_everywhere(pack):
    assert pack.catalogue.law["XX-1"] == (
        LawRow(
            jurisdiction="XX-1",
            regime=Regime.PROHIBITED,
            category_class=CategoryClass.SPECIAL,
            operation=Operation.SELL,
            age_band=AgeBand.CHILD,
            recipient_region="XY",
            min_assurance=2,
            guardian=True,
            art9_ground="9(2)(h)",
            in_force_from=datetime(2027, 2, 28, 12, tzinfo=UTC),
            source="Act 2",
        ),
        LawRow("XX-1", Regime.NOTICE_ONLY, purpose="run", operation=Operation.USE, source="Act 3"),
    )
    assert set(pack.catalogue.law) == {"XX", "XX-1", "XY", "ZZ"}


def test_a_date_in_a_law_row_begins_at_midnight_in_utc(pack):
    assert pack.catalogue.law["XX"][0].in_force_from == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_jurisdiction_knows_its_parent_and_keeps_its_row(pack):
    assert pack.catalogue.parents == {"XX-1": "XX"}
    assert pack.jurisdictions["XX"].regime_personalize is Regime.CONSENT
    assert pack.jurisdictions["XX-1"].regime_personalize is None


def test_without_jurisdictions_every_code_of_the_law_is_known(tmp_path):
    pack = load(written(tmp_path, {name: text for name, text in FILES.items() if name != "jurisdictions.csv"}))
    assert set(pack.catalogue.law) == {"XX", "XX-1", "ZZ"}
    assert pack.jurisdictions == {}


def test_a_notice_has_versions_cells_and_texts(pack):
    first, second = pack.catalogue.notices["n1"]
    assert (first.ref, first.cells) == (NoticeRef("n1", 1), None)
    assert first.texts == (
        NoticeText("de-AT", "Von Hobbys", "Wir fragen vorher."),
        NoticeText("en", "Of hobbies", "We ask first."),
    )
    assert (second.catalogue_version, second.texts) == (2, ())
    assert second.cells == (NoticeCell(purpose="play", operation=Operation.USE, material=False),)


def test_vocabularies_are_known_by_the_level_a_ladder_names(pack):
    assert pack.catalogue.vocabularies["shelf"] == {"waltz": "dance", "polka": "dance"}


def test_places_give_one_vocabulary_a_level_and_a_place_lies_in_itself(pack):
    assert pack.catalogue.vocabularies["land"] == {"north": "north", "harbour": "north"}
    assert pack.catalogue.vocabularies["town"] == {"harbour": "harbour"}
    assert pack.catalogue.vocabularies["point"] == {"north": "50;10;0"}


def test_people_come_with_devices_and_values(pack):
    ada, bo = pack.people
    assert (bo.age_band, bo.guardian, bo.devices) == (AgeBand.CHILD, "ada", ())
    assert ada.devices == (PersonDevice("d1", DeviceKind.HEADSET, "goggles", "Box", shared=True),)
    assert ada.values == (PersonValue("hobby.level", "old", "run"),)
    assert bo.values == (PersonValue("hobby.tunes", ("waltz", "polka"), "play.match"),)


def test_a_value_never_shows_in_a_representation(pack):
    assert "waltz" not in repr(pack.people)


def test_a_device_model_says_what_it_senses(pack):
    assert pack.devices[0].senses == frozenset({"eye_tracking"})


def test_the_required_files_alone_make_a_pack(tmp_path):
    pack = load(written(tmp_path, {name: FILES[name] for name in REQUIRED}))
    assert (pack.devices, pack.people, pack.catalogue.vocabularies) == ((), (), {})


@pytest.mark.parametrize("file", REQUIRED)
def test_a_required_file_that_is_missing_is_named(tmp_path, file):
    with pytest.raises(PackError, match=f"^{file}:1: this file is missing; add it to the pack$"):
        load(written(tmp_path, {name: text for name, text in FILES.items() if name != file}))


def test_a_directory_that_is_not_there_is_a_fault_of_the_pack(tmp_path):
    with pytest.raises(PackError, match="there is no such directory"):
        load(tmp_path / "absent")


def test_a_file_that_cannot_be_read_is_a_fault_of_the_pack(tmp_path):
    folder = written(tmp_path, {name: text for name, text in FILES.items() if name != "law.csv"})
    (folder / "law.csv").mkdir()
    with pytest.raises(PackError, match=r"^law\.csv:1: the file cannot be read"):
        load(folder)


def test_the_version_is_the_youngest_a_row_names(pack):
    assert pack.catalogue.version == 2


def test_a_pack_may_say_its_version_and_when_it_was_published(tmp_path):
    pack = load(written(tmp_path, FILES | {"pack.csv": "version,published_at\n7,2026-02-03T04:05:06Z\n"}))
    assert pack.catalogue.version == 7
    assert pack.catalogue.published_at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("file", FILES)
def test_one_more_byte_in_any_file_changes_the_digest(tmp_path, pack, file):
    other = load(written(tmp_path / "other", FILES | {file: FILES[file] + "\n"}))
    assert other.catalogue.digest != pack.catalogue.digest


def test_another_byte_changes_the_digest(tmp_path, pack):
    other = load(changed(tmp_path / "other", "recipients.csv", "house,,0,XX", "house,,0,XY"))
    assert other.catalogue.digest != pack.catalogue.digest


def test_the_same_files_have_the_same_digest_wherever_they_lie(tmp_path, pack):
    assert load(written(tmp_path / "elsewhere")).catalogue.digest == pack.catalogue.digest


def test_a_file_that_belongs_to_no_pack_is_not_read(tmp_path, pack):
    other = load(written(tmp_path / "other", FILES | {"README.md": "hello", "spare.csv": "\xff"}))
    assert other.catalogue.digest == pack.catalogue.digest


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path, pack):
    files = FILES | {"purposes.csv": b"\xef\xbb\xbf" + FILES["purposes.csv"].replace("\n", "\r\n").encode()}
    assert load(written(tmp_path / "other", files)).tables.purposes == pack.tables.purposes


def test_a_quoted_cell_over_two_lines_keeps_the_line_numbers_right(tmp_path):
    text = 'key,parent,sensitivity,name\nhobby,,S1,"two\nlines"\nhobby.skill,hobby,S9,\nlimb,,S3,\n'
    with pytest.raises(PackError) as caught:
        load(written(tmp_path, FILES | {"categories.csv": text}))
    assert caught.value.line == 4


def test_the_flat_columns_may_be_left_out_or_repeat_the_ladder(tmp_path):
    header, rows = FILES["attributes.csv"].split("\n", 1)
    lines = rows.strip().split("\n")
    flat = [",goEasy,learning;able,", ",,,", ",,0;10;20,5", ",,shelf,"]
    text = "\n".join(
        [header + ",effect_field,category_bands,coarse_rule", *map("".join, zip(lines, flat, strict=True))]
    )
    folder = written(tmp_path, FILES | {"attributes.csv": text})
    assert load(folder).catalogue.attributes["limb.reach"].ladder[Fidelity.COARSE]["step"] == 5


def test_a_changed_pack_differs_only_where_it_was_changed(tmp_path, pack):
    other = load(changed(tmp_path / "other", "recipients.csv", "house,,0,XX", "house,,0,XY"))
    assert other.tables.recipients[0].region == "XY"
    assert other.tables.recipients[1:] == pack.tables.recipients[1:]
