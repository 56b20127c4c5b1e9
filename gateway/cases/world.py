"""What every case of one file stands in: the compiled catalogue, its names, the notice that is meant by default."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.cases.blocks import BLOCKS, tables
from gateway.cases.fields import Row, word
from gateway.cases.names import Names, names
from gateway.cases.reading import Item
from graph.catalogue import Catalogue, compiled
from graph.errors import PackError
from graph.pack import REFERENCE, Pack, load
from graph.records import NoticeRef

_FILE = f"catalogue {BLOCKS}"
_OF_VERSION = "@"  # `n1@2` is the second version of n1


@dataclass(frozen=True, slots=True)
class World:
    """The catalogue cases are decided by, and what they may name."""

    catalogue: Catalogue
    names: Names
    notice: str

    def version(self, item: Item, at: datetime) -> NoticeRef:
        """Return the notice version an item names: bare, the one in force; before the first one, the first."""
        name, separator, number = word(item).rpartition(_OF_VERSION)
        if word(item) in self.catalogue.notices or not separator:
            name, number = word(item), ""
        versions = self.catalogue.notices.get(name, ())
        if not versions:
            raise item.fault(f"unknown notice `{name}`; add it to the file or correct it")
        if not number:
            return self.in_force(name, at)
        found = next((one.ref for one in versions if str(one.ref.version) == number), None)
        if found is None:
            raise item.fault(f"notice `{name}` has no version `{number}`; add it to the file or correct it")
        return found

    def in_force(self, notice: str, at: datetime) -> NoticeRef:
        """Return the version of a notice in force at an instant; before the first one, the first."""
        return (self.catalogue.notice_in_force(notice, at) or self.catalogue.notices[notice][0]).ref


def document(item: Item) -> Row:
    """Return a case file's keys, checked; raises `CaseFault`."""
    return Row.of(item, "a case file", required="cases", optional=_FILE)


def world(file: Row, folder: Path) -> World:
    """Load the pack a file names and add its blocks; raises `CaseFault`."""
    pack = _pack(file, folder)
    found = names(file, pack.catalogue)
    added = tables(file, found, pack.catalogue)
    catalogue = compiled(pack.tables.plus(added), version=pack.catalogue.version, digest=pack.catalogue.digest)
    first, *_ = (*added.notices, *pack.tables.notices)  # a pack has at least one
    return World(catalogue, found, first.ref.id)


def _pack(file: Row, folder: Path) -> Pack:
    stated = file.get("catalogue")
    if stated is None:
        return load(REFERENCE)
    name = word(stated)
    try:
        return load(name if name == REFERENCE else _folder(name, folder))
    except PackError as error:
        raise stated.fault(f"the catalogue pack `{name}` does not hold: {error}") from None


def _folder(name: str, folder: Path) -> Path:
    """Return a pack's directory: beside the case file, else where the command was called."""
    beside = folder / name
    return beside if beside.is_dir() else Path(name)
