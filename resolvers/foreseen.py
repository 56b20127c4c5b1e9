"""What a document could ever be given: what catalogue and register foresee, before anybody has said a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from graph.catalogue import Attribute, Catalogue, Channel
from graph.decision.context import context_gate
from graph.decision.gates import purpose_gate
from graph.decision.law import strictest_row
from graph.decision.lineage import MADE
from graph.decision.request import Request
from graph.decision.situation import STEPPED_UP, Situation, computed_operations
from graph.decision.snapshot import DeviceState, PartyState, Snapshot
from graph.records import Cell, Subject
from graph.terms import Audience, Basis, Operation, PartyKind, Sensitivity

SERVER = "none"  # how the channel table writes that nobody's identity is on a channel: a partner's server
WRITES = frozenset({Operation.COLLECT, Operation.INFER})  # what a document writes with: nothing is released by it
# Somebody of whom nothing is known, on a linked and attested device of her own: what is closed to her is closed.
ANYBODY = Snapshot(
    Subject(""), (PartyState(PartyKind.SUBJECT, ""),), DeviceState("", linked=True, attested=True, shared=False)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, for what and how attributes are asked; `at` is the instant that counts."""

    recipient: str
    purpose: str
    operation: Operation
    audience: Audience
    at: datetime


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One attribute asked for: the basis of each operation in the register, and why it could never be released.

    `sensitivity` is its own, `None` where there is no such attribute; `special` that Art. 9 GDPR is about it.
    """

    key: str
    sensitivity: Sensitivity | None
    bases: tuple[tuple[Operation, Basis | None], ...]
    obstacles: tuple[str, ...]
    special: bool = False

    @property
    def registered(self) -> bool:
        """Tell whether the register of processing allows every operation it takes."""
        return bool(self.bases) and all(basis is not None for _, basis in self.bases)


def foreseen(key: str, asked: Asked, catalogue: Catalogue) -> Foreseen:
    """Say what stands for and against one key, whatever the person says and wherever she is."""
    attribute = catalogue.attributes.get(key)
    if attribute is None:
        return Foreseen(key, None, (), ("no attribute of the catalogue has this key",))
    bases = tuple(_bases(attribute, asked, catalogue))
    obstacles = (*_own(attribute, asked, catalogue), *_unregistered(bases))
    situations = (Situation(one, ANYBODY, catalogue) for one in _ways(asked, catalogue))
    if not obstacles and not any(_passes(attribute, asked, one) for one in situations):
        obstacles = ("no channel it may be sent on lets it through",)
    return Foreseen(key, attribute.sensitivity, bases, obstacles, special=_is_special(attribute, catalogue))


def _is_special(attribute: Attribute, catalogue: Catalogue) -> bool:
    category = catalogue.categories.get(attribute.category)
    return category is not None and bool(category.art9)


def _operations(asked: Asked, catalogue: Catalogue) -> tuple[Operation, ...]:
    """Return the operations it takes: those a request amounts to, and the one it is registered for (2.2)."""
    if asked.operation in WRITES:
        return (asked.operation,)
    request = Request(asked.recipient, asked.purpose, "", asked.at)
    return tuple(dict.fromkeys((*computed_operations(request, catalogue), asked.operation)))


def _bases(attribute: Attribute, asked: Asked, catalogue: Catalogue) -> Iterator[tuple[Operation, Basis | None]]:
    for operation in _operations(asked, catalogue):
        row = strictest_row(Cell(asked.purpose, attribute.category, asked.recipient, "", operation), catalogue)
        yield operation, None if row is None else row.basis


def _own(attribute: Attribute, asked: Asked, catalogue: Catalogue) -> Iterator[str]:
    """Yield what the attribute's own row says against it."""
    category = catalogue.categories.get(attribute.category)
    if not attribute.exposed:
        yield "it is not exposed"
    if category is not None and (category.raw_sensor or category.bystander):
        yield "raw sensor data and data about bystanders never leave"
    if asked.purpose not in attribute.purposes:
        yield "the purpose is none of its own"
    if attribute.origin in MADE and not attribute.sources:
        yield "it is made from sources that are not stated"


def _unregistered(bases: tuple[tuple[Operation, Basis | None], ...]) -> Iterator[str]:
    missing = [operation.value for operation, basis in bases if basis is None]
    if missing:
        yield f"the register of processing has no row for {', '.join(missing)}"


def _ways(asked: Asked, catalogue: Catalogue) -> Iterator[Request]:
    """Yield the request at its best on each channel: signed in, stepped up, alone."""
    for channel in _channels(asked.audience, catalogue):
        yield Request(
            recipient=asked.recipient,
            purpose=asked.purpose,
            channel=channel.id,
            at=asked.at,
            audience=asked.audience,
            assurance=STEPPED_UP,
            operations=_operations(asked, catalogue),
        )


def _channels(audience: Audience, catalogue: Catalogue) -> tuple[Channel, ...]:
    """Return the channels an audience comes by: a partner by those of servers, if the table marks any."""
    every = tuple(catalogue.channels.values())
    servers = tuple(one for one in every if one.identity == SERVER)
    return servers if servers and audience is Audience.PARTNER else every


def _passes(attribute: Attribute, asked: Asked, situation: Situation) -> bool:
    operations = situation.operations
    cells = tuple(situation.hearing(attribute.category, operation).cell for operation in operations)
    writes = asked.operation in WRITES  # gate 8 is about what goes out (2.7)
    context = attribute.top if writes else context_gate(attribute, operations, situation).ceiling
    return bool(min(purpose_gate(attribute, cells, situation).ceiling, context))
