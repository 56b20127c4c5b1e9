"""Relay-shaped connections: what every page says, and the lists of the contract that come in pages."""

from typing import Any

import strawberry

from resolvers.context import Context
from resolvers.cursors import Listing, Paged
from schema.field import NO_DATA, field

# Names the cursors of a list are sealed to; those of two audiences differ all the same.
CONSENTS = "Query.consents"
DISCLOSURES = "Query.disclosures"
RECIPIENTS = "Query.recipients"
RECORDS = "SubjectRecord.records"


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """The two sides of a page."""

    has_next_page: bool = field("Whether rows follow this page.", category=NO_DATA)
    has_previous_page: bool = field("Whether rows stand before this page.", category=NO_DATA)
    start_cursor: str | None = field("Cursor of the first row here.", category=NO_DATA)
    end_cursor: str | None = field("Cursor of the last row here: page on with it as `after`.", category=NO_DATA)


def listing(context: Context, name: str) -> Listing:
    """Return a list of the contract as this caller pages through it."""
    return Listing(context.cursors, context.caller.audience, name)


def page_info(found: Paged[Any]) -> PageInfo:
    """Return where a page stands."""
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=found.has_previous,
        start_cursor=found.rows[0][0] if found.rows else None,
        end_cursor=found.rows[-1][0] if found.rows else None,
    )
