"""What a case file adds to its pack: each row as it is written, what absence means, each fault with file and line."""

from datetime import UTC, datetime

import pytest

from graph.catalogue import (
    Attribute,
    Category,
    LawRow,
    NoticeCell,
    NoticeVersion,
    Purpose,
    Recipient,
    RegisterRow,
    Source,
)
from graph.records import NoticeRef
from graph.terms import Basis, CategoryClass, Fidelity, Operation, Origin, Regime, Sensitivity, ValueKind
from tests.support.case_files import CaseFiles

JANUARY, FEBRUARY = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def test_purposes_are_read_with_what_absence_means(files: CaseFiles) -> None:
    world, _ = files.read()
    assert world.catalogue.purposes["game"] == Purpose(
        key="game", parent="", us_operations=frozenset({"sale"}), gpc_objects=True, since=1, moved=None
    )
    assert world.catalogue.purposes["game.match"] == Purpose(
        key="game.match", parent="game", us_operations=frozenset(), gpc_objects=False, since=1, moved=None
    )


def test_a_node_may_say_which_version_brought_and_which_moved_it(files: CaseFiles) -> None:
    world, _ = files.read(("gpc_objects: true, since: 1", "since: 2, moved: 3"), ("S1}", "S1, since: 4, moved: 5}"))
    game, knots = world.catalogue.purposes["game"], world.catalogue.categories["craft.knots"]
    assert (game.since, game.moved, knots.since, knots.moved) == (2, 3, 4, 5)


def test_categories_are_read_with_what_absence_means(files: CaseFiles) -> None:
    world, _ = files.read()
    assert world.catalogue.categories["craft.knots"] == Category(
        key="craft.knots",
        parent="craft",
        sensitivity=Sensitivity.S1,
        art9="",
        us_sensitive=False,
        raw_sensor=False,
        bystander=False,
        life_event=False,
        emotion=False,
        since=1,
        moved=None,
    )


def test_the_marks_of_a_category_are_its_own(files: CaseFiles) -> None:
    marks = "raw_sensor: true, bystander: true, life_event: true, emotion: true"
    world, _ = files.read(('art9: "", us_sensitive: false', f"art9: health, us_sensitive: true, {marks}"))
    craft, knots = world.catalogue.categories["craft"], world.catalogue.categories["craft.knots"]
    assert (craft.art9, craft.us_sensitive, craft.raw_sensor, craft.bystander, craft.life_event, craft.emotion) == (
        "health",
        *(True,) * 5,
    )
    assert (knots.art9, knots.us_sensitive, knots.raw_sensor, knots.life_event) == ("", False, False, False)


def test_recipients_are_read_with_what_absence_means(files: CaseFiles) -> None:
    world, _ = files.read()
    guild = Recipient(id="guild", group="guilds", third_party=True, region="QQ", since=1)
    assert world.catalogue.recipients["guild"] == guild
    world, _ = files.read((", group: guilds, third_party: true, region: QQ, since: 1", ""))
    assert world.catalogue.recipients["guild"] == Recipient(id="guild", group="", third_party=False, region="", since=1)


def test_attributes_are_read_with_what_absence_means(files: CaseFiles) -> None:
    world, _ = files.read()
    everywhere = frozenset({"goggles", "backend"})
    assert world.catalogue.attributes["craft.list"] == Attribute(
        key="craft.list",
        category="craft",
        kind=ValueKind.LIST,
        sensitivity=Sensitivity.S2,
        origin=Origin.DECLARED,
        rungs=(Fidelity.NONE, Fidelity.PRESENCE, Fidelity.PRECISE),
        purposes=frozenset({"game.match"}),
        channels=everywhere,
        observed_on=everywhere,
        safety=False,
        exposed=True,
        intrusion=2,
        sources=(),
    )


@pytest.mark.parametrize(("origin", "intrusion"), [("declared", 2), ("observed", 3), ("derived", 4), ("inferred", 4)])
def test_the_level_an_attribute_needs_goes_by_its_origin(files: CaseFiles, origin: str, intrusion: int) -> None:
    world, _ = files.read(("origin: inferred", f"origin: {origin}"))
    assert world.catalogue.attributes["craft.guess"].intrusion == intrusion


def test_an_attribute_may_say_more(files: CaseFiles) -> None:
    more = "rungs: [NONE, PRESENCE, PRECISE]\n    safety: true\n    exposed: false\n    intrusion: 5"
    world, _ = files.read(("rungs: [NONE, PRESENCE, PRECISE]", more))
    found = world.catalogue.attributes["craft.list"]
    assert (found.safety, found.exposed, found.intrusion) == (True, False, 5)


