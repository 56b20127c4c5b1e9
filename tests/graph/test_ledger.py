"""The chain over the ledger: whatever was done to an entry is found where it was done."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ledger import GENESIS, Disclosure, LedgerState, compared, continued, read, seal, verify, written
from graph.terms import Fidelity, Operation

Row = tuple[int, str, str]

ENTRY = Disclosure(
    id="d1",
    subject="sealed",
    recipient="acme",
    purpose="play.match",
    operation=Operation.DISCLOSE,
    released=(("hobby.list", Fidelity.PRECISE), ("taste", Fidelity.EFFECT_ONLY)),
    evidence=("r2", "r1"),
    revision="s3.d1",
    catalogue_version=2,
    at=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
    document="sha256:0",
    trace="t1",
)


def chain(*texts: str) -> list[Row]:
    rows, head = [], GENESIS
    for position, text in enumerate(texts, start=1):
        head = seal(head, text)
        rows.append((position, text, head))
    return rows


ROWS = chain(*(written(replace(ENTRY, id=f"d{number}")) for number in range(1, 8)))
END = LedgerState(7, ROWS[-1][2])


def test_an_entry_is_written_in_one_spelling() -> None:
    assert written(ENTRY) == (
        '{"at":"2026-03-01T12:00:00.123456+00:00","catalogueVersion":2,"document":"sha256:0","evidence":["r2","r1"],'
        '"id":"d1","operation":"DISCLOSE","purpose":"play.match","recipient":"acme",'
        '"released":[["hobby.list","PRECISE"],["taste","EFFECT_ONLY"]],"revision":"s3.d1","subject":"sealed",'
        '"trace":"t1"}'
    )


def test_what_was_written_reads_back_the_same() -> None:
    for entry in (ENTRY, replace(ENTRY, document=None, trace=None, released=(), evidence=(), subject="Zoë 🎧")):
        assert read(written(entry)) == entry


def test_an_entry_names_its_keys_in_the_order_asked() -> None:
    assert ENTRY.keys == ("hobby.list", "taste")


def test_the_head_is_a_digest_over_the_head_before_and_the_text() -> None:
    assert seal(GENESIS, "a") == "2e04306c2c1c72c0567b0630f213452ce913cee8d0772efd39e5699ed22aa637"
    assert seal(GENESIS, "a") != seal(GENESIS, "b") != seal(seal(GENESIS, "a"), "b")


def test_an_empty_chain_fits() -> None:
    assert verify(()) == LedgerState(0, GENESIS)
    assert verify(()).intact


def test_an_untouched_chain_fits() -> None:
    assert verify(ROWS) == END


@pytest.mark.parametrize("start", range(8))
def test_a_chain_can_be_checked_from_any_position(start: int) -> None:
    assert verify(ROWS[start:], ROWS[start - 1][2] if start else GENESIS, start) == END


def test_a_chain_checked_from_a_wrong_head_breaks_at_its_first_entry() -> None:
    assert verify(ROWS[3:], GENESIS, 3).first_broken == 4


def test_checking_finds_nothing_before_its_start() -> None:
    touched = [(1, "edited", ROWS[0][2]), *ROWS[1:]]
    assert verify(touched).first_broken == 1
    assert verify(touched[1:], touched[0][2], 1).intact


@given(st.integers(1, 7))
def test_a_changed_entry_is_found_where_it_stands(position: int) -> None:
    rows = list(ROWS)
    rows[position - 1] = (position, rows[position - 1][1].replace("acme", "zeta"), rows[position - 1][2])
    assert verify(rows).first_broken == position


@given(st.integers(1, 7))
def test_a_changed_head_is_found_where_it_stands(position: int) -> None:
    rows = list(ROWS)
    rows[position - 1] = (position, rows[position - 1][1], GENESIS)
    assert verify(rows).first_broken == position


@given(st.integers(1, 6), st.booleans())
def test_a_removed_entry_is_found_where_it_stood(position: int, closed_up: bool) -> None:
    rows = [row for row in ROWS if row[0] != position]
    if closed_up:
        rows = [(number, text, head) for number, (_, text, head) in enumerate(rows, start=1)]
    assert verify(rows).first_broken == position


@given(st.integers(1, 7), st.integers(1, 7))
def test_swapped_entries_are_found_at_the_first_of_them(one: int, other: int) -> None:
    rows = list(ROWS)
    rows[one - 1] = (one, *ROWS[other - 1][1:])
    rows[other - 1] = (other, *ROWS[one - 1][1:])
    assert verify(rows).first_broken == (None if one == other else min(one, other))


@given(st.integers(1, 7))
def test_an_inserted_entry_is_found_where_it_stands(position: int) -> None:
    added = written(replace(ENTRY, id="forged"))
    before = ROWS[position - 2][2] if position > 1 else GENESIS
    rows = [*ROWS[: position - 1], (position, added, seal(before, added)), *ROWS[position - 1 :]]
    renumbered = [(number, text, head) for number, (_, text, head) in enumerate(rows, start=1)]
    assert verify(renumbered).first_broken == position + 1  # its own link was forged well; the next gives it away
    rows[position - 1] = (position, added, ROWS[position - 1][2])
    assert verify(rows).first_broken == position


def test_only_the_first_entry_that_does_not_fit_is_named() -> None:
    rows = [(number, "edited", head) if number in (3, 5) else (number, text, head) for number, text, head in ROWS]
    state = verify(rows)
    assert (state.first_broken, state.length, state.head, state.intact) == (3, 7, END.head, False)


def test_a_chain_that_ends_where_it_should_fits() -> None:
    assert compared(verify(ROWS), 7, END.head) == END


def test_entries_taken_off_the_end_are_missed_at_the_first_of_them() -> None:
    assert compared(verify(ROWS[:5]), 7, END.head).first_broken == 6


def test_entries_put_after_the_end_are_found_at_the_first_of_them() -> None:
    assert compared(verify(ROWS), 5, ROWS[4][2]).first_broken == 6


def test_a_last_entry_exchanged_with_its_head_is_found() -> None:
    forged = chain(*(text for _, text, _ in ROWS[:6]), "forged")
    assert compared(verify(forged), 7, END.head).first_broken == 7


def test_comparing_keeps_an_earlier_fault() -> None:
    assert compared(LedgerState(7, "x", 2), 9, "y").first_broken == 2


@pytest.mark.parametrize("most", [1, 3, 7, 8])
def test_a_chain_is_checked_stretch_by_stretch_to_its_end(most: int) -> None:
    state, last = verify(()), False
    while not last:
        state, last = continued(state, ROWS[state.length : state.length + most], END, most=most)
    assert state == END


def test_a_stretch_that_breaks_is_the_last_and_is_told_with_the_end_of_the_chain() -> None:
    touched = [*ROWS[:2], (3, "edited", ROWS[2][2]), *ROWS[3:5]]
    assert continued(verify(()), touched, END, most=5) == (replace(END, first_broken=3), True)


def test_a_last_stretch_that_lacks_an_entry_misses_it() -> None:
    assert continued(verify(ROWS[:3]), ROWS[3:5], END, most=5) == (LedgerState(5, ROWS[4][2], 6), True)
