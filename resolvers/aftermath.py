"""What an act does not reach: cells an earlier no still holds back from a yes, keys a contract needs despite a no."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.catalogue import Attribute, Catalogue
from graph.decision.consent import Side, Verdict, side, verdict
from graph.decision.decide import Deciding
from graph.decision.explain import Told, told
from graph.decision.law import IMPLIED
from graph.decision.request import Decision, GateAnswer
from graph.decision.situation import Situation
from graph.decision.snapshot import UNCOUNTED, Entry, Snapshot, effective_scope, entries, in_force
from graph.records import Scope, at_least_as_narrow
from graph.terms import Fidelity, Gate, Operation, Reason, RecordKind, Regime
from resolvers.acts import WithheldKey
from resolvers.context import Context
from resolvers.reading import Draft, Point
from resolvers.scopes import overlap
from resolvers.signer import Offer


@dataclass(frozen=True, slots=True)
class _Yes:
    """A new yes at a point where an earlier record may hold it back."""

    entry: Entry
    category: str
    operation: Operation
    point: Point


def still_withheld(draft: Draft, offer: Offer) -> tuple[WithheldKey, ...]:
    """Return the attributes that a new yes would release and an earlier, narrower record does not, each once."""
    after, context = draft.after, draft.reading.context
    fresh = frozenset(record.id for record in draft.begins)
    found: dict[str, WithheldKey] = {}
    situations: dict[Point, Situation] = {}
    for yes in _tried(draft, after, offer):
        if yes.point not in situations:
            situations[yes.point] = draft.reading.situation(yes.point, after)
        for attribute in _reached(yes, context.catalogue):
            stopped = _verdict(attribute, yes, situations[yes.point])
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
    for yes in standing:
        if yes.record.id in fresh:
            yield from _at(yes, yes.scope, draft, offer)
            for no in earlier:
                limits = no.record.limit < yes.record.cap and overlap(no.scope, yes.scope, trees)
                if limits and not _beats(yes, no, draft):
                    yield from _at(yes, no.scope, draft, offer)


def _beats(yes: Entry, no: Entry, draft: Draft) -> bool:
    """Tell whether a new yes lifts an earlier record, as the consent gate will see it (2.4 rules 3 and 8)."""
    if no.record.kind is RecordKind.SIGNAL:
        return yes.record.answers_signal
    return yes.later_than(no) and at_least_as_narrow(yes.scope, no.scope, draft.reading.trees)


def _at(yes: Entry, held: Scope, draft: Draft, offer: Offer) -> Iterable[_Yes]:
    scope = yes.scope
    if scope.purpose is None or scope.category is None:
        return
    here = draft.reading.point(scope.purpose)
    point = Point(
        purpose=scope.purpose,
        recipient=offer.recipient,
        channel=held.channel or scope.channel or offer.channel,
        device=held.device or scope.device or here.device,
        session=held.session or scope.session or here.session,
    )
    for operation in sorted(scope.operations):
        yield _Yes(yes, scope.category, operation, point)


def _reached(yes: _Yes, catalogue: Catalogue) -> Iterable[Attribute]:
    """Yield the attributes a yes is about: those of its category, or, to infer from it, those made from it."""
    within = catalogue.trees.categories.within
    for attribute in catalogue.attributes.values():
        if attribute.exposed and yes.point.purpose in attribute.purposes and yes.point.channel in attribute.channels:
            own = yes.operation is not Operation.INFER and within(attribute.category, yes.category)
            if own or (yes.operation is Operation.INFER and yes.category in catalogue.inherited[attribute.key]):
                yield attribute


def _verdict(attribute: Attribute, yes: _Yes, situation: Situation) -> Verdict:
    category = yes.category if yes.operation is Operation.INFER else attribute.category
    effect: Side | None = None
    if attribute.safety and yes.operation is Operation.USE and Fidelity.EFFECT_ONLY in attribute.rungs:
        effect = side(situation, situation.hearing(category, yes.operation, effect=True))
    return verdict(attribute, side(situation, situation.hearing(category, yes.operation)), effect)


def _told(attribute: Attribute, stopped: Verdict, context: Context) -> Told:
    """Return why a cell stops, as this caller may know it."""
    reason = stopped.reason or Reason.CONSENT_MISSING
    answer = GateAnswer(Gate.CONSENT, stopped.ceiling, (reason,), (stopped.action,))
    return told(Decision(attribute.key, stopped.ceiling, (answer,), (), None), third_party=context.third_party)


def needed_for_contract(draft: Draft) -> tuple[str, ...]:
    """Return the keys this caller is still given in spite of the nos of a draft: a contract needs them."""
    scopes = [scope for record in draft.begins if (scope := effective_scope(record, draft.kind))]
    return needed_despite(draft, tuple(scopes))


def needed_despite(draft: Draft, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
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