def test_a_source_is_a_key_or_a_key_with_masks_and_a_noised_rung_counts_as_absent(files: CaseFiles) -> None:
    world, _ = files.read()
    found = world.catalogue.attributes["craft.guess"]
    assert found.sources == (Source("craft.list"), Source("hobby.level", frozenset({"craft"})))
    assert found.rungs == (Fidelity.NONE, Fidelity.PRECISE)


def test_rows_of_the_register_are_read_with_what_absence_means(files: CaseFiles) -> None:
    world, _ = files.read()
    row = RegisterRow(
        recipient="guild",
        purpose="game.match",
        category="craft",
        operation=Operation.DISCLOSE,
        basis=Basis.CONSENT,
        retention_days=9,
        region="",
    )
    assert world.catalogue.register["guild", Operation.DISCLOSE] == (row,)
    world, _ = files.read((", retention_days: 9}", ", region: EU}"))
    (found,) = world.catalogue.register["guild", Operation.DISCLOSE]
    assert (found.retention_days, found.region) == (None, "EU")


def test_a_dimension_a_law_row_leaves_out_is_all_of_it(files: CaseFiles) -> None:
    world, _ = files.read()
    written = (
        ', purpose: "*", category_class: "*", operation: "*", age_band: "*", recipient_region: "*", guardian: false'
    )
    stated, _ = files.read((", guardian: false", written))
    row = LawRow(jurisdiction="QQ", regime=Regime.CONSENT, max_age_days=365, min_assurance=1)
    assert world.catalogue.law["QQ"] == stated.catalogue.law["QQ"] == (row,)


def test_a_law_row_may_say_everything(files: CaseFiles) -> None:
    written = (
        "  - {jurisdiction: QQ, purpose: game, category_class: special, operation: SELL, age_band: CHILD, "
        "recipient_region: XX, regime: OPT_OUT, max_age_days: 0, min_assurance: 3, guardian: true, "
        "art9_ground: 9(2)(h), in_force_from: 2026-02-01, source: Act 1}"
    )
    world, _ = files.read(
        ("  - {jurisdiction: QQ, regime: CONSENT, max_age_days: 365, min_assurance: 1, guardian: false}", written)
    )
    (row,) = world.catalogue.law["QQ"]
    assert (row.purpose, row.category_class, row.operation) == ("game", CategoryClass.SPECIAL, Operation.SELL)
    assert (row.age_band, row.recipient_region, row.regime) == ("CHILD", "XX", Regime.OPT_OUT)
    assert (row.max_age_days, row.min_assurance, row.guardian) == (0, 3, True)
    assert (row.art9_ground, row.in_force_from, row.source) == ("9(2)(h)", FEBRUARY, "Act 1")


def test_notices_are_read_with_what_absence_means(files: CaseFiles) -> None:
    world, _ = files.read()
    assert world.catalogue.notices["m1"] == (
        NoticeVersion(ref=NoticeRef("m1", 1), catalogue_version=1, effective_from=JANUARY, cells=None),
        NoticeVersion(
            ref=NoticeRef("m1", 2),
            catalogue_version=2,
            effective_from=FEBRUARY,
            cells=(NoticeCell(purpose="game", category=None, recipient=None, operation=None, material=False),),
        ),
    )


