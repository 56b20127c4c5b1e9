"""What an auditor asks of the whole: who received what, whether the ledger holds, whom a withdrawal would touch."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from graph.catalogue import Catalogue
from graph.ledger import Disclosure, LedgerState
from graph.reach import Population, Reach
from graph.records import Scope
from graph.store import DisclosureQuery
from graph.taxonomy import Tree
from resolvers.context import Context
from resolvers.cursors import Listing, Paged, wanted
from resolvers.growth import grown
from resolvers.pacing import each, for_a_while
from resolvers.problems import BadUserInput

WORK_OF_A_STRETCH = 50  # of the ledger, in fields told: a millisecond of hashing beside the loop
MOST_RESTED_SECONDS = 1.0  # of one check: a ledger has many stretches, and an operation its time
WORK_OF_AN_ENTRY = 4  # whose subject is opened
NOBODY = "nobody"  # whom an entry is about once its seal opens no more: she was forgotten


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry of the ledger with its subject opened."""

    subject: str
    entry: Disclosure


async def entries_shown(
    context: Context, query: DisclosureQuery, listing: Listing, *, first: int | None, after: str | None
) -> Paged[EntryShown]:
    """List what was given out, oldest first; a subject is asked for by her id. Raises `SubjectsSpent`."""
    page = listing.page(first, after)
    if query.subject is not None:
        query = replace(query, subject=context.pseudonyms.seal_subject(query.subject))
    rows = await context.store.disclosures(query, wanted(page))
    total = await context.store.count_disclosures(query)
    shown = [(position, _shown(context, entry)) async for position, entry in each(context.pace, rows, WORK_OF_AN_ENTRY)]
    found = listing.paged(page, shown, total)
    context.asked_about({one.subject for _, one in found.rows} - {NOBODY})
    return found


def _shown(context: Context, entry: Disclosure) -> EntryShown:
    return EntryShown(context.pseudonyms.open_subject(entry.subject) or NOBODY, entry)


async def ledger_checked(context: Context, start: int | None) -> LedgerState:
    """Check the chain of disclosures after a position; raises `BadUserInput` for a negative one."""
    if start is not None and start < 0:
        raise BadUserInput("`from` is a position, 0 or more; leave it out to check the whole ledger")
    return await context.store.ledger(start or 0, for_a_while(context.pace, WORK_OF_A_STRETCH, MOST_RESTED_SECONDS))


async def population_impact(context: Context, scope: Scope) -> Population:
    """Say whom and what a withdrawal by everybody would touch; names no subject; raises `BadUserInput`."""
    context = await grown(context)
    catalogue = context.catalogue
    if scope.recipient is not None and scope.recipient not in catalogue.recipients:
        raise BadUserInput("`recipientId` is nobody's; take one of `recipients`, or leave it out for all")
    return await context.store.population(scope, context.at, reach_of(context, scope))


def reach_of(context: Context, scope: Scope) -> Reach:
    """Return what a scope of purpose, category and recipient touches on the trees."""
    catalogue = context.catalogue
    trees = catalogue.trees
    return Reach(
        purposes=_related(trees.purposes, scope.purpose, catalogue.purposes),
        categories=_related(trees.categories, scope.category, catalogue.categories),
        recipients=None if scope.recipient is None else frozenset({scope.recipient}),
        groups=_groups(catalogue, scope.recipient),
        keys=_keys(catalogue, scope.category),
        sealed=context.pseudonyms.seal_subject,
    )


def _related(tree: Tree, node: str | None, nodes: Collection[str]) -> frozenset[str] | None:
    return None if node is None else frozenset(one for one in nodes if tree.related(one, node))


def _groups(catalogue: Catalogue, recipient: str | None) -> frozenset[str]:
    group = None if recipient is None else catalogue.trees.groups.get(recipient)
    return frozenset({group}) if group else frozenset()


def _keys(catalogue: Catalogue, category: str | None) -> frozenset[str] | None:
    related = catalogue.trees.categories.related
    if category is None:
        return None
    return frozenset(one.key for one in catalogue.attributes.values() if related(one.category, category))
