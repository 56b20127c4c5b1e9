"""Edges of lineage: which attribute is made from which, by what rule, and which categories a rule takes away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from graph.catalogue import Attribute, Source
from graph.pack.attributes import ATTRIBUTES
from graph.pack.cells import known, known_words, unique
from graph.pack.reading import Row, Table, rows

LINEAGE = Table.of("lineage.csv", "attribute source", "rule masks", needed=False)


def joined(
    files: Mapping[str, bytes], pairs: Sequence[tuple[Row, Attribute]], *, categories: Collection[str]
) -> tuple[Attribute, ...]:
    """Return the attributes with rule and masks on their sources; an edge without a row has neither."""
    attributes = {one.key: one for _, one in pairs}
    for row, one in pairs:
        _check_sources(row, one, attributes)
    edges = _edges(files, attributes, categories)
    return tuple(
        replace(one, sources=tuple(edges.get((one.key, source.key), source) for source in one.sources))
        for one in attributes.values()
    )


def _edges(
    files: Mapping[str, bytes], attributes: Mapping[str, Attribute], categories: Collection[str]
) -> Mapping[tuple[str, str], Source]:
    found = rows(files, LINEAGE)
    unique(((row, (row["attribute"], row["source"])) for row in found), "source")
    edges = {}
    for row in found:
        key = known(row, "attribute", attributes, table=ATTRIBUTES.file)
        source = known(row, "source", attributes, table=ATTRIBUTES.file)
        if source not in {one.key for one in attributes[key].sources}:
            message = f"`{source}` is not in `derived_from` of `{key}`; add it there or remove this row"
            raise row.fault("source", message)
        masks = frozenset(known_words(row, "masks", categories, table="categories.csv"))
        edges[key, source] = Source(source, masks=masks, rule=row["rule"])
    return edges


def _check_sources(row: Row, attribute: Attribute, attributes: Mapping[str, Attribute]) -> None:
    for source in attribute.sources:
        if source.key not in attributes:
            raise row.fault("derived_from", f"`{source.key}` is not in this table; add it or correct the source")
    seen, waiting = set[str](), [source.key for source in attribute.sources]
    while waiting:
        key = waiting.pop()
        if key == attribute.key:
            raise row.fault("derived_from", f"`{key}` is made from itself; break the circle of sources")
        if key not in seen:
            seen.add(key)
            waiting += [source.key for source in attributes[key].sources] if key in attributes else []