def test_a_cell_of_a_notice_may_name_each_dimension(files: CaseFiles) -> None:
    cell = "{purpose: game, category: craft, recipient: guild, operation: SELL}"
    world, _ = files.read(('{purpose: game, category: "*", material: false}', cell))
    assert world.catalogue.notices["m1"][1].cells == (NoticeCell("game", "craft", "guild", Operation.SELL, True),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "catalogue: pack",
            "►catalog: pack",
            "unknown key `catalog` in a case file; use `cases`, `catalogue`, `purposes`",
        ),
        ("- {key: game, ", "►- {key: game, colour: red, ", "unknown key `colour` in a purpose; use `key`, `parent`"),
        ("- {key: game, ", "►- {parent: game, ", "`key` is missing in a purpose; add it"),
        ("- {key: game, ", '►- {key: "", ', "this word is empty; write one or leave the key out"),
        ("- {key: game, ", "►- {key: 7, ", "`7` is not a word; put it in quotes if it is meant as one"),
        ("parent: game}", "parent: gone}►", "unknown purpose `gone`; add it to the file or correct it"),
        ("[sale]", "[sold]►", "`sold` is not one of `sale`, `share`, `targeted`, `profiling`; correct it"),
        ("[sale]", "sale►", "`sale` is not a list; write it in brackets or as lines that begin with `-`"),
        ("gpc_objects: true", "gpc_objects: yes►", "`yes` is not a boolean; write `true` or `false`"),
        ("gpc_objects: true, since: 1", "since: 0►", "`0` does not fit; write a whole number of at least 1"),
        ("gpc_objects: true, since: 1", "since: true►", "`true` does not fit; write a whole number of at least 1"),
        ("parent: game}\n", "parent: game}\n  - {key: game}►\n", "`game` stands twice in `purposes`; keep one of them"),
        ("{key: game, us", "{key: game, parent: game.match►, us", "`game` leads back to itself; break the circle"),
        ("purposes:\n  - {key: game, us", "purposes:\n  - game►\n  - {key: game, us", "a purpose is not a mapping; "),
        (
            "{key: craft, sens",
            "{key: craft, parent: craft.knots►, sens",
            "`craft` leads back to itself; break the circle",
        ),
        ("sensitivity: S1}", "sensitivity: S7}►", "`S7` is not one of `S0`, `S1`, `S2`, `S3`, `S4`, `S5`; correct it"),
        ("sensitivity: S1}", "art9: [a], sensitivity: S1}►", "a list is not a word; put it in quotes"),
        ("us_sensitive: false", "us_sensitive: {}►", "a mapping is not a boolean; write `true` or `false`"),
        ("  - {id: guild, ", "►  - {id: null, ", "`id` is missing in a recipient; add it"),
        ("recipients:\n", "recipients:\n  - {id: guild}\n►", "`guild` stands twice in `recipients`; keep one of them"),
        ("    kind: LIST\n", "    kind: BAG►\n", "`BAG` is not one of "),
        (
            "list\n    category: craft\n    kind: LIST",
            "list►\n    category: craft",
            "`kind` is missing in an attribute; add it",
        ),
        (
            "[NONE, PRESENCE, PRECISE]",
            "[PRESENCE, PRECISE]►",
            "the rung `NONE` is missing; every ladder begins with it",
        ),
        ("[goggles, backend]", "[pigeon]►", "unknown channel `pigeon`; add it to the file or correct it"),
        ("    category: craft\n", "    category: art►\n", "unknown category `art`; add it to the file or correct it"),
        ("- craft.list", "- craft.none►", "unknown attribute `craft.none`; add it to the file or correct it"),
        (
            "- key: craft.list",
            "- derived_from: [craft.guess]►\n    key: craft.list",
            "`craft.list` leads back to itself",
        ),
        ("masks: [craft]", "masks: [art]►", "unknown category `art`; add it to the file or correct it"),
        ("{key: hobby.level, masks", "►{masks", "`key` is missing in a source; add it"),
        ("{recipient: guild, p", "{recipient: gild►, p", "unknown recipient `gild`; add it to the file or correct it"),
        ("basis: CONSENT", "basis: WISH►", "`WISH` is not one of `CONSENT`, `CONTRACT`, "),
        ("retention_days: 9", "retention_days: -1►", "`-1` does not fit; write a whole number from 0 to 1000000"),
        ("regime: CONSENT,", "regime: MAYBE►,", "`MAYBE` is not one of "),
        ("min_assurance: 1", "min_assurance: 4►", "`4` does not fit; write a whole number from 0 to 3"),
        ("guardian: false", "in_force_from: 2026-02-30►", "`2026-02-30` is not an instant; write it like"),
        ("effective_from: 2026-01-01}", "version: 1}►", "`effective_from` is missing in a notice; add it"),
        ("effective_from: 2026-01-01}", "effective_from: null}►", "`effective_from` is missing in a notice; add it"),
        ("- id: m1\n    version: 2", "- id: m1►\n    version: 1", "`m1@1` stands twice in `notices`; keep one of them"),
        ("material: false}", "materiel: false}►", "unknown key `materiel` in a cell of a notice; use `purpose`, "),
        ("    cells:\n      - {", "    cells: {►", "a mapping is not a list"),
    ],
)
def test_a_fault_in_a_block_names_file_and_line(files: CaseFiles, old: str, new: str, said: str) -> None:
    assert files.refused((old, new)).startswith(said)
