"""The compiled catalogue finds the rows of the register that let a cell occur."""

from graph.catalogue import Category, Purpose, RegisterRow, Tables, compiled
from graph.records import Cell
from graph.terms import Basis, Operation, Sensitivity

PURPOSES = (Purpose("play", ""), Purpose("play.match", "play"), Purpose("sell", ""))
CATEGORIES = tuple(
    Category(key, parent, Sensitivity.S2) for key, parent in (("body", ""), ("body.height", "body"), ("mind", ""))
)


def row(purpose: str, category: str, recipient: str = "acme", operation: Operation = Operation.USE) -> RegisterRow:
    return RegisterRow(recipient, purpose, category, operation, Basis.CONSENT)


def found(*rows: RegisterRow, cell: tuple[str, str] = ("play.match", "body.height")) -> tuple[RegisterRow, ...]:
    catalogue = compiled(Tables(purposes=PURPOSES, categories=CATEGORIES, register=rows))
    return catalogue.register_rows(Cell(*cell, "acme", "vr_headset", Operation.USE))


def test_a_row_stands_for_its_subtrees_and_rows_are_found_in_the_tables_order() -> None:
    rows = (
        row("play", "body"),
        row("play.match", "body.height"),
        row("play.match", "body"),
        row("play", "body.height"),
        row("play.match", "body.height"),
    )

    assert found(*rows) == rows


def test_a_row_of_something_beside_or_below_the_cell_is_not_found() -> None:
    rows = (
        row("sell", "body"),
        row("play", "mind"),
        row("play.match", "body.height"),
        row("play", "body", recipient="brand"),
        row("play", "body", operation=Operation.COLLECT),
    )

    assert found(*rows, cell=("play", "body")) == ()
    assert found(*rows) == (rows[2],)


def test_what_no_row_speaks_of_is_not_found() -> None:
    assert found(row("play", "body"), cell=("no.purpose", "no.category")) == ()
    assert found(row("no.purpose", "no.category"), cell=("no.purpose", "no.category")) == (
        row("no.purpose", "no.category"),
    )
    assert found() == ()
