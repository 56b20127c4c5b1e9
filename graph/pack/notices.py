"""Notices: versions, the cells each changed, and their texts by language."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from graph.catalogue import NoticeCell, NoticeText, NoticeVersion
from graph.errors import PackError
from graph.pack.cells import ANY, instant, key, named, spelled, unique, whole
from graph.pack.reading import NOTICE_TEXTS, Row, Table, decoded, rows
from graph.records import NoticeRef
from graph.terms import Operation

NOTICES = Table.of("notices.csv", "id effective_from", "version catalogue_version cells")
_NAME = re.compile(r"(?P<id>.+)\.(?P<version>[1-9][0-9]*)\.(?P<locale>[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)\.md")


class Stated(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One cell as the `cells` column writes it; a dimension absent is all of it."""

    purpose: str = "*"
    category: str = "*"
    recipient: str = "*"
    operation: str = "*"
    material: bool = True


_CELLS = msgspec.json.Decoder(list[Stated])


def notices(
    files: Mapping[str, bytes],
    *,
    purposes: Collection[str],
    categories: Collection[str],
    recipients: Collection[str],
) -> tuple[NoticeVersion, ...]:
    """Read the notice versions with their texts; a text of no version is a fault."""
    found = rows(files, NOTICES)
    unique(((row, (key(row, "id"), _version(row))) for row in found), "id")
    texts = _texts(files, {NoticeRef(row["id"], _version(row)) for row in found})
    among = {"purpose": purposes, "category": categories, "recipient": recipients}
    return tuple(
        NoticeVersion(
            ref=NoticeRef(row["id"], _version(row)),
            catalogue_version=whole(row, "catalogue_version", least=1) or 1,
            effective_from=_effective_from(row),
            cells=_cells(row, among),
            texts=texts.get(NoticeRef(row["id"], _version(row)), ()),
        )
        for row in found
    )


def _version(row: Row) -> int:
    return whole(row, "version", least=1) or 1


def _effective_from(row: Row) -> datetime:
    found = instant(row, "effective_from")
    if found is None:
        raise row.fault("effective_from", "the cell is empty; say from when the notice is in force")
    return found


def _cells(row: Row, among: Mapping[str, Collection[str]]) -> tuple[NoticeCell, ...] | None:
    if not row["cells"]:
        return None
    try:
        stated = _CELLS.decode(row["cells"])
    except (msgspec.MsgspecError, RecursionError):
        message = 'this is not a JSON list of cells; write it like `[{"purpose":"a.b","operation":"USE"}]`'
        raise row.fault("cells", message) from None
    return tuple(_cell(row, one, among) for one in stated)


def _cell(row: Row, stated: Stated, among: Mapping[str, Collection[str]]) -> NoticeCell:
    operations = spelled(Operation)
    tables = {"purpose": "purposes.csv", "category": "categories.csv", "recipient": "recipients.csv"}
    for dimension, table in tables.items():
        if getattr(stated, dimension) not in ANY:
            named(row, "cells", getattr(stated, dimension), among=among[dimension], table=table)
    if stated.operation not in (*ANY, *operations):
        raise row.fault("cells", f"`{stated.operation}` is not an operation; correct it")
    return NoticeCell(
        purpose=_one(stated.purpose),
        category=_one(stated.category),
        recipient=_one(stated.recipient),
        operation=operations.get(stated.operation),
        material=stated.material,
    )


def _one(word: str) -> str | None:
    return None if word in ANY else word


def _texts(files: Mapping[str, bytes], refs: Collection[NoticeRef]) -> Mapping[NoticeRef, tuple[NoticeText, ...]]:
    found: dict[NoticeRef, list[NoticeText]] = {}
    for file, content in files.items():
        if not file.startswith(f"{NOTICE_TEXTS}/"):
            continue
        name = _NAME.fullmatch(file.removeprefix(f"{NOTICE_TEXTS}/"))
        if name is None or (ref := NoticeRef(name["id"], int(name["version"]))) not in refs:
            message = f"this text belongs to no version in `{NOTICES.file}`; name it like `general.1.en.md`"
            raise PackError(message, file=file, line=1)
        found.setdefault(ref, []).append(_text(file, content, name["locale"]))
    return {ref: tuple(texts) for ref, texts in found.items()}


def _text(file: str, content: bytes, locale: str) -> NoticeText:
    head, _, body = decoded(file, content).partition("\n")
    if not head.startswith("# ") or not head.removeprefix("# ").strip():
        raise PackError("the title is missing; begin the text with `# ` and a title", file=file, line=1)
    if not body.strip():
        raise PackError("the text is empty; write it below the title", file=file, line=2)
    return NoticeText(locale=locale, title=head.removeprefix("# ").strip(), body=body.strip())
