"""`field()`: the one way to make a schema field, with a description and a data category; scalars; `@attribute`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NewType, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.schema_directive import Location
from strawberry.types.scalar import ScalarDefinition

from graph.formats import instant, written

# Data categories of the contract's own fields: what a field's content is, by the catalogue's top keys, or none.
NO_DATA = "none"
CONSENT_DATA = "user.privacy_preferences"
DEVICE_DATA = "user.device"
IDENTITY_DATA = "user.unique_id"

Given = TypeVar("Given")

AttributeKey = NewType("AttributeKey", str)
CategoryKey = NewType("CategoryKey", str)
PurposeKey = NewType("PurposeKey", str)
ChannelKey = NewType("ChannelKey", str)
DateTime = NewType("DateTime", datetime)


def field(
    description: str,
    *,
    category: str,
    resolver: Callable[..., Any] | None = None,
    directives: Sequence[object] = (),
    **more: Any,
) -> Any:
    """Make a schema field; neither description nor data category is optional (house rule 13)."""
    if not description or not category:
        raise ValueError("a schema field needs a description and a data category; say what it holds")
    made: Any = strawberry.field  # its overloads tell sync from async resolvers, which this one door need not
    return made(
        resolver=resolver, description=description, directives=directives, metadata={"category": category}, **more
    )


def given(value: Given | None) -> Given | None:
    """Return an optional input as it was given, `None` if it was not."""
    return None if value is strawberry.UNSET else value


def several(listed: Sequence[Given] | None) -> tuple[Given, ...] | None:
    """Return an optional list of an input as it was given, `None` if it was not."""
    found = given(listed)
    return None if found is None else tuple(found)


def instant_or_none(at: datetime | None) -> DateTime | None:
    """Return an instant as the contract's scalar."""
    return None if at is None else DateTime(at)


def _word(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > 200:
        raise GraphQLError("a key is a text of 1 to 200 characters; see the catalogue for those there are")
    return value


def _any_word(value: object) -> str:
    """Read an attribute's key: whatever text it is, a partner is told that it is not available (4.4)."""
    if not isinstance(value, str):
        raise GraphQLError("a key is a text; see the catalogue for those there are")
    return value


def instant_read(value: object) -> datetime:
    """Read an RFC 3339 instant; raises `GraphQLError` for anything else, or without an offset."""
    if isinstance(value, str) and len(value) <= 40 and " " not in value:
        found = instant(value)
        if found is not None:
            return found
    raise GraphQLError("an instant is written as RFC 3339 with an offset, e.g. `2026-01-31T12:00:00.000Z`")


def _scalar(name: str, description: str, read: Callable[[object], str] = _word) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=str, parse_value=read)


SCALARS: dict[object, ScalarDefinition] = {
    AttributeKey: _scalar(
        "AttributeKey",
        "Dotted key from the catalogue, e.g. `body.height`. A scalar, not an enum: a new attribute breaks no client.",
        _any_word,
    ),
    CategoryKey: _scalar("CategoryKey", "Dotted key of a data category, e.g. `user.biometric.body`."),
    PurposeKey: _scalar("PurposeKey", "Dotted key of a purpose; where one is asked for, a leaf of the tree."),
    ChannelKey: _scalar("ChannelKey", "A row of the channel table, e.g. `vr_headset`: channels are data."),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="RFC 3339, always UTC, always `Z`.",
        serialize=written,
        parse_value=instant_read,
    ),
}


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="attribute")
class AttributeDirective:
    """Names the attribute a field holds."""

    key: AttributeKey
    category: CategoryKey
    sensitivity: int
