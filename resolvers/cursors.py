"""Keyset paging: the port that seals cursors, which page was asked for, and a page as it was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from graph.store import Page
from graph.terms import Audience
from resolvers.problems import BadUserInput

USUAL_ROWS = 25  # rows of a page if nobody says (4.3)
MOST_ROWS = 100  # rows one page may hold (4.3)

Row = TypeVar("Row")


class Cursors(Protocol):
    """Seals positions of a listing, so that no other field or audience, and nobody's own text, can use them."""

    def write(self, audience: Audience, field: str, position: int) -> str:
        """Return the cursor of a position."""
        ...

    def read(self, text: str, audience: Audience, field: str) -> int:
        """Return the position behind a cursor; raises `BadUserInput` for one that was not written for this field."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of the contract, as one caller's audience pages through it."""

    cursors: Cursors
    audience: Audience
    field: str

    def page(self, first: int | None, after: str | None) -> Page:
        """Return the page asked for; raises `BadUserInput` for a size or cursor that cannot be."""
        rows = USUAL_ROWS if first is None else first
        if not 0 <= rows <= MOST_ROWS:
            raise BadUserInput(f"`first` is from 0 to {MOST_ROWS}; page on with `after` for more")
        return Page(rows, 0 if after is None else self.cursors.read(after, self.audience, self.field))

    def cursor(self, position: int) -> str:
        """Return the cursor of a row."""
        return self.cursors.write(self.audience, self.field, position)

    def paged(self, page: Page, found: Sequence[tuple[int, Row]], total: int = 0) -> "Paged[Row]":
        """Return a page of rows with their positions; `found` holds one more than the page if there is a next one."""
        rows = tuple((self.cursor(position), row) for position, row in found[: page.first])
        return Paged(rows, len(found) > page.first, page.after > 0, total)


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """Rows with their cursors, whether there are others on either side, and how many there are in all."""

    rows: tuple[tuple[str, Row], ...]
    has_next: bool
    has_previous: bool
    total: int


def wanted(page: Page) -> Page:
    """Return the page to read so that it shows whether another one follows: with one row more."""
    return Page(page.first + 1, page.after)
