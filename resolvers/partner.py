"""What a partner's service may ask: people by pairwise id, and what its own token opens. Strangers learn nothing."""

from dataclasses import dataclass
from datetime import datetime

from resolvers.context import Context

MOST_PEOPLE = 50  # ids in one question (page 4.6)
NOBODY = "nobody"  # whom an id that opens to no one stands for: read like anybody, known to no store


@dataclass(frozen=True, slots=True)
class Access:
    """What this token may ask for; says nothing about any person."""

    recipient_name: str
    purposes: tuple[str, ...]
    keys: tuple[str, ...]
    token_expires_at: datetime


def person(context: Context, pairwise: str) -> str:
    """Return the subject behind a pairwise id; whoever it does not open to is `NOBODY`, at the same cost.

    A token about one person (its `sub` is her pairwise id) opens her and nobody else.
    """
    recipient = context.recipient
    subject = context.pseudonyms.open_pairwise(pairwise, recipient)
    bound = context.pseudonyms.open_pairwise(context.caller.sub or "", recipient)
    if subject is None or (bound is not None and bound != subject):
        return NOBODY
    return subject


def accessible(context: Context) -> Access:
    """Return the leaf purposes and attributes that register and token leave open to this recipient."""
    catalogue, trees = context.catalogue, context.catalogue.trees
    rows = [
        row
        for (recipient, _), found in catalogue.register.items()
        if recipient == context.recipient.id
        for row in found
    ]
    purposes = tuple(
        sorted(
            key
            for key in catalogue.purposes
            if trees.purposes.is_leaf(key)
            and any(trees.purposes.within(key, row.purpose) for row in rows)
            and any(_named(trees.purposes.path(key), entry.purposes) for entry in context.caller.token)
        )
    )
    keys = tuple(
        sorted(
            one.key
            for one in catalogue.attributes.values()
            if one.exposed
            and context.caller.channel in one.channels
            and one.purposes & set(purposes)
            and any(trees.categories.within(one.category, row.category) for row in rows)
            and any(_named(trees.categories.path(one.category), entry.categories) for entry in context.caller.token)
        )
    )
    return Access(context.recipient.name or context.recipient.id, purposes, keys, context.caller.expires_at)


def _named(path: tuple[str, ...], listed: frozenset[str] | None) -> bool:
    return listed is None or not listed.isdisjoint(path)
