from datetime import UTC, datetime

import pytest
from graphql import GraphQLError

from schema.field import (
    NO_DATA,
    SCALARS,
    AttributeKey,
    CategoryKey,
    ChannelKey,
    DateTime,
    PurposeKey,
    field,
    instant_read,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("description", "category"), [("", NO_DATA), ("What it is.", "")])
def test_a_field_without_description_or_category_is_not_made(description, category):
    with pytest.raises(ValueError, match="needs a description and a data category"):
        field(description, category=category)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01t12:00:00z"],
)
def test_an_instant_is_read_with_its_offset(text):
    assert instant_read(text) == NOON


@pytest.mark.parametrize(
    "value",
    [
        *("2026-03-01", "2026-03-01T12:00:00", "2026-03-01 12:00:00Z", "2026-02-30T12:00:00Z", "noon", ""),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", f"2026-03-01T12:00:00.{'0' * 40}Z"),
        *("20260301T120000Z", "2026-W09-7T12:00:00Z", "2026-03-01T12:00Z", "2026-03-01T12:00:00+0100"),
        *(1772366400, None, True),
    ],
)
def test_anything_else_is_no_instant(value):
    with pytest.raises(GraphQLError, match="an instant is written as RFC 3339 with an offset"):
        instant_read(value)


def test_an_instant_is_written_in_utc_with_milliseconds():
    at = datetime.fromisoformat("2026-03-01T13:00:00.123456+01:00")
    assert SCALARS[DateTime].serialize(at) == "2026-03-01T12:00:00.123Z"


@pytest.mark.parametrize("scalar", [CategoryKey, ChannelKey, PurposeKey])
@pytest.mark.parametrize("value", ["", "k" * 201, 7, None, ["hobby"]])
def test_a_key_is_a_short_text(scalar, value):
    with pytest.raises(GraphQLError, match="a key is a text of 1 to 200 characters"):
        SCALARS[scalar].parse_value(value)


def test_a_key_of_200_characters_is_read_as_it_is():
    assert SCALARS[PurposeKey].parse_value("k" * 200) == "k" * 200


@pytest.mark.parametrize("value", ["", "k" * 201, "No Such Key", "\0"])
def test_an_attributes_key_is_any_text(value):
    assert SCALARS[AttributeKey].parse_value(value) == value


@pytest.mark.parametrize("value", [7, None, True, ["hobby"]])
def test_what_is_no_text_is_no_attributes_key(value):
    with pytest.raises(GraphQLError, match="a key is a text"):
        SCALARS[AttributeKey].parse_value(value)
