"""What a case file may name: the rows of its catalogue pack and those of its own blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.cases.fields import Row, known
from gateway.cases.reading import Item
from graph.catalogue import Catalogue

Reader = Callable[[Item], str]


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that has a name, by what it is."""

    purposes: frozenset[str]
    categories: frozenset[str]
    recipients: frozenset[str]
    groups: frozenset[str]
    attributes: frozenset[str]
    channels: frozenset[str]

    @property
    def purpose(self) -> Reader:
        """Return the reader of a purpose's key."""
        return known(self.purposes, "purpose")

    @property
    def category(self) -> Reader:
        """Return the reader of a category's key."""
        return known(self.categories, "category")

    @property
    def recipient(self) -> Reader:
        """Return the reader of a recipient's id."""
        return known(self.recipients, "recipient")

    @property
    def group(self) -> Reader:
        """Return the reader of a recipient group."""
        return known(self.groups, "recipient group")

    @property
    def attribute(self) -> Reader:
        """Return the reader of an attribute's key."""
        return known(self.attributes, "attribute")

    @property
    def channel(self) -> Reader:
        """Return the reader of a channel's id; a case file adds none."""
        return known(self.channels, "channel")


def names(document: Row, catalogue: Catalogue) -> Names:
    """Collect what can be named: the rows of the pack and those of the file."""
    groups = frozenset(row.group for row in catalogue.recipients.values() if row.group)
    return Names(
        purposes=frozenset(catalogue.purposes) | _words(document, "purposes", "key"),
        categories=frozenset(catalogue.categories) | _words(document, "categories", "key"),
        recipients=frozenset(catalogue.recipients) | _words(document, "recipients", "id"),
        groups=groups | _words(document, "recipients", "group"),
        attributes=frozenset(catalogue.attributes) | _words(document, "attributes", "key"),
        channels=frozenset(catalogue.channels),
    )


def _words(document: Row, block: str, key: str) -> frozenset[str]:
    """Return the words under one key of a block; whatever is wrong with a row is said when it is read."""
    rows = [row.value for row in document.items(block) if isinstance(row.value, Mapping)]
    cells = [row[key].value for row in rows if key in row]
    return frozenset(cell for cell in cells if isinstance(cell, str) and cell)
