"""Cursors: opaque, and good for the audience and the field they were made for alone."""

import pytest

from gateway.cursors import SealedCursors
from graph.terms import Audience
from resolvers.problems import BadUserInput

CURSORS = SealedCursors(bytes(range(32)))
FIELD = "Query.things"
MOST = 2**63 - 1


@pytest.mark.parametrize("position", [0, 1, 26, MOST])
def test_a_cursor_opens_to_its_position(position: int) -> None:
    text = CURSORS.write(Audience.GOVERNANCE, FIELD, position)
    assert SealedCursors(bytes(range(32))).read(text, Audience.GOVERNANCE, FIELD) == position


def test_a_cursor_does_not_show_its_position() -> None:
    first, second = (CURSORS.write(Audience.CLIENT, FIELD, position) for position in (1, 2))
    assert len({first[:8], second[:8]}) == 2
    assert sum(one != other for one, other in zip(first, second, strict=True)) > 16


@pytest.mark.parametrize(
    ("audience", "field"), [(Audience.CLIENT, FIELD), (Audience.GOVERNANCE, "Query.others"), (Audience.PARTNER, "")]
)
def test_a_cursor_of_another_audience_or_field_is_refused(audience: Audience, field: str) -> None:
    text = CURSORS.write(Audience.GOVERNANCE, FIELD, 7)
    with pytest.raises(BadUserInput):
        CURSORS.read(text, audience, field)


def test_a_cursor_of_another_store_is_refused() -> None:
    with pytest.raises(BadUserInput):
        CURSORS.read(SealedCursors(bytes(32)).write(Audience.CLIENT, FIELD, 7), Audience.CLIENT, FIELD)


def _tampered(text: str) -> list[str]:
    changed = [text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :] for place in range(len(text))]
    return [*changed, text + "=", text + "AAAA", text[:-1], text[:-4]]


def test_no_tampered_cursor_opens() -> None:
    for text in _tampered(CURSORS.write(Audience.CLIENT, FIELD, 7)):
        with pytest.raises(BadUserInput):
            CURSORS.read(text, Audience.CLIENT, FIELD)


@pytest.mark.parametrize("text", ["", "7", "é", "a" * 32, "a" * 5000, "\x00" * 32, "====", "!!!!"])
def test_no_text_of_ones_own_opens(text: str) -> None:
    with pytest.raises(BadUserInput, match="`after` is no cursor of this list"):
        CURSORS.read(text, Audience.CLIENT, FIELD)


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="31 bytes; give it 32"):
        SealedCursors(bytes(31))
