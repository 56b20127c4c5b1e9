"""The rules a case file may add: rows of the register, of the law pack, and versions of notices."""

from gateway.cases.fields import (
    ASSURANCE,
    VERSION,
    Row,
    anything_or,
    day_or_instant,
    flag,
    many,
    member,
    text,
    whole,
    word,
)
from gateway.cases.names import Names
from gateway.cases.reading import Item
from graph.catalogue import MOST_DAYS, LawRow, NoticeCell, NoticeVersion, RegisterRow
from graph.records import NoticeRef
from graph.terms import AgeBand, Basis, CategoryClass, Operation, Regime

_FIRST = 1  # versions count from one


def register_row(item: Item, names: Names) -> RegisterRow:
    """Read one row of the register of processing."""
    required = "recipient purpose category operation basis"
    row = Row.of(item, "a row of the register", required=required, optional="retention_days region")
    return RegisterRow(
        recipient=names.recipient(row.need("recipient")),
        purpose=names.purpose(row.need("purpose")),
        category=names.category(row.need("category")),
        operation=member(Operation)(row.need("operation")),
        basis=member(Basis)(row.need("basis")),
        retention_days=row.read("retention_days", whole(0, MOST_DAYS), None),
        region=row.read("region", text, ""),
    )


def law_row(item: Item, names: Names) -> LawRow:
    """Read one row of the law pack; a dimension absent is all of it."""
    dimensions = "purpose category_class operation age_band recipient_region"
    demands = "max_age_days min_assurance guardian art9_ground in_force_from source"
    row = Row.of(item, "a law row", required="jurisdiction regime", optional=f"{dimensions} {demands}")
    return LawRow(
        jurisdiction=word(row.need("jurisdiction")),
        regime=member(Regime)(row.need("regime")),
        purpose=row.read("purpose", anything_or(names.purpose), None),
        category_class=row.read("category_class", anything_or(member(CategoryClass)), None),
        operation=row.read("operation", anything_or(member(Operation)), None),
        age_band=row.read("age_band", anything_or(member(AgeBand)), None),
        recipient_region=row.read("recipient_region", anything_or(word), None),
        max_age_days=row.read("max_age_days", whole(0, MOST_DAYS), None),
        min_assurance=row.read("min_assurance", ASSURANCE, 0),
        guardian=row.read("guardian", flag, default=False),
        art9_ground=row.read("art9_ground", text, ""),
        in_force_from=row.read("in_force_from", day_or_instant, None),
        source=row.read("source", text, ""),
    )


def notice(item: Item, names: Names) -> NoticeVersion:
    """Read one version of a notice; without cells it speaks of every cell, materially."""
    optional = "version catalogue_version cells"
    row = Row.of(item, "a notice", required="id effective_from", optional=optional)
    return NoticeVersion(
        ref=NoticeRef(word(row.need("id")), row.read("version", VERSION, _FIRST)),
        catalogue_version=row.read("catalogue_version", VERSION, _FIRST),
        effective_from=day_or_instant(row.need("effective_from")),
        cells=row.read("cells", many(lambda one: _notice_cell(one, names)), None),
    )


def _notice_cell(item: Item, names: Names) -> NoticeCell:
    row = Row.of(item, "a cell of a notice", optional="purpose category recipient operation material")
    return NoticeCell(
        purpose=row.read("purpose", anything_or(names.purpose), None),
        category=row.read("category", anything_or(names.category), None),
        recipient=row.read("recipient", anything_or(names.recipient), None),
        operation=row.read("operation", anything_or(member(Operation)), None),
        material=row.read("material", flag, default=True),
    )
