"""Which attributes are asked for, chosen from the catalogue by rule, and a value each of them may hold."""

from dataclasses import dataclass

from graph.catalogue import Attribute, Catalogue, Recipient
from graph.records import Cell, Held
from graph.terms import Operation, ValueKind

CHANNEL = "vr_headset"  # of the reference pack, which is what is measured
SHEET = 20  # attributes a headset asks for before a session


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose and the attributes that may be had for it."""

    purpose: str
    attributes: tuple[Attribute, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the attributes."""
        return tuple(one.key for one in self.attributes)


def controller(catalogue: Catalogue) -> Recipient:
    """Return the recipient whose own app asks: the first that is no third party and has a client."""
    return next(one for one in catalogue.recipients.values() if one.clients and not one.third_party)


def candidates(catalogue: Catalogue) -> Asked:
    """Return the leaf purpose for which the controller may use most attributes here, the first of equals, and those."""
    leaves = (purpose for purpose in catalogue.purposes if catalogue.trees.purposes.is_leaf(purpose))
    return max((_of(catalogue, purpose) for purpose in leaves), key=lambda one: len(one.attributes))


def _of(catalogue: Catalogue, purpose: str) -> Asked:
    recipient = controller(catalogue).id
    found = (
        one
        for one in catalogue.attributes.values()
        if one.exposed and one.graphql_type and purpose in one.purposes and CHANNEL in one.channels
    )
    return Asked(
        purpose,
        tuple(
            one
            for one in found
            if catalogue.register_rows(Cell(purpose, one.category, recipient, CHANNEL, Operation.USE))
        ),
    )


def example(attribute: Attribute) -> Held:
    """Return a value of an attribute: a word of its list, `True`, or the middle of its bounds."""
    if attribute.enum_values:
        word = attribute.enum_values[-1]
        return (word,) if attribute.kind is ValueKind.LIST else word
    if attribute.kind is ValueKind.BOOLEAN:
        return True
    low, high = attribute.minimum or 0, attribute.maximum or 100
    middle = (low + high) / 2
    return int(middle) if attribute.kind is ValueKind.INT else round(middle, 1)
