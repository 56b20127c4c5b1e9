"""What ships may ship: every package of the image has a licence that asks for no more than a notice."""

import pytest

from tests.support.licences import ALLOWED, Shipped, shipped


def test_every_package_of_the_image_has_a_licence_that_may_ship() -> None:
    found = list(shipped())
    assert {"strawberry-graphql", "uvicorn", "neo4j", "cryptography", "certifi"} <= {one.name for one in found}
    assert [one for one in found if not one.permitted] == []


@pytest.mark.parametrize(
    ("licence", "permitted"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("Apache-2.0 AND MIT", True),
        ("Apache-2.0 AND GPL-3.0-or-later", False),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("LGPL-2.1-only", False),
        ("MPL-2.0", False),
        ("(MIT OR GPL-2.0-only)", False),
        ("", False),
    ],
)
def test_of_a_choice_one_is_enough_of_parts_each_counts_and_what_is_not_understood_does_not(
    licence: str, permitted: bool
) -> None:
    assert Shipped("a-package", "1", licence).permitted is permitted


def test_what_is_allowed_of_one_package_is_allowed_of_no_other() -> None:
    assert (Shipped("certifi", "1", "MPL-2.0").permitted, Shipped("pathspec", "1", "MPL-2.0").permitted) == (
        True,
        False,
    )


def test_no_copyleft_is_on_the_list() -> None:
    assert [one for one in ALLOWED if "GPL" in one or "MPL" in one] == []
