"""What would stop if a scope were withdrawn: decided before and after a withdrawal that nobody made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from anyio.lowlevel import checkpoint

from graph.catalogue import Attribute
from graph.decision.decide import Deciding
from graph.decision.request import Request
from graph.decision.situation import Situation
from graph.decision.snapshot import SIGNED_IN, DeviceState, Snapshot
from graph.records import Scope
from graph.terms import Operation, RecordKind
from resolvers.acts import ScopeAsked
from resolvers.context import Context
from resolvers.listing import DisclosureShown, Line, received
from resolvers.problems import BadUserInput, Refused
from resolvers.reading import Reading, read_own
from resolvers.refusals import No, heard
from resolvers.scopes import checked
from resolvers.voice import no_voice

GIVING_OUT = (Operation.USE, Operation.DISCLOSE)  # one of them is part of every release


@dataclass(frozen=True, slots=True)
class ImpactShown:
    """What would be withheld after a withdrawal, from whom, and what was received already and stays received."""

    attributes_stopped: tuple[str, ...]
    recipients: tuple[tuple[str, tuple[str, ...]], ...]
    already_received: tuple[DisclosureShown, ...]


@dataclass(frozen=True, slots=True)
class _Supposed:
    """A withdrawal that is only supposed: the states before and after it, and what it reaches."""

    reading: Reading
    scope: Scope
    before: Snapshot
    after: Snapshot


async def impact(context: Context, asked: ScopeAsked) -> ImpactShown:
    """Say what a withdrawal would stop; changes nothing. Raises `BadUserInput` for a scope nobody could withdraw."""
    reading = await read_own(context)
    try:
        scope = await checked(asked, reading)
    except Refused as refused:
        raise BadUserInput(refused.problem.message) from None
    supposed = _supposed(reading, scope)
    stopped = {recipient: await _stopped(supposed, recipient) for recipient in _recipients(reading, scope)}
    catalogue = reading.context.catalogue
    names = {key: catalogue.recipients[key].name or key for key in stopped}
    every = frozenset().union(*stopped.values())
    return ImpactShown(
        attributes_stopped=tuple(key for key in catalogue.attributes if key in every),
        recipients=tuple(
            (names[recipient], tuple(key for key in catalogue.attributes if key in keys))
            for recipient, keys in stopped.items()
            if keys
        ),
        already_received=tuple(_touched(await received(reading), supposed)),
    )


def _supposed(reading: Reading, scope: Scope) -> _Supposed:
    """Suppose the withdrawal as this caller would make it, on a device that closes nothing by itself."""
    device = DeviceState(scope.device or reading.context.caller.device or "", linked=True, attested=True)
    after = heard(reading, No(RecordKind.WITHDRAWN, (scope,)), no_voice(reading)).draft.after
    return _Supposed(reading, scope, replace(reading.snapshot, device=device), replace(after, device=device))


def _recipients(reading: Reading, scope: Scope) -> tuple[str, ...]:
    return tuple(key for key in reading.context.catalogue.recipients if scope.recipient in (None, key))


async def _stopped(supposed: _Supposed, recipient: str) -> frozenset[str]:
    """Return the keys one recipient is given now and would not be any more, on some channel."""
    found: set[str] = set()
    for purpose, attributes in _given(supposed, recipient).items():
        await checkpoint()  # hundreds of decisions: other requests come in between
        for channel in supposed.reading.context.catalogue.channels:
            here = [one for one in attributes if channel in one.channels and one.key not in found]
            if here and supposed.scope.channel in (None, channel):
                found |= _lost(supposed, _request(supposed, recipient, purpose, channel=channel), here)
    return frozenset(found)


def _given(supposed: _Supposed, recipient: str) -> dict[str, list[Attribute]]:
    """Return, by purpose, the attributes the register foresees for a recipient and the scope reaches."""
    catalogue, scope = supposed.reading.context.catalogue, supposed.scope
    purposes, categories = catalogue.trees.purposes, catalogue.trees.categories
    rows = [row for operation in GIVING_OUT for row in catalogue.register.get((recipient, operation), ())]
    reached = [one for one in catalogue.attributes.values() if one.exposed and _reaches(supposed, one)]
    found: dict[str, dict[str, Attribute]] = {}
    pairs = (
        (purpose, attribute)
        for row in rows
        for attribute in reached
        if categories.within(attribute.category, row.category)
        for purpose in attribute.purposes
        if purposes.within(purpose, row.purpose) and purposes.related(purpose, scope.purpose)
    )
    for purpose, attribute in pairs:
        found.setdefault(purpose, {})[attribute.key] = attribute
    return {purpose: list(attributes.values()) for purpose, attributes in found.items()}


def _reaches(supposed: _Supposed, attribute: Attribute) -> bool:
    """Tell whether a scope touches an attribute's category, or one of those it is made from."""
    catalogue, scope = supposed.reading.context.catalogue, supposed.scope
    sources = catalogue.inherited[attribute.key] if Operation.INFER in scope.operations else ()
    related = catalogue.trees.categories.related
    return any(related(category, scope.category) for category in (attribute.category, *sources))


def _request(supposed: _Supposed, recipient: str, purpose: str, *, channel: str) -> Request:
    """Return the request of a signed-in caller, private and visible: what the withdrawal alone would change."""
    context = supposed.reading.context
    return Request(
        recipient=recipient,
        purpose=purpose,
        channel=channel,
        at=supposed.reading.at,
        device=supposed.scope.device or context.caller.device,
        assurance=SIGNED_IN,
        signals=context.signals,
        controller_region=context.rules.controller_region,
        unknown_age=context.rules.unknown_age,
    )


def _lost(supposed: _Supposed, request: Request, attributes: list[Attribute]) -> set[str]:
    catalogue = supposed.reading.context.catalogue
    before = Deciding(Situation(request, supposed.before, catalogue))
    given = [one for one in attributes if before.one(one).ceiling]
    if not given:
        return set()
    after = Deciding(Situation(request, supposed.after, catalogue))
    return {one.key for one in given if not after.one(one).ceiling}


def _touched(lines: Iterable[Line], supposed: _Supposed) -> Iterable[DisclosureShown]:
    """Yield what was received of the scope, each line with the keys the scope touches."""
    catalogue, scope = supposed.reading.context.catalogue, supposed.scope
    for line in lines:
        same = scope.recipient in (None, line.recipient)
        if same and catalogue.trees.purposes.related(line.shown.purpose, scope.purpose):
            keys = tuple(key for key in line.shown.keys if _is_touched(key, supposed))
            if keys:
                yield replace(line.shown, keys=keys)


def _is_touched(key: str, supposed: _Supposed) -> bool:
    attribute = supposed.reading.context.catalogue.attributes.get(key)
    return supposed.scope.category is None if attribute is None else _reaches(supposed, attribute)
