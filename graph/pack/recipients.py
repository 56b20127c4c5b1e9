"""Recipients and the register of processing: who may receive what, why, and on which legal basis."""

from collections.abc import Collection, Mapping

from graph.catalogue import MOST_DAYS, Recipient, RegisterRow
from graph.pack.cells import flag, key, known, member, unique, whole, words
from graph.pack.reading import Row, Table, rows
from graph.terms import Basis, Operation

RECIPIENTS = Table.of("recipients.csv", "id", "name group third_party region clients since kind status")
REGISTER = Table.of("register.csv", "recipient purpose category operation basis", "retention_days region")
_ROW_KEY = REGISTER.required[:4]


def recipients(files: Mapping[str, bytes]) -> tuple[Recipient, ...]:
    """Read the recipients; a client belongs to one of them only."""
    found = rows(files, RECIPIENTS)
    unique(((row, key(row, "id")) for row in found), "id")
    unique(((row, client) for row in found for client in words(row, "clients")), "clients")
    return tuple(_recipient(row) for row in found)


def register(
    files: Mapping[str, bytes],
    *,
    recipients: Collection[str],
    purposes: Collection[str],
    categories: Collection[str],
) -> tuple[RegisterRow, ...]:
    """Read the register: one row and one legal basis for each recipient, purpose, category and operation."""
    found = rows(files, REGISTER)
    unique(((row, tuple(row[column] for column in _ROW_KEY)) for row in found), "recipient")
    return tuple(
        RegisterRow(
            recipient=known(row, "recipient", recipients, table=RECIPIENTS.file),
            purpose=known(row, "purpose", purposes, table="purposes.csv"),
            category=known(row, "category", categories, table="categories.csv"),
            operation=member(row, "operation", Operation),
            basis=member(row, "basis", Basis),
            retention_days=whole(row, "retention_days", least=1, most=MOST_DAYS),
            region=row["region"],
        )
        for row in found
    )


def _recipient(row: Row) -> Recipient:
    if row["group"]:
        key(row, "group")
    return Recipient(
        id=row["id"],
        name=row["name"],
        group=row["group"],
        third_party=flag(row, "third_party"),
        region=row["region"],
        clients=words(row, "clients"),
        since=whole(row, "since", least=1) or 1,
    )
