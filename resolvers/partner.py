"""What a partner's service may ask: people by pairwise id, and what its own token opens. Strangers learn nothing."""

from dataclasses import dataclass
from datetime import datetime

from graph.catalogue import Attribute
from graph.decision.gates import purpose_gate, scope_gate
from graph.decision.situation import Situation
from graph.decision.snapshot import PartyState, Snapshot
from graph.records import Subject
from graph.terms import PartyKind, Standing
from resolvers.context import Context

MOST_PEOPLE = 50  # ids in one question (page 4.6)
NOBODY = "nobody"  # whom an id that opens to no one stands for: read like anybody, known to no store
NO_PERSON = Snapshot(Subject(NOBODY, standing=Standing.UNKNOWN), (PartyState(PartyKind.SUBJECT, NOBODY),))


@dataclass(frozen=True, slots=True)
class Access:
    """What this token may ask for; says nothing about any person."""

    recipient_name: str
    purposes: tuple[str, ...]
    keys: tuple[str, ...]
    token_expires_at: datetime


def person(context: Context, pairwise: str) -> str:
    """Return the subject behind a pairwise id; whoever it does not open to is `NOBODY`, at the same cost.

    A token about one person (its `sub` is her pairwise id) opens her and nobody else; one whose `sub` is an id that no
    longer opens, or another brand's, nobody at all. INVARIANT: it is never taken for a service's.
    """
    recipient, sub = context.recipient, context.caller.sub or ""
    subject = context.pseudonyms.open_pairwise(pairwise, recipient)
    bound = context.pseudonyms.open_pairwise(sub, recipient)
    if subject is None or (bound != subject and (bound is not None or context.pseudonyms.names_person(sub))):
        return NOBODY
    return subject


def accessible(context: Context) -> Access:
    """Return the leaf purposes and attributes that register and token leave open to this recipient."""
    trees = context.catalogue.trees
    leaves = [purpose for purpose in context.catalogue.purposes if trees.purposes.is_leaf(purpose)]
    found = {purpose: _open(context, purpose) for purpose in leaves}
    return Access(
        recipient_name=context.recipient.name or context.recipient.id,
        purposes=tuple(sorted(purpose for purpose, keys in found.items() if keys)),
        keys=tuple(sorted(frozenset().union(*found.values()))),
        token_expires_at=context.caller.expires_at,
    )


def _open(context: Context, purpose: str) -> frozenset[str]:
    """Return what the two gates that look at no person let through for a purpose."""
    question = context.question(purpose, NO_PERSON)
    situation = Situation(question, NO_PERSON, context.catalogue)
    return frozenset(
        one.key
        for one in context.catalogue.attributes.values()
        if purpose in one.purposes and _lets_through(one, situation)
    )


def _lets_through(attribute: Attribute, situation: Situation) -> bool:
    cells = tuple(situation.hearing(attribute.category, one).cell for one in situation.operations)
    return all(gate(attribute, cells, situation).ceiling for gate in (scope_gate, purpose_gate))
