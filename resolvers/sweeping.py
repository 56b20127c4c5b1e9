"""The daily sweep: values past their end, and values nobody may have any more because consent ended (2.7)."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from anyio.lowlevel import checkpoint

from graph.catalogue import Attribute, Catalogue
from graph.decision.consent import Side, side, verdict
from graph.decision.decide import Deciding
from graph.decision.lineage import source_categories
from graph.decision.request import Request
from graph.decision.situation import Situation
from graph.decision.snapshot import Snapshot, effective_scope
from graph.errors import RevisionConflict
from graph.store import Page, Parties, Store
from graph.terms import Audience, Gate, Operation, PartyKind, Reason, RecordKind, Standing
from resolvers.context import Rules

PEOPLE_AT_ONCE = 100  # subjects of one page: a sweep never stands in the way of requests for long

# Whether anybody may have a value is the register's, the law's and the person's to say; a channel's, a level's or a
# device's limit is of one moment, and no reason to delete.
LASTING = frozenset({Gate.PURPOSE, Gate.LAW, Gate.CONSENT, Gate.LINEAGE})
# How a person, or the operator for her, ends consent. A browser's signal stops a sale; it takes nothing back.
ENDING = frozenset({RecordKind.WITHDRAWN, RecordKind.REVOKED, RecordKind.OBJECTED})


@dataclass(frozen=True, slots=True)
class Swept:
    """How many values went: past their end, and without anybody who may have them."""

    expired: int
    orphaned: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep: the store it goes over, the newest catalogue for a snapshot, what the operator set, its instant."""

    store: Store
    refreshed: Callable[[int], Awaitable[Catalogue]]
    rules: Rules
    at: datetime


async def swept(sweep: Sweep) -> Swept:
    """Sweep the whole store once, page by page."""
    expired, orphaned, after = await sweep.store.sweep(sweep.at), 0, 0
    while page := await sweep.store.holders(Page(PEOPLE_AT_ONCE, after)):
        for _, subject in page:
            orphaned += await _person(sweep, subject)
        after = page[-1][0]
    return Swept(expired, orphaned)


async def _person(sweep: Sweep, subject: str) -> int:
    """Discard what nobody may have of one person; whoever changes her state meanwhile is left to the next sweep.

    Nothing goes while she is restricted: then it is kept for her, whoever may not have it (GDPR Art. 18(2)).
    """
    snapshot = await sweep.store.snapshot(subject, Parties())
    catalogue = await sweep.refreshed(snapshot.catalogue_revision)
    person = _Person(snapshot, catalogue, _plain(sweep, snapshot))
    if not person.active:
        return 0
    held = await sweep.store.held(subject)
    keys = []
    for key in (one.key for one in held if one.key in catalogue.attributes):
        await checkpoint()  # some hundred decisions: requests come in between
        if person.orphans(catalogue.attributes[key]):
            keys.append(key)
    if keys:
        with suppress(RevisionConflict):
            await sweep.store.discard(subject, tuple(keys), base=snapshot.own.revision)
            return len(keys)
    return 0


def _plain(sweep: Sweep, snapshot: Snapshot) -> Request:
    """Return a request without recipient, purpose and channel, at an instant that sees all that is on record.

    Without it a yes given while the sweep was on its way would not be there yet, and its values would go.
    """
    return Request(
        recipient="",
        purpose="",
        channel="",
        at=max(sweep.at, snapshot.own.latest or sweep.at),
        audience=Audience.PARTNER,
        controller_region=sweep.rules.controller_region,
        unknown_age=sweep.rules.unknown_age,
    )


class _Person:
    """Decides for one person on one snapshot; what attributes share is worked out once."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, plain: Request) -> None:
        self._snapshot, self._catalogue, self._plain = snapshot, catalogue, plain
        self._places = _places(snapshot)
        self._deciding: dict[Request, Deciding] = {}

    @property
    def active(self) -> bool:
        """Tell whether she is neither restricted nor erased."""
        return self._decided_on(self._plain).situation.standing is Standing.ACTIVE

    def orphans(self, attribute: Attribute) -> bool:
        """Tell whether no cell of the register would release a value, and consent that ended is why."""
        ended = False
        for request in self._requests(attribute):
            deciding = self._decided_on(request)
            decision = deciding.one(attribute)
            if all(answer.ceiling for answer in decision.gates if answer.gate in LASTING):
                return False
            ended = ended or _ended(attribute, deciding.situation)
        return ended

    def _decided_on(self, request: Request) -> Deciding:
        if request not in self._deciding:
            self._deciding[request] = Deciding(Situation(request, self._snapshot, self._catalogue))
        return self._deciding[request]

    def _requests(self, attribute: Attribute) -> Iterable[Request]:
        """Yield a request for every recipient, purpose, channel and place that may be open to an attribute."""
        for recipient, purpose in self._registered(attribute):
            for channel in sorted(attribute.channels):
                for device, session in self._places:
                    yield replace(
                        self._plain,
                        recipient=recipient,
                        purpose=purpose,
                        channel=channel,
                        device=device,
                        session=session,
                    )

    def _registered(self, attribute: Attribute) -> list[tuple[str, str]]:
        """Return every recipient and purpose the register foresees for an attribute, in alphabetical order."""
        trees = self._catalogue.trees
        cells = {
            (row.recipient, purpose)
            for found in self._catalogue.register.values()
            for row in found
            if trees.categories.within(attribute.category, row.category)
            for purpose in attribute.purposes
            if trees.purposes.within(purpose, row.purpose)
        }
        return sorted(cells)


def _places(snapshot: Snapshot) -> tuple[tuple[str | None, str | None], ...]:
    """Return the devices and sessions a yes speaks of, beside no place at all: a yes for one device is a yes."""
    scopes = (effective_scope(record, PartyKind.SUBJECT) for record in snapshot.own.records if record.is_yes)
    named = ((scope.device, scope.session) for scope in scopes if scope)
    return tuple(dict.fromkeys(((None, None), *named)))


def _ended(attribute: Attribute, situation: Situation) -> bool:
    """Tell whether a cell, or source cell, that a release would need is closed because consent ended."""
    if situation.too_many:
        return False  # what she said cannot be read at the moment (2.4 rule 9)
    own = ((attribute.category, operation) for operation in situation.operations)
    sources = ((category, Operation.INFER) for category in source_categories(attribute, situation))
    sides = (side(situation, situation.hearing(*cell)) for cell in (*own, *sources))
    return any(_is_over(one) for one in sides if not verdict(attribute, one, None).ceiling)


def _is_over(one: Side) -> bool:
    """Tell whether the last word on a cell is an end: a yes past its time, or a no that no later yes answers.

    A yes that only wants another notice is no end: its person is asked again, and finds her values.
    """
    last, flaw = one.yeses[-1] if one.yeses else (None, None)
    if flaw is Reason.CONSENT_EXPIRED:
        return True
    ends = (no for no in one.limits if no.record.kind in ENDING)
    return any(last is None or not one.beats(last, no) for no in ends)
