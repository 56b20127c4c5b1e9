"""The protocol holds in every interleaving of its steps, and each way to break it fails in some."""

from collections import Counter

import pytest

from tests.history.checker import violations, violations_at_the_end
from tests.history.model import Party, Variant, World, acting, depositing, interleavings, reading
from tests.history.operations import Says

pytestmark = pytest.mark.slow


def explored(variant: Variant) -> Counter[str]:
    """Return in how many interleavings each rule is broken; one who takes a yes back and writes, one who says yes."""
    takes_back = Party("one", (*acting(Says.NO, variant), *depositing(2, variant)))
    says_yes = Party("two", acting(Says.YES, variant))
    found: Counter[str] = Counter()
    for world in interleavings(World(), (takes_back, says_yes, Party("reader", reading(variant)))):
        broken = [*violations(world.history), *violations_at_the_end(world.history, world.kept)]
        found.update({one.rule for one in broken} | {"explored"})
    return found


def test_the_protocol_holds_in_every_interleaving() -> None:
    found = explored(Variant.SAFE)

    assert found.keys() == {"explored"}
    assert found["explored"] > 1_000


@pytest.mark.parametrize(
    ("variant", "rule"),
    [
        (Variant.REVISION_FIRST, "value newer than its consent"),
        (Variant.TTL_CACHE, "released after a withdrawal"),
        (Variant.TTL_CACHE, "value newer than its consent"),
        (Variant.NO_LOCK, "two commands made one revision"),
    ],
)
def test_what_is_not_the_protocol_fails_in_some(variant: Variant, rule: str) -> None:
    assert explored(variant)[rule] > 0
