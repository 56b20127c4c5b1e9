"""A whole pack: every file read and checked against the others, compiled; a pack with a fault never loads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from graph.catalogue import Catalogue, Tables, compiled
from graph.pack.attributes import ATTRIBUTES, Around, attributes
from graph.pack.cells import instant, whole
from graph.pack.channels import CHANNELS, DEVICES, DeviceModel, channels, devices
from graph.pack.jurisdictions import JURISDICTIONS, LAW, Jurisdiction, jurisdictions, law
from graph.pack.lineage import LINEAGE, joined
from graph.pack.nodes import CATEGORIES, PURPOSES, categories, purposes
from graph.pack.notices import NOTICES, notices
from graph.pack.people import DEVICES as PEOPLE_DEVICES
from graph.pack.people import PEOPLE, Person, people
from graph.pack.people import VALUES as PEOPLE_VALUES
from graph.pack.reading import Row, Table, digest, files_of, rows
from graph.pack.recipients import RECIPIENTS, REGISTER, recipients, register
from graph.pack.typed_fields import Taken
from graph.pack.vocabularies import PLACES, vocabularies

REFERENCE = "reference"
"""Name of the built-in pack."""

EDITION = Table.of("pack.csv", "version", "published_at name", needed=False)
_CATALOGUE = (EDITION, CATEGORIES, PURPOSES, RECIPIENTS, CHANNELS, DEVICES, ATTRIBUTES, LINEAGE, NOTICES, PLACES)
_RULES = (REGISTER, JURISDICTIONS, LAW)
_PEOPLE = (PEOPLE, PEOPLE_DEVICES, PEOPLE_VALUES)
TABLES: tuple[Table, ...] = _CATALOGUE + _RULES + _PEOPLE
_NONE_TAKEN = Taken()
_BUILT_IN = Path(__file__).parents[1] / "packs"


@dataclass(frozen=True, slots=True)
class Pack:
    """A catalogue pack: its rows, the catalogue compiled from them, and what only tools and the demo need."""

    name: str
    tables: Tables
    catalogue: Catalogue
    jurisdictions: Mapping[str, Jurisdiction]
    devices: tuple[DeviceModel, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class _Edition:
    """Which version of the catalogue a pack is, and when it was published."""

    version: int
    published_at: datetime | None


def load(source: str | Path, taken: Taken = _NONE_TAKEN) -> Pack:
    """Load the built-in pack by its name, or a directory; raises `PackError` with file, line and column.

    `taken` are the names its typed fields may not take.
    """
    folder = _BUILT_IN / REFERENCE if source == REFERENCE else Path(source)
    files = files_of(folder, tuple(table.file for table in TABLES))
    places = jurisdictions(files)
    models, tables = _tables(files, places, taken)
    edition = _edition(files, tables)
    catalogue = compiled(tables, version=edition.version, digest=digest(files), published_at=edition.published_at)
    return Pack(
        name=folder.resolve().name,
        tables=tables,
        catalogue=catalogue,
        jurisdictions={place.code: place for place in places},
        devices=models,
        people=people(
            files,
            attributes=catalogue.attributes,
            categories=catalogue.categories,
            channels=catalogue.channels,
        ),
    )


def _tables(
    files: Mapping[str, bytes], places: tuple[Jurisdiction, ...], taken: Taken
) -> tuple[tuple[DeviceModel, ...], Tables]:
    found_categories, found_purposes = categories(files), purposes(files)
    found_recipients, found_channels = recipients(files), channels(files)
    words = vocabularies(files)
    category_keys = {one.key: one for one in found_categories}
    purpose_keys = {one.key for one in found_purposes}
    recipient_ids = {one.id for one in found_recipients}
    channel_ids = {one.id for one in found_channels}
    leaves = purpose_keys - {one.parent for one in found_purposes}
    around = Around(category_keys, purpose_keys, leaves, channel_ids, words or None, taken)
    return devices(files, channels=channel_ids), Tables(
        categories=found_categories,
        purposes=found_purposes,
        recipients=found_recipients,
        attributes=joined(files, attributes(files, around), categories=category_keys),
        channels=found_channels,
        parents=tuple((place.code, place.parent) for place in places if place.parent),
        register=register(files, recipients=recipient_ids, purposes=purpose_keys, categories=category_keys),
        law=law(files, jurisdictions=tuple(place.code for place in places), purposes=purpose_keys),
        notices=notices(files, purposes=purpose_keys, categories=category_keys, recipients=recipient_ids),
        vocabularies=tuple(words.items()),
    )


def _edition(files: Mapping[str, bytes], tables: Tables) -> _Edition:
    """Return the version a pack says it is, else the youngest that one of its rows names."""
    youngest = max(_versions(tables), default=1)
    found = rows(files, EDITION)
    if not found:
        return _Edition(youngest, None)
    return _stated(found[0], youngest, count=len(found))


def _stated(row: Row, youngest: int, *, count: int) -> _Edition:
    version = whole(row, "version", least=1)
    if version is None or count > 1:
        raise row.fault("version", "a pack is one version of the catalogue; write one row with a whole number")
    if version < youngest:
        raise row.fault("version", f"rows of this pack name version {youngest}; write at least that")
    return _Edition(version, instant(row, "published_at"))


def _versions(tables: Tables) -> Iterable[int]:
    yield from (max(node.since, node.moved or 1) for node in tables.categories)
    yield from (max(node.since, node.moved or 1) for node in tables.purposes)
    yield from (recipient.since for recipient in tables.recipients)
    yield from (notice.catalogue_version for notice in tables.notices)
