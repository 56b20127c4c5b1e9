"""Files of a pack as bytes, and CSV bytes as rows that know their line; what a column means lives elsewhere."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.errors import PackError

VOCABULARIES = "vocabularies"
NOTICE_TEXTS = "notices"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file of a pack: the columns it must have and those it may have."""

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needed: bool = True

    @classmethod
    def of(cls, file: str, required: str, optional: str = "", *, needed: bool = True) -> "Table":
        """Return a table whose columns are given as words separated by spaces."""
        return cls(file, tuple(required.split()), tuple(optional.split()), needed)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; an optional column that is absent reads as an empty cell."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, column: str, message: str) -> PackError:
        """Return the error that names this row's file and line, and the column."""
        return PackError(message, file=self.file, line=self.line, column=column)


def files_of(folder: Path, names: tuple[str, ...]) -> Mapping[str, bytes]:
    """Read the files a pack is made of, by their path inside it; raises `PackError` for one that cannot be read."""
    if not folder.is_dir():
        raise PackError("there is no such directory; name a directory or a built-in pack", file=folder.name, line=1)
    found = [folder / name for name in names]
    found += sorted((folder / VOCABULARIES).glob("*.csv")) + sorted((folder / NOTICE_TEXTS).glob("*.md"))
    return {path.relative_to(folder).as_posix(): _content(path) for path in found if path.exists()}


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over all files of a pack: for each its path, its length and its bytes."""
    seal = hashlib.sha256()
    for name in sorted(files):
        seal.update(f"{name}\0{len(files[name])}\0".encode())
        seal.update(files[name])
    return seal.hexdigest()


def rows(files: Mapping[str, bytes], table: Table) -> tuple[Row, ...]:
    """Return the rows of one table; an optional file that is absent has none."""
    if table.file not in files:
        if not table.needed:
            return ()
        raise PackError("this file is missing; add it to the pack", file=table.file, line=1)
    lines = _records(table.file, files[table.file])
    start, header = next(lines, (1, []))
    if not header:
        raise PackError("the file is empty; give it a header row and rows", file=table.file, line=1)
    _check_header(table, start, header)
    found = tuple(Row(table.file, line, _cells((table.file, line), header, cells)) for line, cells in lines)
    if table.needed and not found:
        raise PackError("the table has no rows; add at least one", file=table.file, line=start)
    return found


def decoded(file: str, content: bytes) -> str:
    """Decode UTF-8, a byte order mark allowed; raises `PackError` with the line of a wrong byte."""
    plain = content.removeprefix(_BOM)
    if b"\0" in plain:
        line = plain.count(b"\n", 0, plain.index(b"\0")) + 1
        raise PackError("this is not text; take the zero byte out", file=file, line=line)
    try:
        return plain.decode()
    except UnicodeDecodeError as error:
        line = plain.count(b"\n", 0, error.start) + 1
        raise PackError("this is not UTF-8; save the file as UTF-8", file=file, line=line) from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        message = "the file cannot be read; check that it is a file and may be read"
        raise PackError(message, file=path.name, line=1) from None


def _records(file: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on; comment lines stand at the head only."""
    text = decoded(file, content)
    skipped = 0
    while text.startswith("#"):
        _, _, text = text.partition("\n")
        skipped += 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise PackError(f"this is not CSV ({error}); check the quotes of this row", file=file, line=line) from None
        if cells is None:
            return
        if cells:
            yield line, cells


def _check_header(table: Table, line: int, header: list[str]) -> None:
    for column in header:
        if column not in table.required + table.optional:
            raise PackError("unknown column; remove it or correct its name", file=table.file, line=line, column=column)
        if header.count(column) > 1:
            raise PackError("the column stands twice; keep one", file=table.file, line=line, column=column)
    for column in table.required:
        if column not in header:
            raise PackError("the column is missing; add it", file=table.file, line=line, column=column)


def _cells(place: tuple[str, int], header: list[str], cells: list[str]) -> Mapping[str, str]:
    if len(cells) != len(header):
        message = f"the row has {len(cells)} cells, the header {len(header)}; quote a cell that holds a comma"
        raise PackError(message, file=place[0], line=place[1], column=header[min(len(cells), len(header) - 1)])
    return dict(zip(header, cells, strict=True))
