"""What an act does not reach: cells an earlier no still holds back from a yes, keys a contract needs despite a no."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from graph.catalogue import Attribute, Catalogue
from graph.decision.consent import Side, Verdict, side, verdict
from graph.decision.decide import Deciding
from graph.decision.explain import Told, told
from graph.decision.law import IMPLIED
from graph.decision.request import Decision, GateAnswer
from graph.decision.situation import Situation
from graph.decision.snapshot import UNCOUNTED, Entry, Snapshot, entries, in_force
from graph.records import Scope, at_least_as_narrow
from graph.terms import Fidelity, Gate, Operation, Reason, Regime
from resolvers.acts import WithheldKey
from resolvers.context import Context
from resolvers.reading import Draft, Point
from resolvers.scopes import overlap
from resolvers.signer import Offer, OfferCell

_Named: TypeAlias = tuple[str | None, str | None, frozenset[Operation]]  # purpose, category, operations of a scope


@dataclass(frozen=True, slots=True)
class _Yes:
    """A new yes to one cell, at a place where an earlier record may hold it back; `None` is wherever it holds."""

    entry: Entry
    cell: OfferCell
    channel: str | None
    device: str | None
    session: str | None


def still_withheld(draft: Draft, offer: Offer) -> tuple[WithheldKey, ...]:
    """Return the attributes that a new yes would release and an earlier, narrower record does not, each once."""
    after, context = draft.after, draft.reading.context
    fresh = frozenset(record.id for record in draft.begins)
    found: dict[str, WithheldKey] = {}
    situations: dict[Point, Situation] = {}
    for yes in _tried(draft, after, offer):
        for attribute in _reached(yes, context.catalogue):
            point = _point(yes, attribute, offer)
            if point not in situations:
                situations[point] = draft.reading.situation(point, after)
            stopped = _verdict(attribute, yes.cell, situations[point])
            expected = attribute.floor(yes.entry.record.cap)
            if stopped.reason and stopped.ceiling < expected and stopped.evidence not in fresh:
                found.setdefault(attribute.key, WithheldKey(attribute.key, _told(attribute, stopped, context)))
    return tuple(found.values())


def _tried(draft: Draft, after: Snapshot, offer: Offer) -> Iterable[_Yes]:
    """Yield the new yeses: each where it was said, and where an earlier record limits it that it does not beat."""
    at, trees = draft.reading.at, draft.reading.trees
    standing = [entry for party in after.parties for entry in in_force(entries(party, at), at, trees)]
    fresh = frozenset(record.id for record in draft.begins)
    earlier = [entry for entry in standing if entry.record.id not in fresh and entry.record.kind not in UNCOUNTED]
    cells: dict[_Named, OfferCell] = {
        (one.purpose, one.category, frozenset({one.operation})): one for one in offer.cells
    }
    for yes in standing:
        if yes.record.id in fresh:
            cell = cells[yes.scope.purpose, yes.scope.category, yes.scope.operations]
            yield _at(yes, yes.scope, cell, draft)
            for no in earlier:
                limits = no.record.limit < yes.record.cap and overlap(no.scope, yes.scope, trees)
                if limits and not _beats(yes, no, draft):
                    yield _at(yes, no.scope, cell, draft)


def _beats(yes: Entry, no: Entry, draft: Draft) -> bool:
    """Tell whether a new yes lifts an earlier record (2.4 rule 3); what a signal says is heard where the yes is."""
    return yes.later_than(no) and at_least_as_narrow(yes.scope, no.scope, draft.reading.trees)


def _at(yes: Entry, held: Scope, cell: OfferCell, draft: Draft) -> _Yes:
    scope, here = yes.scope, draft.reading.point(cell.purpose)
    return _Yes(
        entry=yes,
        cell=cell,
        channel=held.channel or scope.channel,
        device=held.device or scope.device or here.device,
        session=held.session or scope.session or here.session,
    )


def _reached(yes: _Yes, catalogue: Catalogue) -> Iterable[Attribute]:
    """Yield the attributes a yes is about: those of its category, or, to infer from it, those made from it."""
    within, infers = catalogue.trees.categories.within, yes.cell.operation is Operation.INFER
    for attribute in catalogue.attributes.values():
        carried = bool(attribute.channels) if yes.channel is None else yes.channel in attribute.channels
        if attribute.exposed and yes.cell.purpose in attribute.purposes and carried:
            made_of, own = catalogue.inherited[attribute.key], within(attribute.category, yes.cell.category)
            if yes.cell.category in made_of if infers else own:
                yield attribute


def _point(yes: _Yes, attribute: Attribute, offer: Offer) -> Point:
    """Return where a yes is looked at: on its channel, else on the offer's, else on one that carries the attribute."""
    offered = offer.channel if offer.channel in attribute.channels else min(attribute.channels)
    return Point(yes.cell.purpose, offer.recipient, yes.channel or offered, yes.device, yes.session)


