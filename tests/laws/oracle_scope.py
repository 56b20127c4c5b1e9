"""The oracle's scopes: within, covers, touches, at least as narrow, later; 2.2 and 2.4 rules 1, 3, 5, 8."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from graph.catalogue import Catalogue
from graph.records import Cell, Record, Scope
from graph.terms import Operation, PartyKind, RecordKind


class Branch(Protocol):
    """A node of a tree: what it stands below."""

    @property
    def parent(self) -> str: ...


@dataclass(frozen=True)
class Entry:
    """A record where it stands; the scope it speaks with is `None` when it reaches nothing."""

    record: Record
    party: int
    place: int
    scope: Scope | None
    own: bool
    virtual: bool = False


def path(node: str, nodes: Mapping[str, Branch]) -> list[str]:
    """List the node and its ancestors, nearest first."""
    found = [node]
    while found[-1] in nodes and nodes[found[-1]].parent:
        found.append(nodes[found[-1]].parent)
    return found


def within(node: str | None, other: str | None, nodes: Mapping[str, Branch]) -> bool:
    """Rule 1: `a` is within `b` if b is `*`, a = b, or b is an ancestor of a."""
    if other is None:
        return True
    if node is None:
        return False
    return other in path(node, nodes)


def leaf_within(leaf: str | None, other: str | None) -> bool:
    """Rule 1 in a dimension without a tree; a cell without the leaf is within `*` only (2.9)."""
    return other is None or leaf == other


def receiver_within(one: Scope, other: Scope, catalogue: Catalogue) -> bool:
    """Rule 1 among recipients: a recipient stands below its group, a group below `*`."""
    if other.recipient is not None:
        return one.recipient == other.recipient
    if other.group is None:
        return True
    if one.recipient is not None:
        return one.recipient in catalogue.recipients and catalogue.recipients[one.recipient].group == other.group
    return one.group == other.group


def as_scope(cell: Cell) -> Scope:
    """A cell as the scope that names it in every dimension."""
    return Scope(
        purpose=cell.purpose,
        category=cell.category,
        recipient=cell.recipient,
        channel=cell.channel,
        device=cell.device,
        session=cell.session,
        operations=frozenset({cell.operation}),
    )


def narrow(one: Scope, other: Scope, catalogue: Catalogue) -> bool:
    """Rule 1: at least as narrow = within it in every dimension; operations are a set: within = subset (2.2)."""
    return (
        within(one.purpose, other.purpose, catalogue.purposes)
        and within(one.category, other.category, catalogue.categories)
        and receiver_within(one, other, catalogue)
        and leaf_within(one.channel, other.channel)
        and leaf_within(one.device, other.device)
        and leaf_within(one.session, other.session)
        and one.operations <= other.operations
    )


def covers(scope: Scope | None, cell: Cell, catalogue: Catalogue) -> bool:
    """Rule 1: a scope covers a cell if the cell is within it in every dimension."""
    return scope is not None and narrow(as_scope(cell), scope, catalogue)


def touches(entry: Entry, cell: Cell, catalogue: Catalogue) -> bool:
    """Rule 1: touches = in each dimension by itself one is within the other; a SIGNAL as its kind says (2.4)."""
    scope = entry.scope
    if scope is None:
        return False
    if entry.record.kind is RecordKind.SIGNAL and not objected(cell, catalogue):
        return False
    purposes, categories = catalogue.purposes, catalogue.categories
    return (
        (within(cell.purpose, scope.purpose, purposes) or within(scope.purpose, cell.purpose, purposes))
        and (within(cell.category, scope.category, categories) or within(scope.category, cell.category, categories))
        # in the other dimensions a cell is always a leaf (or nothing): one of the two within the other
        and receiver_within(as_scope(cell), scope, catalogue)
        and leaf_within(cell.channel, scope.channel)
        # a session named by the scope: it touches and covers only that session (2.2); the same for a device
        and leaf_within(cell.device, scope.device)
        and leaf_within(cell.session, scope.session)
        and cell.operation in scope.operations
    )


def objected(cell: Cell, catalogue: Catalogue) -> bool:
    """Table of 2.4: a SIGNAL is a no to SELL and TARGET for the purposes whose own row says `gpc_objects`."""
    purpose = catalogue.purposes.get(cell.purpose)
    return cell.operation in {Operation.SELL, Operation.TARGET} and purpose is not None and purpose.gpc_objects


def spoken(record: Record, kind: PartyKind) -> Scope | None:
    """Rule 5: below assurance 2, and in a device profile's tree, the scope is narrowed to that device."""
    if record.assurance >= 2 and kind is not PartyKind.DEVICE:
        return record.scope
    device = record.given_on.device
    if device is None:
        return None
    if record.scope.device not in (None, device):
        return None
    return replace(record.scope, device=device)


def later(one: Entry, other: Entry) -> bool:
    """Rule 3: the store's order within a party; between parties the instant of recording; ties go to the no."""
    if one.virtual or other.virtual:
        return one.virtual and not other.virtual
    if one.party == other.party:
        return one.place > other.place
    return one.record.recorded_at > other.record.recorded_at


def beats(yes: Entry, no: Entry, catalogue: Catalogue) -> bool:
    """Rule 3: a yes beats a no iff it is later and at least as narrow; rule 8 for a signal."""
    if not later(yes, no) or yes.scope is None or no.scope is None:
        return False
    if no.record.kind is RecordKind.SIGNAL:
        return yes.record.answers_signal
    return narrow(yes.scope, no.scope, catalogue)


def latest(entries: list[Entry]) -> Entry:
    """The one no other is later than; of equal instants in several parties the party listed last."""
    return next(one for one in reversed(entries) if not any(later(other, one) for other in entries))


def leaves(old: Entry, new: Entry, at: datetime, catalogue: Catalogue) -> bool:
    """Rule 7: whether `old` has left the snapshot because of `new`, in the same party's tree."""
    if new.party != old.party or new.place <= old.place or old.scope is None or new.scope is None:
        return False
    first, second = old.record, new.record
    same = old.scope == new.scope
    if RecordKind.SIGNAL in (first.kind, second.kind):  # only for a newer signal; and it is no scope like another
        return same and first.kind is second.kind and first.given_on.device == second.given_on.device
    if not (second.is_yes or second.is_no):
        return False
    begun = second.is_no or second.starts <= at
    if first.is_no:
        return second.is_no and same
    if not first.is_yes:
        return False
    if first.limit == 6:  # PRECISE
        ended = second.is_no and narrow(old.scope, new.scope, catalogue)
        renewed = second.is_yes and begun and second.explicit >= first.explicit and same
        return ended or renewed
    return same and begun and second.limit <= first.limit
