"""The blocks of a case file that add to its catalogue pack, each row checked against the whole."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from gateway.cases.fields import Row
from gateway.cases.names import Names
from gateway.cases.nodes import attribute, category, purpose, recipient
from gateway.cases.reading import Item
from gateway.cases.rules import law_row, notice, register_row
from graph.catalogue import Catalogue, Tables

Built = TypeVar("Built")

BLOCKS = "purposes categories recipients attributes register law notices"


def tables(document: Row, names: Names, catalogue: Catalogue) -> Tables:
    """Read every block; raises `CaseFault`. `catalogue` is the pack's, which the blocks add to."""
    found = Tables(
        purposes=_block(document, "purposes", lambda item: purpose(item, names)),
        categories=_block(document, "categories", lambda item: category(item, names)),
        recipients=_block(document, "recipients", recipient),
        attributes=_block(document, "attributes", lambda item: attribute(item, names)),
        register=_block(document, "register", lambda item: register_row(item, names)),
        law=_block(document, "law", lambda item: law_row(item, names)),
        notices=_block(document, "notices", lambda item: notice(item, names)),
    )
    purposes = {row.key: (row.parent,) for row in (*catalogue.purposes.values(), *found.purposes)}
    categories = {row.key: (row.parent,) for row in (*catalogue.categories.values(), *found.categories)}
    attributes = (*catalogue.attributes.values(), *found.attributes)
    sources = {row.key: tuple(source.key for source in row.sources) for row in attributes}
    _check(document, "purposes", [row.key for row in found.purposes], above=purposes)
    _check(document, "categories", [row.key for row in found.categories], above=categories)
    _check(document, "recipients", [row.id for row in found.recipients], above={})
    _check(document, "attributes", [row.key for row in found.attributes], above=sources)
    _check(document, "notices", [str(row.ref) for row in found.notices], above={})
    return found


def _block(document: Row, name: str, reader: Callable[[Item], Built]) -> tuple[Built, ...]:
    return document.each(name, reader)


def _check(document: Row, block: str, keys: Iterable[str], *, above: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a key that stands twice in its block, and one that stands above, or is made from, itself."""
    seen: set[str] = set()
    for key, item in zip(keys, document.items(block), strict=True):
        if key in seen:
            raise item.fault(f"`{key}` stands twice in `{block}`; keep one of them")
        if key in _reached(key, above):
            raise item.fault(f"`{key}` leads back to itself; break the circle")
        seen.add(key)


def _reached(key: str, above: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    left = [*above.get(key, ())]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += above.get(one, ())
    return found
