"""Each fault of a pack is named by file, line and column, with what to do; a bad pack never loads."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import PackError
from graph.pack import load
from tests.support.pack_folder import FILES, changed, written

FAULTS = [
    # file, what stands there, what is written instead, line, column, part of the message
    (
        "categories.csv",
        "hobby.skill,hobby,",
        "hobby.skill,hobbies,",
        3,
        "parent",
        "parent `hobbies` is not in this table",
    ),
    ("categories.csv", "hobby,,", "hobby,hobby.skill,", 2, "parent", "break it at `hobby`"),
    ("categories.csv", "limb,,", "hobby,,", 4, "key", "repeats the key of line 2"),
    ("categories.csv", "limb,,", "li mb,,", 4, "key", "is not a key"),
    ("categories.csv", "limb,,S3", "limb,,S6", 4, "sensitivity", "`S6` is not one of `S0`"),
    ("categories.csv", "limb,,S3", "limb,,s3", 4, "sensitivity", "`s3` is not one of"),
    ("categories.csv", "hobby,,S1,\n", "hobby,,,\n", 2, "sensitivity", "`` is not one of"),
    ("categories.csv", "sensitivity,art9", "sensitivity,art_9", 1, "art_9", "unknown column"),
    ("categories.csv", "sensitivity,art9", "sensitivity,key", 1, "key", "stands twice"),
    ("categories.csv", "parent,sensitivity", "parent,name", 1, "sensitivity", "the column is missing"),
    ("categories.csv", "S2,\n", "S2,,\n", 3, "art9", "the row has 5 cells, the header 4"),
    ("categories.csv", "limb,,S3,health", "limb,,S3", 4, "art9", "the row has 3 cells"),
    ("categories.csv", "limb,", '"limb,', 4, "", "this is not CSV"),
    ("purposes.csv", "play,,0", "play,,1", 2, "leaf", "contradicts the tree: other purposes stand below it"),
    ("purposes.csv", "run,,1", "run,,0", 4, "leaf", "nothing stands below it"),
    ("purposes.csv", "run,,1", "run,,yes", 4, "leaf", "`yes` is not a boolean"),
    ("purposes.csv", "contract,0", "contract,1", 4, "consent_only", "contradicts `legal_bases`"),
    ("purposes.csv", "contract,0", "deal,0", 4, "legal_bases", "`deal` is not one of `consent`"),
    ("purposes.csv", "play.match,play", "play.match,sport", 3, "parent", "`sport` is not in this table"),
    ("channels.csv", "goggles,no", "goggles,maybe", 2, "shared_by_default", "`maybe` is not one of"),
    ("channels.csv", "S4,S4,2", "S4,S4,4", 2, "max_assurance", "give a whole number from 0 to 3"),
    ("channels.csv", "S4,S4,2", "S4,S4,", 2, "max_assurance", "the cell is empty"),
    ("channels.csv", "S0,S3", "S0,high", 3, "max_sensitivity_to_release", "`high` is not one of"),
    ("recipients.csv", "acme,acme_group,1", "acme,acme_group,true", 3, "third_party", "`true` is not a boolean"),
    ("recipients.csv", "shop;till", "shop;front", 3, "clients", "repeats the key of line 2"),
    ("recipients.csv", "shop;till", "shop;", 3, "clients", "an item of the list is empty"),
    ("recipients.csv", "shop;till", "shop;shop", 3, "clients", "`shop` stands twice"),
    ("recipients.csv", "acme_group", "acme group", 3, "group", "is not a key"),
    (
        "attributes.csv",
        "hobby.level,hobby.skill",
        "hobby.level,skill",
        2,
        "category",
        "`skill` is not in `categories.csv`",
    ),
    ("attributes.csv", "ENUM,S2", "ENUM,S1", 2, "sensitivity", "less sensitive than its category; write at least `S2`"),
    ("attributes.csv", "play.match;run,", "play.match;walk,", 2, "purposes", "`walk` is not in `purposes.csv`"),
    ("attributes.csv", "play.match;run,", "play;run,", 2, "purposes", "`play` has purposes below it"),
    ("attributes.csv", "goggles;backend", "goggles;front", 2, "channels", "`front` is not in `channels.csv`"),
    ("attributes.csv", "reach,limb.swing", "reach,limb.sway", 4, "derived_from", "`limb.sway` is not in this table"),
    ("attributes.csv", "reach,limb.swing", "reach,limb.reach", 4, "derived_from", "is made from itself"),
    ("attributes.csv", "reach,limb.swing", "reach,", 4, "derived_from", "`derived` has no sources"),
    (
        "attributes.csv",
        "Hobby,level,,",
        "Hobby,level,limb.reach,",
        2,
        "derived_from",
        "`declared` is made from nothing",
    ),
    ("attributes.csv", "NONE;EFFECT_ONLY;", "EFFECT_ONLY;", 2, "rungs", "the rung `NONE` is missing"),
    ("attributes.csv", "NONE;EFFECT_ONLY;", "NONE;EFFECT;", 2, "rungs", "`EFFECT` is not a rung"),
    ("attributes.csv", "NONE;EFFECT_ONLY;CATEGORY;", "NONE;CATEGORY;EFFECT_ONLY;", 2, "rungs", "do not rise"),
    ("attributes.csv", "NONE;EFFECT_ONLY;", "NONE;PRESENCE;EFFECT_ONLY;", 2, "rungs", "do not rise"),
    ("attributes.csv", "NONE;EFFECT_ONLY;CATEGORY;", "NONE;CATEGORY;", 2, "ladder", "disagree about `EFFECT_ONLY`"),
    ("attributes.csv", '""old"":""able""', '""odd"":""able""', 2, "ladder", "`old`"),
    ("attributes.csv", '[""new""]', '[""fresh""]', 2, "ladder", "`fresh`"),
    ("attributes.csv", "[0,10,20]", "[0,20,10]", 4, "ladder", "`edges` must rise"),
    ("attributes.csv", '""step"":5', '""step"":0', 4, "ladder", "`step` must be"),
    ("attributes.csv", '""sensitivity"":40', '""sensitivity"":30', 4, "ladder", "`sensitivity` is not `high` - `low`"),
    ("attributes.csv", "[0.5,1]", "[[1]]", 4, "ladder", "rung `NOISED`"),
    ("attributes.csv", "[0.5,1]", "[1,0.5]", 4, "ladder", "`epsilon` does not rise"),
    ("attributes.csv", '""level"":""shelf""', '""level"":""rack""', 5, "ladder", "`rack`"),
    ("attributes.csv", '""level"":""shelf""}', '""level"":""shelf""', 5, "ladder", "not a JSON object"),
    ("attributes.csv", ",,0,40,", ",,41,40,", 4, "max", "`40` is below `min`"),
    ("attributes.csv", ",,0,40,", ",,nan,40,", 4, "min", "`nan` is not a number"),
    ("attributes.csv", ",,0,3,", ",,0,3.5,", 5, "max", "`3.5` is not a whole number"),
    ("attributes.csv", "new;old,,,", "new;old,1,,", 2, "min", "kind `ENUM` has no bounds"),
    ("attributes.csv", "new;old,,,", ",,,", 2, "enum_values", "kind `ENUM` needs its values"),
    (
        "attributes.csv",
        "goggles,,0,40,",
        "goggles,a;b,0,40,",
        4,
        "enum_values",
        "kind `FLOAT` has no values of its own",
    ),
    ("attributes.csv", "Hobby,tunes", "Hobby,level", 5, "graphql_field", "repeats the key of line 2"),
    ("attributes.csv", "Hobby,tunes", "Hobby,my-tunes", 5, "graphql_field", "`my-tunes` is not a GraphQL name"),
    ("attributes.csv", "Hobby,tunes", "__Hobby,tunes", 5, "graphql_type", "`__Hobby` is not a GraphQL name"),
    ("attributes.csv", "Hobby,tunes", "hobby,tunes", 5, "graphql_type", "make one field"),
    ("attributes.csv", "Hobby,tunes", ",tunes", 5, "graphql_type", "needs both"),
    ("attributes.csv", "v1,1,PRECISE", "v1,1,COARSE", 2, "default_fidelity", "`COARSE` is not in `rungs`"),
    ("attributes.csv", "v1,1,PRECISE", "v1,2,PRECISE", 2, "exposed", "`2` is not a boolean"),
    ("attributes.csv", "limb.swing,limb,SENSOR", "limb.swing,limb,LIDAR", 3, "kind", "`LIDAR` is not one of"),
    ("attributes.csv", "S3,observed", "S3,seen", 3, "origin", "`seen` is not one of"),
    ("attributes.csv", '5},""NOISED""', '5},""BLURRED""', 4, "ladder", "`BLURRED` is not a rung"),
    ("attributes.csv", '""low"":0', '""low"":40', 4, "ladder", "`sensitivity` is not `high` - `low`"),
    ("attributes.csv", "limb.swing,limb,", "limb.swing,,", 3, "category", "`` is not in `categories.csv`"),
    ("attributes.csv", "hobby.tunes,hobby", "hobby.level,hobby", 5, "key", "repeats the key of line 2"),
    ("lineage.csv", "limb.reach,limb.swing", "limb.reach,hobby.level", 2, "source", "is not in `derived_from`"),
    ("lineage.csv", "limb.reach,limb.swing", "limb.grip,limb.swing", 2, "attribute", "`limb.grip` is not in"),
    ("lineage.csv", "largest swing,limb", "largest swing,limbs", 2, "masks", "`limbs` is not in `categories.csv`"),
    ("register.csv", "acme,play.match", "ace,play.match", 3, "recipient", "`ace` is not in `recipients.csv`"),
    ("register.csv", "house,play,", "house,plays,", 2, "purpose", "`plays` is not in `purposes.csv`"),
    ("register.csv", "hobby.skill", "skill", 3, "category", "`skill` is not in `categories.csv`"),
    ("register.csv", "DISCLOSE", "SHARE", 3, "operation", "`SHARE` is not one of"),
    ("register.csv", "LEGITIMATE_INTERESTS", "INTEREST", 3, "basis", "`INTEREST` is not one of"),
    ("register.csv", "CONSENT,30", "CONSENT,0", 2, "retention_days", "from 1 to 1000000"),
    ("register.csv", "CONSENT,30", "CONSENT,1000001", 2, "retention_days", "from 1 to 1000000"),
    ("register.csv", "CONSENT,30", "CONSENT,a month", 2, "retention_days", "is not a whole number"),
    (
        "register.csv",
        "acme,play.match,hobby.skill,DISCLOSE,LEGITIMATE_INTERESTS",
        "house,play,hobby,USE,CONTRACT",
        3,
        "recipient",
        "repeats the key of line 2",
    ),
    ("jurisdictions.csv", "XX-1,XX", "XX-1,YY", 3, "parent", "`YY` is not in this table"),
    ("jurisdictions.csv", "XX,,CONSENT", "XX,XX-1,CONSENT", 2, "parent", "break it at `XX`"),
    ("jurisdictions.csv", "XX,,CONSENT", "XX,,STRICT", 2, "regime_personalize", "`STRICT` is not one of"),
    ("jurisdictions.csv", "XY,,", ",,", 4, "code", "the code is empty"),
    ("law.csv", "XX-1,*", "YY,*", 4, "jurisdiction", "`YY` is not in `jurisdictions.csv`"),
    ("law.csv", "XX,play,", "XX,plays,", 3, "purpose", "`plays` is not in `purposes.csv`"),
    ("law.csv", "special", "secret", 4, "category_class", "`secret` is not one of"),
    ("law.csv", "SELL", "RENT", 4, "operation", "`RENT` is not one of"),
    ("law.csv", "CHILD", "INFANT", 4, "age_band", "`INFANT` is not one of"),
    ("law.csv", "PROHIBITED", "FORBIDDEN", 4, "regime", "`FORBIDDEN` is not one of"),
    ("law.csv", "2027-02-28T12:00:00Z", "2027-02-29", 4, "in_force_from", "`2027-02-29` is not a date"),
    ("law.csv", "2020-01-01", "1.1.2020", 3, "in_force_from", "`1.1.2020` is not a date"),
    ("law.csv", "365,0,0", "365,9,0", 3, "min_assurance", "from 0 to 3"),
    ("law.csv", "365,0,0", "365,0,no", 3, "guardian", "`no` is not a boolean"),
    ("law.csv", "365,0,0", "-1,0,0", 3, "max_age_days", "from 1 to 1000000"),
    ("law.csv", "365,0,0", "99999999999,0,0", 3, "max_age_days", "from 1 to 1000000"),
    ("notices.csv", "n1,2,2", "n1,1,2", 3, "id", "repeats the key of line 2"),
    ("notices.csv", "n1,1,1,2026-01-01", "n1,1,1,", 2, "effective_from", "the cell is empty"),
    ("notices.csv", '""play""', '""plays""', 3, "cells", "`plays` is not in `purposes.csv`"),
    ("notices.csv", '""USE""', '""RENT""', 3, "cells", "`RENT` is not an operation"),
    ("notices.csv", '""material""', '""matters""', 3, "cells", "not a JSON list of cells"),
    ("notices/n1.1.en.md", "# Of hobbies", "Of hobbies", 1, "", "the title is missing"),
    ("notices/n1.1.en.md", "We ask first.", "", 2, "", "the text is empty"),
    ("vocabularies/shelf.csv", "polka", "waltz", 3, "word", "repeats the key of line 2"),
    ("vocabularies/shelf.csv", "polka,dance", "polka,", 3, "ancestor", "the word is empty"),
    ("places.csv", "harbour,town,north", "harbour,town,south", 3, "within", "`south` is not one of"),
    ("places.csv", "north,land,,", "north,land,harbour,", 2, "within", "break it at"),
    ("places.csv", "harbour,town", "harbour,land", 3, "within", "two places above are a `land`"),
    ("places.csv", "harbour,town", "harbour,", 3, "level", "needs a name and a level"),
    ("places.csv", "50;10;0", "50;10", 2, "point", "`50;10` is no point; write three numbers"),
    ("places.csv", "50;10;0", "50;ten;0", 2, "point", "`50;ten;0` is no point; write three numbers"),
    ("people.csv", "CHILD,ada", "CHILD,eve", 3, "guardian", "`eve` is not in `people.csv`"),
    ("people.csv", "CHILD,ada", "CHILD,bo", 3, "guardian", "cannot be the own guardian"),
    ("people_devices.csv", "ada,d1", "eve,d1", 2, "person", "`eve` is not in `people.csv`"),
    ("people_devices.csv", "HEADSET", "HELMET", 2, "kind", "`HELMET` is not one of"),
    ("people_devices.csv", "goggles", "glasses", 2, "channel", "`glasses` is not in `channels.csv`"),
    ("people_values.csv", "hobby.level,old", "hobby.level,ancient", 2, "value", "one of `new`, `old`"),
    ("people_values.csv", "waltz;polka", "a;b;c;d", 3, "value", "`hobby.tunes` is out of bounds"),
    ("people_values.csv", "old,run", "old,play", 2, "purpose", "`play` is not a purpose of `hobby.level`"),
    ("people_values.csv", "hobby.level,old,run", "limb.swing,1,run", 2, "value", "`limb.swing` is raw sensor data"),
    ("people_values.csv", "ada,hobby.level", "ada,hobby.rank", 2, "attribute", "`hobby.rank` is not in"),
    ("devices.csv", "box,goggles", "box,glasses", 2, "channel", "`glasses` is not in `channels.csv`"),
    ("devices.csv", "50,60", "70,60", 2, "ipd_max_mm", "is below `ipd_min_mm`"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column", "part"), FAULTS)
def test_a_fault_names_file_line_and_column_and_says_what_to_do(tmp_path, file, old, new, line, column, part):
    with pytest.raises(PackError) as caught:
        load(changed(tmp_path, file, old, new))
    fault = caught.value
    assert (fault.file, fault.line, fault.column) == (file, line, column)
    place = f"{file}:{line}: column `{column}`: " if column else f"{file}:{line}: "
    assert str(fault).startswith(place)
    assert part in str(fault)
    assert not str(fault).endswith(".")


@pytest.mark.parametrize(
    ("name", "content", "line", "part"),
    [
        ("law.csv", b"", 1, "the file is empty"),
        ("law.csv", b"# only a comment\n", 1, "the file is empty"),
        ("law.csv", b"jurisdiction,regime\n", 1, "the table has no rows"),
        ("law.csv", b"jurisdiction,regime\nXX,CONSENT\nX\xff,CONSENT\n", 3, "this is not UTF-8"),
        ("law.csv", b"jurisdiction,regime\nXX,CON\0SENT\n", 2, "take the zero byte out"),
        ("notices/n2.1.en.md", b"# No version\n\ntext\n", 1, "belongs to no version"),
        ("notices/readme.md", b"# No version\n\ntext\n", 1, "belongs to no version"),
        ("categories.csv", b"key,parent,sensitivity,since,moved\na,,S1,3,2\n", 2, "`2` is before `since`"),
        ("purposes.csv", b"key,parent,us_operations\na,,sale;rent\n", 2, "`rent` is not one of"),
        ("pack.csv", b"version\n1\n", 2, "rows of this pack name version 2"),
        ("pack.csv", b"version\n2\n3\n", 2, "a pack is one version"),
    ],
)
def test_a_file_that_is_no_table_is_a_fault(tmp_path, name, content, line, part):
    with pytest.raises(PackError) as caught:
        load(written(tmp_path, FILES | {name: content}))
    assert (caught.value.file, caught.value.line) == (name, line)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("column", "rows", "line"),
    [
        ("effect_field", "goSlow,,,", 2),
        ("category_bands", "learning;able;other,,,", 2),
        ("category_bands", ",,0;10,", 4),
        ("coarse_rule", ",,10,", 4),
        ("noise_epsilons", ",,0.5;1;3,", 4),
        ("noise_low", ",,1,", 4),
        ("noise_mechanism", ",,laplace,", 4),
        ("top_fidelity", ",,COARSE,", 4),
        ("category_bands", ",,,rack", 5),
        ("coarse_rule", ",,,top3", 5),
    ],
)
def test_a_flat_column_that_says_other_than_the_ladder_is_a_fault(tmp_path, column, rows, line):
    lines = FILES["attributes.csv"].strip().split("\n")
    text = "\n".join(f"{row},{cell}" for row, cell in zip(lines, [column, *rows.split(",")], strict=True))
    with pytest.raises(PackError) as caught:
        load(written(tmp_path, FILES | {"attributes.csv": text}))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_fault_never_repeats_a_value_about_a_person(tmp_path):
    with pytest.raises(PackError) as caught:
        load(changed(tmp_path, "people_values.csv", "hobby.level,old", "hobby.level,canary"))
    assert "canary" not in str(caught.value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_a_damaged_pack_loads_or_says_where_it_is_damaged(tmp_path, draw):
    file = draw.draw(st.sampled_from(sorted(FILES)))
    text = FILES[file]
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, min(len(text), start + 5)))
    put = draw.draw(
        st.sampled_from(["", '"', ",", ";", "*", "{", "[[", "9" * 5000, "-", "\0", "\n", "\r", "é", "hobby", "NONE"])
    )
    written(tmp_path, FILES | {file: text[:start] + put + text[end:]})
    try:
        load(tmp_path)
    except PackError as fault:
        named = fault
    else:
        return
    assert named.file in FILES
    assert named.line >= 1