def _verdict(attribute: Attribute, cell: OfferCell, situation: Situation) -> Verdict:
    category = cell.category if cell.operation is Operation.INFER else attribute.category
    effect: Side | None = None
    if attribute.safety and cell.operation is Operation.USE and Fidelity.EFFECT_ONLY in attribute.rungs:
        effect = side(situation, situation.hearing(category, cell.operation, effect=True))
    return verdict(attribute, side(situation, situation.hearing(category, cell.operation)), effect)


def _told(attribute: Attribute, stopped: Verdict, context: Context) -> Told:
    """Return why a cell stops, as this caller may know it."""
    reason = stopped.reason or Reason.CONSENT_MISSING
    answer = GateAnswer(Gate.CONSENT, stopped.ceiling, (reason,), (stopped.action,))
    return told(Decision(attribute.key, stopped.ceiling, (answer,), (), None), third_party=context.third_party)


def needed_for_contract(draft: Draft, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
    """Return the keys whose USE a scope touches and that are given all the same, where consent is not asked for."""
    context, after = draft.reading.context, draft.after
    found: dict[str, None] = {}
    for purpose, attributes in _on_contract(scopes, draft).items():
        deciding = Deciding(draft.reading.situation(draft.reading.point(purpose), after))
        for attribute in attributes:
            if _given_anyway(attribute, deciding):
                found[attribute.key] = None
    return tuple(key for key in context.catalogue.attributes if key in found)


def _on_contract(scopes: tuple[Scope, ...], draft: Draft) -> dict[str, list[Attribute]]:
    """Return, by purpose, the attributes touched that this caller uses without being asked for consent."""
    context, trees = draft.reading.context, draft.reading.trees
    used = context.catalogue.register.get((context.recipient.id, Operation.USE), ())
    rows = [row for row in used if IMPLIED[row.basis] is Regime.NOTICE_ONLY]
    found: dict[str, dict[str, Attribute]] = {}
    pairs = (
        (purpose, attribute)
        for scope in scopes
        if _reaches_caller(scope, draft)
        for attribute in context.catalogue.attributes.values()
        if attribute.exposed and trees.categories.related(attribute.category, scope.category)
        for row in rows
        if trees.categories.within(attribute.category, row.category)
        for purpose in attribute.purposes
        if trees.purposes.within(purpose, row.purpose) and trees.purposes.related(purpose, scope.purpose)
    )
    for purpose, attribute in pairs:
        found.setdefault(purpose, {})[attribute.key] = attribute
    return {purpose: list(attributes.values()) for purpose, attributes in found.items()}


def _reaches_caller(scope: Scope, draft: Draft) -> bool:
    caller = draft.reading.context.caller
    return (
        Operation.USE in scope.operations
        and scope.recipient in (None, caller.recipient)
        and scope.channel in (None, caller.channel)
        and scope.device in (None, caller.device)
    )


def _given_anyway(attribute: Attribute, deciding: Deciding) -> bool:
    situation = deciding.situation
    ceiling = deciding.one(attribute).ceiling
    if ceiling is Fidelity.NONE:
        return False
    if situation.hearing(attribute.category, Operation.USE).regime is Regime.NOTICE_ONLY:
        return True
    effect = situation.hearing(attribute.category, Operation.USE, effect=True)
    return attribute.safety and ceiling is Fidelity.EFFECT_ONLY and effect.regime is Regime.NOTICE_ONLY
