"""The nodes a case file may add: purposes, categories, recipients, attributes; one row each."""

from collections.abc import Callable, Mapping

from gateway.cases.fields import VERSION, Row, choice, flag, many, member, text, whole, word
from gateway.cases.names import Names
from gateway.cases.reading import Item
from graph.catalogue import INTRUSION, US_MARKS, Attribute, Category, Purpose, Recipient, Source
from graph.terms import Fidelity, Level, Origin, Sensitivity, ValueKind

_FIRST = 1  # versions count from one


def purpose(item: Item, names: Names) -> Purpose:
    """Read one purpose."""
    row = Row.of(item, "a purpose", required="key", optional="parent us_operations gpc_objects since moved")
    return Purpose(
        key=word(row.need("key")),
        parent=_parent(row, names.purpose),
        us_operations=frozenset(row.each("us_operations", choice(US_MARKS))),
        gpc_objects=row.read("gpc_objects", flag, default=False),
        since=row.read("since", VERSION, _FIRST),
        moved=row.read("moved", VERSION, None),
    )


def category(item: Item, names: Names) -> Category:
    """Read one data category; its marks are its own, never inherited."""
    marks = "art9 us_sensitive raw_sensor bystander life_event emotion"
    row = Row.of(item, "a category", required="key sensitivity", optional=f"parent {marks} since moved")
    return Category(
        key=word(row.need("key")),
        parent=_parent(row, names.category),
        sensitivity=member(Sensitivity)(row.need("sensitivity")),
        art9=row.read("art9", text, ""),
        us_sensitive=row.read("us_sensitive", flag, default=False),
        raw_sensor=row.read("raw_sensor", flag, default=False),
        bystander=row.read("bystander", flag, default=False),
        life_event=row.read("life_event", flag, default=False),
        emotion=row.read("emotion", flag, default=False),
        since=row.read("since", VERSION, _FIRST),
        moved=row.read("moved", VERSION, None),
    )


def recipient(item: Item) -> Recipient:
    """Read one recipient."""
    row = Row.of(item, "a recipient", required="id", optional="group third_party region since")
    return Recipient(
        id=word(row.need("id")),
        group=row.read("group", text, ""),
        third_party=row.read("third_party", flag, default=False),
        region=row.read("region", text, ""),
        since=row.read("since", VERSION, _FIRST),
    )


def attribute(item: Item, names: Names) -> Attribute:
    """Read one attribute; it may be collected where it may be asked for."""
    required = "key category kind sensitivity origin rungs purposes channels"
    row = Row.of(item, "an attribute", required=required, optional="safety exposed intrusion derived_from")
    origin = member(Origin)(row.need("origin"))
    channels = frozenset(many(names.channel)(row.need("channels")))
    return Attribute(
        key=word(row.need("key")),
        category=names.category(row.need("category")),
        kind=member(ValueKind)(row.need("kind")),
        sensitivity=member(Sensitivity)(row.need("sensitivity")),
        origin=origin,
        rungs=_rungs(row.need("rungs")),
        purposes=frozenset(many(names.purpose)(row.need("purposes"))),
        channels=channels,
        observed_on=channels,
        safety=row.read("safety", flag, default=False),
        exposed=row.read("exposed", flag, default=True),
        intrusion=row.read("intrusion", whole(Level.OFF, Level.PREDICTIVE), INTRUSION[origin]),
        sources=row.each("derived_from", lambda one: _source(one, names)),
    )


def _parent(row: Row, reader: Callable[[Item], str]) -> str:
    found = row.get("parent")
    return "" if found is None or not text(found) else reader(found)


def _rungs(item: Item) -> tuple[Fidelity, ...]:
    """Return the rungs in order; NOISED counts as absent in this version."""
    found = set(many(member(Fidelity))(item))
    if Fidelity.NONE not in found:
        raise item.fault("the rung `NONE` is missing; every ladder begins with it")
    return tuple(sorted(found - {Fidelity.NOISED}))


def _source(item: Item, names: Names) -> Source:
    if not isinstance(item.value, Mapping):
        return Source(names.attribute(item))
    row = Row.of(item, "a source", required="key", optional="masks")
    masks = row.each("masks", names.category)
    return Source(names.attribute(row.need("key")), frozenset(masks))
