"""Pages of a listing: how large, where they begin, and what stands beside them."""

import pytest

from gateway.cursors import SealedCursors
from graph.store import Page
from graph.terms import Audience
from resolvers.cursors import Listing, Paged, wanted
from resolvers.problems import BadUserInput

LISTING = Listing(SealedCursors(bytes(32)), Audience.GOVERNANCE, "Query.things")


@pytest.mark.parametrize(("first", "rows"), [(None, 25), (0, 0), (1, 1), (100, 100)])
def test_a_page_has_the_rows_asked_for_and_25_if_nobody_says(first: int | None, rows: int) -> None:
    assert LISTING.page(first, None) == Page(rows, 0)


@pytest.mark.parametrize("first", [-1, 101])
def test_a_page_of_another_size_is_refused(first: int) -> None:
    with pytest.raises(BadUserInput, match="`first` is from 0 to 100"):
        LISTING.page(first, None)


def test_a_page_begins_after_the_row_of_its_cursor() -> None:
    assert LISTING.page(2, LISTING.cursor(7)) == Page(2, 7)


def test_one_row_more_is_read_to_know_whether_another_page_follows() -> None:
    assert wanted(Page(2, 7)) == Page(3, 7)


def test_a_page_tells_its_rows_with_cursors_and_what_stands_on_either_side() -> None:
    found = LISTING.paged(Page(2, 7), [(8, "a"), (11, "b"), (12, "c")], 5)
    assert found == Paged(((LISTING.cursor(8), "a"), (LISTING.cursor(11), "b")), True, True, 5)


def test_the_last_page_has_none_after_it_and_the_first_none_before() -> None:
    assert LISTING.paged(Page(2), [(1, "a"), (2, "b")]) == Paged(
        ((LISTING.cursor(1), "a"), (LISTING.cursor(2), "b")), False, False, 0
    )
