"""What a law stands on can fail: a law that releases too little, and one that sees too few worlds."""

import re
from pathlib import Path

import pytest

from tests.laws.law import Tally, decided, law
from tests.support.worlds import World, seeded
from tests.support.worlds_dice import Dice

NAMED = """
default_deny · a_no_stands_unless_beaten · order_and_duplicates_do_not_matter · withdrawing_never_releases_more ·
adding_a_no_never_releases_more · lowering_level_trust_or_the_requests_assurance_never_releases_more ·
passing_an_expiry_never_releases_more · validity_ends_a_yes_never_a_no · a_later_lower_cap_lowers ·
derived_never_exceeds_what_standing_law_and_consent_let_through_of_a_source · other_recipients_records_do_not_matter ·
no_resurrection · a_younger_node_is_never_covered_by_an_older_yes · client_claims_only_lower ·
shared_device_never_releases_more · a_reason_for_every_withholding ·
removing_every_yes_that_could_prove_it_flips_the_release · batch_equals_pointwise · constant_between_boundaries ·
a_snapshot_kept_up_to_date_equals_one_built_from_history · partner_view_is_independent_of_withheld_values ·
replay_equals_original
"""  # as the design names them, one after the other (2.8)


def _never_releasing(one: World, dice: Dice, tally: Tally) -> None:
    tally.saw(())


def _seldom_looking(one: World, dice: Dice, tally: Tally) -> None:
    if not tally.examples:
        tally.saw(decided(one))


def test_a_law_whose_worlds_release_nothing_fails() -> None:
    with pytest.raises(AssertionError, match="released"):
        law(_never_releasing)()


def test_a_law_that_looks_at_few_of_its_worlds_fails() -> None:
    with pytest.raises(AssertionError, match="worlds were seen"):
        law(_seldom_looking)()


def test_every_law_of_the_page_is_a_test_of_its_name() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    tests = {name for text in texts for name in re.findall(r"^(?:async )?def test_(\w+)\(", text, re.MULTILINE)}
    assert [name for name in NAMED.split() if name != "·" and name not in tests] == []


def test_every_world_has_six_records_and_trees_four_deep() -> None:
    for seed in range(100):
        one = seeded(seed)
        assert len(one.snapshot.own.records) >= 6
        for tree in (one.catalogue.trees.purposes, one.catalogue.trees.categories):
            assert max(len(path) for path in tree.paths.values()) == 4
